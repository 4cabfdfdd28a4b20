import { dirname, join } from 'node:path';
import type { CommandContext } from './context.ts';
import type { Globals } from './globals.ts';
import { readTextFile } from './text-files.ts';

/** A policy file's text, and its name as messages show it. */
export interface PolicyFile {
  readonly shown: string;
  readonly text: string;
}

/** `dsr.yaml` in the ledger's folder. */
export function defaultPolicyPath(globals: Pick<Globals, 'ledger'>): string {
  return join(dirname(globals.ledger), 'dsr.yaml');
}

/** Reads the policy file that was named, or the one beside the ledger. */
export async function readPolicyFile(
  context: CommandContext,
  named: string | undefined,
): Promise<PolicyFile> {
  const path = named === undefined ? defaultPolicyPath(context.globals) : context.path(named);
  const shown = named ?? context.shown(path);
  return { shown, text: await readTextFile(path, shown) };
}
