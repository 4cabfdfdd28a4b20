import { LETTER_KINDS, type LetterKind } from '../letters/kinds.ts';
import { CHANNEL } from '../requests/opening/opening.ts';
import type { ClockPause } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { CHANNELS, TYPES } from './opening-choices.ts';
import type { Choice } from './prompter.ts';

type Asking = Pick<CommandContext, 'prompter'>;

const LETTERS: Readonly<Record<LetterKind, string>> = {
  acknowledgement: 'that the request came in',
  extension: 'that the answer takes longer',
  identity: 'asks who they are',
  clarification: 'asks what they mean',
  code: 'a code that proves an address',
  waiting: 'that a deletion waits, and how to stop it',
  answer: 'all that was asked is done',
  'partial-answer': 'a part of it is done',
  refusal: 'it is refused',
};

/** Which letter: as given, or chosen on a terminal. */
export async function readLetterKind(
  { prompter }: Asking,
  given: LetterKind | undefined,
  missing: string,
): Promise<LetterKind> {
  const choices = LETTER_KINDS.map((value) => ({ name: `${value}: ${LETTERS[value]}`, short: value, value }));
  return given ?? prompter.select({ message: 'Which letter?', missing }, choices);
}

/** How something came in, or went: as given, or chosen on a terminal. */
export async function readChannel(
  { prompter }: Asking,
  given: string | undefined,
  message: string,
): Promise<string> {
  const missing = '--channel CODE';
  const chosen = given ?? (await prompter.select({ message, missing }, CHANNELS));
  if (chosen !== undefined) return chosen;
  const form = 'small letters, digits and -';
  return prompter.input({ message: 'Which way? A code such as chat or fax', missing }, (words) =>
    CHANNEL.test(words) ? undefined : form,
  );
}

/** What an unclear request turned out to be: as given, or chosen on a terminal. */
export async function readClass({ prompter }: Asking, given: string | undefined): Promise<string> {
  const choices = TYPES.filter(({ value }) => value !== 'unclear' && value !== 'parental-review');
  return given ?? prompter.select({ message: 'What do they ask for?', missing: '--type TYPE' }, choices);
}

const CAUSES: readonly Choice<ClockPause['cause']>[] = [
  { name: 'who they are (identity)', value: 'identity' },
  { name: 'what they mean (clarification)', value: 'clarification' },
  { name: 'a fee (fee)', value: 'fee' },
];

/** What whoever asks is asked for: as given, or chosen on a terminal. */
export async function readCause(
  { prompter }: Asking,
  given: ClockPause['cause'] | undefined,
): Promise<ClockPause['cause']> {
  return given ?? prompter.select({ message: 'What are they asked for?', missing: '--for WHAT' }, CAUSES);
}
