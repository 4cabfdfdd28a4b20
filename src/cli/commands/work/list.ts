import { ExitCode, usage } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { maskValue } from '../../../base/mask.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { WorkOrder } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { revealReason } from '../../reason.ts';

const STATES = ['ordered', 'confirmed', 'ended'];

export async function run(
  context: CommandContext,
  input: { readonly state: string | undefined },
): Promise<ExitCode> {
  if (input.state !== undefined && !STATES.includes(input.state))
    throw usage('--state is none of a work order', `states: ${STATES.join(', ')}`);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  const orders = await listOrders(ledger, input.state, reason);
  const members = orders.map((order) => orderMembers(order, reason !== undefined));
  const rows = members.map((order) => [
    order.id,
    order.source,
    order.action,
    order.key,
    order.fields.join(' '),
    order.request,
    order.state,
  ]);
  context.output.result({ orders: members }, () =>
    rows.length === 0
      ? 'no work is ordered'
      : context.output.table(['order', 'source', 'action', 'key', 'fields', 'request', 'state'], rows),
  );
  return ExitCode.done;
}

/** Revealing the orders is an act: keys and new values are personal. */
async function listOrders(
  ledger: Ledger,
  state: string | undefined,
  reason: string | undefined,
): Promise<readonly WorkOrder[]> {
  const filter = state === undefined ? {} : { state };
  if (reason === undefined) return ledger.store.read((tx) => tx.entries('work-order', filter));
  return ledger.store.act({ act: 'work.revealed', at: ledger.now, actor: ledger.actor, reason }, (tx) =>
    tx.entries('work-order', filter),
  );
}

function orderMembers(order: WorkOrder, reveal: boolean) {
  return {
    id: order.id,
    source: order.source,
    key: reveal ? order.key : maskValue('key', order.key),
    action: order.action,
    fields: Object.keys(order.change),
    ...(reveal && order.action === 'change' ? { change: order.change } : {}),
    request: requestName(order.request),
    state: order.state,
    ordered_at: order.orderedAt,
    ended_at: order.endedAt ?? null,
  };
}
