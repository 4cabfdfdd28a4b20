import type { CommandContext } from './context.ts';
import { readTextFile } from './text-files.ts';

/** The SSH signature that `--signature FILE|-` names; undefined where none is given. */
export async function readArmor(
  context: CommandContext,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return path === '-' ? context.stdin.read('--signature') : readTextFile(context.path(path), path);
}
