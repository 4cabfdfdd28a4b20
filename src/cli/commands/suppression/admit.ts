import { ExitCode } from '../../../base/errors.ts';
import { admitAside } from '../../../ingest/aside-acts.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { asideMembers, parseRowNumber } from './members.ts';

export async function run(context: CommandContext, input: { readonly row: string }): Promise<ExitCode> {
  const id = parseRowNumber(input.row);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const { row, noted, linked, cancelled } = await admitAside(ledger, id, reason);
  const document = { row: asideMembers(row), noted, linked, orders_cancelled: cancelled };
  context.output.result(document, () =>
    [
      `row ${id} is in ${row.source} now`,
      ...(noted > 0 ? [`identifiers that the account may use from now on: ${noted}`] : []),
      ...(linked > 0 ? [`rows that waited and came in too: ${linked}`] : []),
      ...(cancelled > 0 ? [`orders that nobody has to carry out any more: ${cancelled}`] : []),
    ].join('\n'),
  );
  return ExitCode.done;
}
