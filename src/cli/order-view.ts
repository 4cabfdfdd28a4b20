import type { WorkOrder } from '../store/registers.ts';
import type { Output } from './output.ts';

/** The orders of one request, as its JSON shows them; names no row. */
export function requestOrderMembers(orders: readonly WorkOrder[]): readonly Record<string, unknown>[] {
  return orders.map((order) => ({
    id: order.id,
    source: order.source,
    action: order.action,
    fields: order.fields,
    state: order.state,
    ordered_at: order.orderedAt,
    ended_at: order.endedAt ?? null,
    confirmed_by: order.confirmedBy ?? null,
    judged: judgedMembers(order),
  }));
}

/** The orders of one request, for a terminal. */
export function renderRequestOrders(output: Output, orders: readonly WorkOrder[]): readonly string[] {
  if (orders.length === 0) return [];
  const rows = orders.map((order) => [
    order.id,
    order.source,
    order.action,
    order.state,
    output.clock.cell(order.orderedAt),
    output.clock.cell(order.endedAt),
    order.confirmedBy ?? '',
    judgedWords(order),
  ]);
  const header = ['order', 'source', 'action', 'state', output.clock.head('ordered'), 'ended', 'by', 'seen'];
  return [output.table(header, rows)];
}

/** What the last export said of an order, for JSON; null where none has. */
export function judgedMembers({ judged }: WorkOrder): Record<string, unknown> | null {
  if (judged === undefined) return null;
  return { verdict: judged.verdict, why: judged.why ?? null, import: judged.import, at: judged.at };
}

/** `gone`, `not-provable (row-count-fell)`, or nothing. */
export function judgedWords({ judged }: WorkOrder): string {
  if (judged === undefined) return '';
  return judged.why === undefined ? judged.verdict : `${judged.verdict} (${judged.why})`;
}
