import { rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitCode, notFound, refused } from '../../../base/errors.ts';
import { STARTER_POLICY } from '../../../policy/starter.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { defaultPolicyPath, readPolicyFile } from '../../policy-file.ts';

export interface InitInput {
  /** The policy file; without it a starter is written beside the ledger. */
  readonly policy: string | undefined;
}

export async function run(context: CommandContext, input: InitInput): Promise<ExitCode> {
  requireFolder(context);
  const policyFile = input.policy ?? context.shown(defaultPolicyPath(context.globals));
  const ledger =
    input.policy === undefined
      ? await createWithStarter(context)
      : await context.createLedger(await readPolicyFile(context, policyFile));
  const document = {
    ledger: ledger.path,
    policy_version: ledger.policyVersion,
    policy_file: context.path(policyFile),
  };
  context.output.result(document, () =>
    [
      `ledger   ${context.shown(ledger.path)}`,
      `policy   ${policyFile}, version ${ledger.policyVersion}`,
    ].join('\n'),
  );
  context.output.note('keep copies of the two key files: without them nobody opens the ledger, dsr included');
  context.output.note(
    input.policy === undefined
      ? `next: fit ${policyFile} to your exports, then dsr policy check and dsr policy apply`
      : 'next: dsr ingest PATH…',
  );
  return ExitCode.done;
}

function requireFolder(context: CommandContext): void {
  const folder = dirname(context.globals.ledger);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw notFound('folder-not-found', `there is no folder ${context.shown(folder)} for the ledger`);
}

async function createWithStarter(context: CommandContext): Promise<Ledger> {
  const path = defaultPolicyPath(context.globals);
  await writeNew(path, STARTER_POLICY);
  try {
    return await context.createLedger({ shown: context.shown(path), text: STARTER_POLICY, files: {} });
  } catch (error) {
    rmSync(path);
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw refused(
        'already-there',
        'dsr.yaml is already there',
        'dsr init --policy dsr.yaml starts with it',
      );
    }
    throw cause;
  }
}
