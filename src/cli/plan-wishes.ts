import { usage } from '../base/errors.ts';
import type { Policy } from '../policy/types.ts';
import { parseSet, parseUnset, requireEditable } from '../rights/edit.ts';
import type { FieldEdit, ParentalAction, RequestType } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { readTextFile } from './text-files.ts';

/** The flags of a correction, as given. */
export interface EditFlags {
  readonly set: readonly string[];
  readonly setFile: string | undefined;
  readonly unset: readonly string[];
}

export const NO_EDITS: EditFlags = { set: [], setFile: undefined, unset: [] };

/** What a right is asked to do: corrections belong to an edit, grounds for keeping to a deletion. */
export interface Kind {
  readonly type: RequestType;
  readonly action: ParentalAction | undefined;
}

/** The corrections of `--set`, `--set-file` (lines like those of `--set`; `-` is standard input) and `--unset`. */
export async function readEdits(context: CommandContext, flags: EditFlags): Promise<readonly FieldEdit[]> {
  const lines = flags.setFile === undefined ? [] : (await readSetFile(context, flags.setFile)).split(/\r?\n/);
  return [
    ...flags.set.map(parseSet),
    ...lines.filter((line) => line.trim() !== '').map(parseSet),
    ...flags.unset.map(parseUnset),
  ];
}

async function readSetFile(context: CommandContext, file: string): Promise<string> {
  return file === '-' ? context.stdin.read('--set-file') : readTextFile(context.path(file), file);
}

/** Asks for one correction. */
export async function askEdit({ prompter }: Pick<CommandContext, 'prompter'>): Promise<FieldEdit> {
  const question = { message: 'What changes? source.field=value', missing: '--set SOURCE.FIELD=VALUE' };
  const form = 'write source.field=value, such as users.email=new@example.org';
  const words = await prompter.input(question, (line) => (/^[^=]+\.[^=]+=/.test(line) ? undefined : form));
  return parseSet(words);
}

/** Refuses corrections that the map does not allow or that meet, and those that are no part of what is asked. */
export function checkEdits(edits: readonly FieldEdit[], kind: Kind, policy: Policy): void {
  if (kind.type !== 'edit') {
    if (edits.length > 0) throw usage('--set and --unset belong to an edit');
    return;
  }
  if (edits.length === 0)
    throw usage('--set is missing', 'say what changes: --set users.email=new@example.org');
  for (const edit of edits) requireEditable(edit, policy);
  const places = edits.map(({ source, key, field }) => JSON.stringify([source, key, field]));
  if (new Set(places).size < places.length) throw usage('one field is given two new values');
}

/** Refuses grounds that no rule of the policy knows: what they are to keep would go. */
export function checkGrounds(grounds: readonly string[], kind: Kind, policy: Policy): void {
  if (grounds.length === 0) return;
  if (kind.type !== 'delete' && kind.action !== 'delete') throw usage('--ground belongs to a deletion');
  const known = Object.values(policy.categories).flatMap(({ keep }) => keep.flatMap(({ when }) => when));
  if (grounds.every((code) => known.includes(code))) return;
  const codes = [...new Set(known)];
  throw usage(
    '--ground is none that the policy knows',
    codes.length === 0 ? 'its rules keep nothing on a ground' : `grounds: ${codes.join(', ')}`,
  );
}
