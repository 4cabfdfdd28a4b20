import { settleRequests } from '../requests/settle.ts';
import type { Ledger } from '../store/ledger.ts';
import type { WorkOrder } from '../store/registers.ts';
import type { Writer } from '../store/store.ts';
import { type OrderWish, placeOrder, rowDigest } from './outbox.ts';

type Acting = Pick<Ledger, 'keys' | 'policy' | 'now' | 'actor'>;

/**
 * Orders away what is upstream again, and opens its requests again. A row that has an open order keeps it.
 * Gives for each wish its order; `reason` is the code that the history of the requests shows.
 */
export async function orderAgain(
  tx: Writer,
  ledger: Acting,
  wishes: readonly OrderWish[],
  reason: string,
): Promise<readonly WorkOrder[]> {
  if (wishes.length === 0) return [];
  const open = await tx.entries('work-order', { state: 'ordered' });
  const byRow = new Map(open.map((order) => [`${order.source} ${order.digest}`, order]));
  const orders: WorkOrder[] = [];
  for (const wish of wishes) {
    const row = `${wish.source} ${rowDigest(ledger.keys, wish.source, wish.key)}`;
    const order = byRow.get(row) ?? (await placeOrder(tx, ledger, wish));
    byRow.set(row, order);
    orders.push(order);
  }
  await settleRequests(tx, ledger, new Set(wishes.map(({ request }) => request)), reason);
  return orders;
}
