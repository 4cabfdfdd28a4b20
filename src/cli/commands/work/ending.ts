import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { endOrders } from '../../../duties/work-acts.ts';
import type { Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { orderMembers, readOrders, renderOrders } from './members.ts';

/** Ends orders by staff's word and says where that leaves their requests. */
export async function runEnding(
  context: CommandContext,
  input: { readonly order: readonly string[] },
  to: 'confirmed' | 'cancelled',
): Promise<ExitCode> {
  const ids = readOrders(input.order);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const orders = await endOrders(ledger, ids, to, reason);
  const numbers = new Set(orders.map(({ request }) => request));
  const requests = await ledger.store.read(async (tx) => {
    const found = await Promise.all([...numbers].map((id) => tx.entry('request', id)));
    return found.filter((request) => request !== undefined);
  });
  const members = orders.map((order) => orderMembers(ledger, order, false));
  context.output.result({ orders: members, requests: requests.map(requestState) }, () =>
    [
      renderOrders(context.output, ledger, orders, false),
      ...requests.map(({ id, state }) => `${requestName(id)} is ${state}`),
    ].join('\n'),
  );
  return ExitCode.done;
}

function requestState({ id, state }: Request): Record<string, unknown> {
  return { id: requestName(id), state };
}
