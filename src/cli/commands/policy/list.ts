import { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const versions = await ledger.store.read((tx) => tx.policies());
  const rows = versions.map(({ version, digest, appliedAt }) => ({
    version,
    digest,
    applied_at: appliedAt,
    in_force: version === ledger.policyVersion,
  }));
  context.output.result({ version: ledger.policyVersion, versions: rows }, () =>
    context.output.table(
      ['version', context.output.clock.head('applied'), 'digest', ''],
      rows.map((row) => [
        row.version,
        context.output.clock.cell(row.applied_at),
        row.digest.slice(0, 'sha256:'.length + 12),
        row.in_force ? 'in force' : '',
      ]),
    ),
  );
  return ExitCode.done;
}
