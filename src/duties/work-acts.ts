import { notFound, refused } from '../base/errors.ts';
import { settleRequests } from '../requests/settle.ts';
import type { Ledger } from '../store/ledger.ts';
import type { WorkOrder } from '../store/registers.ts';
import type { OpenOrder } from './order-sql.ts';
import { closedOrder, openOrder } from './outbox.ts';

/**
 * Ends open orders by staff's word: confirmed as carried out upstream, or cancelled. All of them or none;
 * their requests move on.
 */
export async function endOrders(
  ledger: Ledger,
  ids: readonly number[],
  to: 'confirmed' | 'cancelled',
  reason: string,
): Promise<readonly WorkOrder[]> {
  const orders = [...new Set(ids)];
  const entry = { act: `work.${to}`, at: ledger.now, actor: ledger.actor, reason, facts: { orders } };
  return ledger.store.act(entry, async (tx) => {
    const ended: WorkOrder[] = [];
    for (const id of orders) {
      const order = requireOpen(id, await tx.entry('work-order', id));
      ended.push(closedOrder(order, to, ledger, to === 'confirmed' ? 'staff' : undefined));
    }
    for (const order of ended) await tx.put('work-order', order);
    await settleRequests(tx, ledger, new Set(ended.map(({ request }) => request)), reason);
    return ended;
  });
}

function requireOpen(id: number, order: WorkOrder | undefined): WorkOrder {
  if (order === undefined)
    throw notFound('no-such-order', `there is no order ${id}`, 'dsr work list shows them');
  if (order.state !== 'ordered') throw refused('order-not-open', `order ${id} is ${order.state} already`);
  return order;
}

/** The open orders with all that they say: giving it out is an act. */
export async function revealOrders(
  ledger: Ledger,
  source: string | undefined,
  facts: { readonly format: string; readonly dialect?: string },
  reason: string,
): Promise<readonly OpenOrder[]> {
  const entry = {
    act: 'work.exported',
    at: ledger.now,
    actor: ledger.actor,
    reason,
    facts: { ...facts, source },
  };
  return ledger.store.act(entry, async (tx) => {
    const orders = (await tx.entries('work-order', { state: 'ordered' }))
      .filter((order) => source === undefined || order.source === source)
      .flatMap((order) => {
        const content = openOrder(ledger, order);
        return content === undefined ? [] : [{ order, content }];
      });
    tx.facts({ orders: orders.length });
    return orders;
  });
}
