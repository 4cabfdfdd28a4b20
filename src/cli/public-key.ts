import { existsSync } from 'node:fs';
import { UserError, usage } from '../base/errors.ts';
import { type NoteKey, parseVkey } from '../evidence/audit/note.ts';
import type { CommandContext } from './context.ts';
import { readTextFile } from './text-files.ts';

/** What `--key` names: a public key as `dsr key public` prints it, or the file that holds it. */
export async function readPublicKey(context: CommandContext, words: string): Promise<NoteKey> {
  const path = context.path(words);
  const text = existsSync(path) ? await readTextFile(path, words) : words;
  try {
    return parseVkey(text.trim());
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw usage('--key is no public key and no file with one', 'dsr key public prints the key of a ledger');
  }
}
