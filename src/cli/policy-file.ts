import { dirname, join } from 'node:path';
import { filesNamedIn, requireSound } from '../policy/attached.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy, PolicyFiles } from '../policy/types.ts';
import type { CommandContext } from './context.ts';
import type { Globals } from './globals.ts';
import { readTextFile } from './text-files.ts';

/** A policy file's text, its name as messages show it, and the files beside it that it names. */
export interface PolicyFile {
  readonly shown: string;
  readonly text: string;
  readonly policy: Policy;
  readonly files: PolicyFiles;
}

/** `dsr.yaml` in the ledger's folder. */
export function defaultPolicyPath(globals: Pick<Globals, 'ledger'>): string {
  return join(dirname(globals.ledger), 'dsr.yaml');
}

/** Reads and validates the policy file that was named, or the one beside the ledger, with the files it names. */
export async function readPolicyFile(
  context: CommandContext,
  named: string | undefined,
): Promise<PolicyFile> {
  const path = named === undefined ? defaultPolicyPath(context.globals) : context.path(named);
  const shown = named ?? context.shown(path);
  const text = await readTextFile(path, shown);
  const policy = parsePolicy(text, shown);
  const shownOf = (file: string) => join(dirname(shown), file);
  const files = await readNamed(policy, path, shownOf);
  await requireSound({ policy, text, shown, files, shownOf });
  return { shown, text, policy, files };
}

async function readNamed(
  policy: Policy,
  path: string,
  shownOf: (file: string) => string,
): Promise<PolicyFiles> {
  const files: Record<string, string> = {};
  for (const name of filesNamedIn(policy)) {
    files[name] = await readTextFile(join(dirname(path), name), shownOf(name));
  }
  return files;
}
