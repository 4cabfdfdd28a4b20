import { usage } from '../base/errors.ts';
import type { CommandContext } from './context.ts';
import { readTextFile } from './text-files.ts';

/** What a passphrase must have at least: whoever finds the file may try as often as they like. */
const SHORTEST = 10;

type Asking = Pick<CommandContext, 'path' | 'prompter'>;

/** The passphrase of a file: its first line; refuses one that is soon guessed. */
export async function passphraseIn(context: Asking, file: string): Promise<string> {
  const passphrase = (await readTextFile(context.path(file), file)).split(/\r?\n/)[0] ?? '';
  const fault = faultOf(passphrase);
  if (fault !== undefined) throw usage(`the passphrase in ${file} is no use: ${fault}`);
  return passphrase;
}

/** A new passphrase, asked for twice; `missing` is what gives it without a prompt. */
export async function askNewPassphrase({ prompter }: Asking, missing: string): Promise<string> {
  const passphrase = await prompter.secret({ message: 'Passphrase', missing }, faultOf);
  const isSame = (words: string) => (words === passphrase ? undefined : 'that is not the same');
  return prompter.secret({ message: 'The same again', missing }, isSame);
}

/** The passphrase of a file that is there. */
export function askPassphrase({ prompter }: Asking, missing: string): Promise<string> {
  return prompter.secret({ message: 'Passphrase of the backup', missing });
}

function faultOf(passphrase: string): string | undefined {
  return [...passphrase].length < SHORTEST ? `it takes at least ${SHORTEST} characters` : undefined;
}
