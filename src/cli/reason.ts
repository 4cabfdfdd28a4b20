import { usage } from '../base/errors.ts';
import type { CommandContext } from './context.ts';

type Asking = Pick<CommandContext, 'globals' | 'prompter'>;

const CODE = /^[a-z0-9][a-z0-9-]{0,39}$/;
const FORM = 'a code like customer-letter: small letters, digits and -, up to 40; words go to --note';

/** The `--reason` of a flag, checked. */
export function parseReason(words: string): string {
  if (!CODE.test(words)) throw usage('--reason is not a code', FORM);
  return words;
}

/** Why the command does what it does: `--reason`, or what is typed on a terminal. */
export async function requireReason({ globals, prompter }: Asking): Promise<string> {
  if (globals.reason !== undefined) return globals.reason;
  const question = { message: 'Why? A reason code for the audit log', missing: '--reason CODE' };
  return prompter.input(question, (words) => (CODE.test(words) ? undefined : FORM));
}

/** Why values are shown unmasked; undefined where they stay masked. The caller puts it in the audit log. */
export async function revealReason(context: Asking): Promise<string | undefined> {
  return context.globals.reveal ? requireReason(context) : undefined;
}
