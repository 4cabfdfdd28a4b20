import { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { requireVersion } from './versions.ts';

export interface ShowInput {
  readonly version: string | undefined;
}

export async function run(context: CommandContext, input: ShowInput): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const versions = await ledger.store.read((tx) => tx.policies());
  const shown = requireVersion(versions, input.version ?? String(ledger.policyVersion));
  const { version, digest, appliedAt, text } = shown;
  const inForce = version === ledger.policyVersion;
  context.output.result(
    { version, digest, applied_at: appliedAt, in_force: inForce, policy: text },
    () => text,
    true,
  );
  return ExitCode.done;
}
