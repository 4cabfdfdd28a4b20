import { usage } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { maskValue } from '../../../base/mask.ts';
import { daysBetween } from '../../../base/time.ts';
import { openOrder } from '../../../duties/outbox.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { WorkOrder } from '../../../store/registers.ts';
import { judgedMembers, judgedWords } from '../../order-view.ts';
import type { Output } from '../../output.ts';

/** The numbers of orders as they were written. */
export function readOrders(words: readonly string[]): readonly number[] {
  return words.map((word) => {
    if (!/^[1-9]\d{0,11}$/.test(word))
      throw usage('an order is named by its number', 'dsr work list shows them');
    return Number(word);
  });
}

/** An order as every command's JSON shows it; the key is masked unless it is to be revealed. */
export function orderMembers(ledger: Ledger, order: WorkOrder, reveal: boolean): Record<string, unknown> {
  const content = openOrder(ledger, order);
  const { id, source, action, fields, request, state, orderedAt, endedAt, confirmedBy } = order;
  return {
    id,
    source,
    key: content === undefined ? null : reveal ? content.key : maskValue('key', content.key),
    action,
    fields,
    ...(content !== undefined && reveal && action === 'change' ? { change: content.change } : {}),
    request: requestName(request),
    state,
    ordered_at: orderedAt,
    age_days: ageOf(ledger, order),
    ended_at: endedAt ?? null,
    confirmed_by: confirmedBy ?? null,
    judged: judgedMembers(order),
  };
}

/** How many days it has been open, or was. */
function ageOf({ now }: Ledger, { orderedAt, endedAt }: WorkOrder): number {
  return daysBetween(orderedAt, endedAt ?? now);
}

/** Orders for a terminal. */
export function renderOrders(
  output: Output,
  ledger: Ledger,
  orders: readonly WorkOrder[],
  reveal: boolean,
): string {
  if (orders.length === 0) return 'no work is ordered';
  const rows = orders.map((order) => {
    const content = openOrder(ledger, order);
    const key = content === undefined ? '' : reveal ? content.key : maskValue('key', content.key);
    const { id, source, action, fields, request, state } = order;
    const days = ageOf(ledger, order);
    return [id, source, action, key, fields.join(' '), requestName(request), state, days, judgedWords(order)];
  });
  return output.table(
    ['order', 'source', 'action', 'key', 'fields', 'request', 'state', 'days', 'seen'],
    rows,
  );
}
