import type { CommandContext } from './context.ts';

/**
 * The words for one person: as given, with `-` from standard input, and asked for on a terminal where
 * they were left out, so that they stay out of the process list and the shell's history.
 */
export async function readIdentifier(
  context: Pick<CommandContext, 'prompter' | 'stdin'>,
  given: string | undefined,
  name = 'ID',
): Promise<string> {
  if (given === '-') return context.stdin.readLine(name);
  if (given !== undefined) return given;
  return context.prompter.input({
    message: 'Who? kind:value, or a subject id such as S-000042',
    missing: name,
  });
}
