import { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { holdMembers, holdTable } from './members.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const holds = await ledger.store.read((tx) => tx.entries('hold'));
  context.output.result({ holds: holds.map(holdMembers) }, () =>
    holds.length === 0 ? 'no hold was ever placed' : holdTable(context.output, holds),
  );
  return ExitCode.done;
}
