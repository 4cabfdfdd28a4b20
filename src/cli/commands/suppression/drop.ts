import { ExitCode } from '../../../base/errors.ts';
import { dropAside } from '../../../ingest/aside-acts.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { asideMembers, parseRowNumber } from './members.ts';

export async function run(context: CommandContext, input: { readonly row: string }): Promise<ExitCode> {
  const id = parseRowNumber(input.row);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const row = await dropAside(ledger, id, reason);
  context.output.result({ row: asideMembers(row) }, () => `row ${id} stays out, whatever brings it again`);
  return ExitCode.done;
}
