import { requestName } from '../base/ids.ts';
import { dateIn } from '../base/time.ts';
import type { AppliedGroup, Request, RequestOutcome, WorkOrder } from '../store/registers.ts';
import { isWithin, type ReportFrame, type Row, type Table } from './table.ts';

const COLUMNS = [
  'request',
  'type',
  'state',
  'applied_on',
  'source',
  'category',
  'action',
  'count',
  'basis',
  'until',
  'bytes',
  'source_orders_open',
  'source_orders_confirmed',
  'source_orders_ended',
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * One row per deletion carried out in the period and group of its plan: what happened here, and how far
 * the orders upstream are. Orders are counted per request and source, on each row of that source.
 */
export function deletionsTable(
  requests: readonly Request[],
  orders: readonly WorkOrder[],
  frame: ReportFrame,
): Table<Column> {
  const deletions = requests.filter(isDeletion).flatMap((request) => {
    const { outcome } = request;
    if (outcome === undefined || !isWithin(frame, outcome.at)) return [];
    const own = orders.filter((order) => order.request === request.id);
    return outcome.applied.map((group) => rowOf({ request, outcome, group, orders: own }, frame));
  });
  return { columns: COLUMNS, rows: deletions };
}

function isDeletion({ type, parental }: Request): boolean {
  return type === 'delete' || parental?.action === 'delete';
}

interface Part {
  readonly request: Request;
  readonly outcome: RequestOutcome;
  readonly group: AppliedGroup;
  readonly orders: readonly WorkOrder[];
}

function rowOf({ request, outcome, group, orders }: Part, frame: ReportFrame): Row<Column> {
  const ofSource = orders.filter((order) => order.source === group.source);
  const inState = (state: string) => ofSource.filter((order) => order.state === state).length;
  return {
    request: requestName(request.id),
    type: request.type,
    state: request.state,
    applied_on: dateIn(outcome.at, frame.zone),
    source: group.source,
    category: group.category,
    action: group.action,
    count: group.count,
    basis: group.basis,
    until: group.until,
    bytes: outcome.bytes,
    source_orders_open: inState('ordered'),
    source_orders_confirmed: inState('confirmed'),
    source_orders_ended: inState('ended'),
  };
}
