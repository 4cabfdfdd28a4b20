import type { Letter } from '../store/registers.ts';

/** A letter as every command's JSON shows it: its number among the letters of its request, without its words. */
export function letterMembers(letter: Letter, number: number): Record<string, unknown> {
  const { kind, state, at, actor, sha256, sentOn, channel } = letter;
  return {
    number,
    kind,
    state,
    drafted_at: at,
    actor,
    sha256,
    sent_on: sentOn ?? null,
    channel: channel ?? null,
  };
}

/** The letters of a request in their order, numbered from 1; with `texts` their words too. */
export function lettersMembers(
  letters: readonly Letter[],
  texts: boolean,
): readonly Record<string, unknown>[] {
  return letters.map((letter, index) => ({
    ...letterMembers(letter, index + 1),
    ...(texts ? { text: letter.text } : {}),
  }));
}
