import { requestName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { renderCsv } from '../formats/csv-out.ts';
import type { OpenOrder } from './order-sql.ts';

const COLUMNS = ['order', 'request', 'source', 'key', 'action', 'column', 'value', 'ordered_at'] as const;

/**
 * Open orders as CSV: one row per order, and one per column where an order names columns, those to change
 * with their new value, those to keep or to empty without one.
 */
export function renderOrderCsv(orders: readonly OpenOrder[]): string {
  return renderCsv(COLUMNS, orders.flatMap(rowsOf));
}

function rowsOf({ order, content }: OpenOrder): readonly (readonly Json[])[] {
  const { id, request, source, action, orderedAt } = order;
  const places: readonly (readonly [string, Json])[] =
    Object.keys(content.change).length === 0 ? [['', null]] : Object.entries(content.change);
  return places.map(([column, value]) => [
    id,
    requestName(request),
    source,
    content.key,
    action,
    column,
    action === 'change' ? value : null,
    orderedAt,
  ]);
}
