import type { PlanAction, PlanItem, PlannedOrder } from '../plan/plan.ts';
import type { RecordId } from '../store/store.ts';

/** What a planner decided on one row in one role. */
export interface Decision {
  readonly source: string;
  readonly category: string;
  readonly role: string;
  readonly action: PlanAction;
  readonly reason: string;
  readonly basis?: string;
  readonly until?: string;
  readonly fields?: readonly string[];
  readonly record: { readonly id: RecordId; readonly version: number };
}

/** Rows with the same fate, in one deterministic order. */
export function groupDecisions(decisions: readonly Decision[]): PlanItem[] {
  const groups = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const key = JSON.stringify(identityOf(decision));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [decision]);
    else group.push(decision);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => itemOf(group));
}

function identityOf({ source, role, action, reason, basis, until, fields }: Decision): readonly unknown[] {
  return [source, role, action, reason, basis ?? '', until ?? '', fields ?? []];
}

function itemOf(group: readonly Decision[]): PlanItem {
  const [first] = group as readonly [Decision, ...Decision[]];
  return {
    source: first.source,
    category: first.category,
    role: first.role,
    action: first.action,
    reason: first.reason,
    basis: first.basis,
    until: first.until,
    fields: first.fields ?? [],
    records: group.map(({ record }) => record).sort((a, b) => a.id - b.id),
    events: 0,
  };
}

type LinesItem = Pick<PlanItem, 'source' | 'category' | 'action' | 'reason' | 'events'> & {
  readonly basis?: string;
};

/** A group of log lines. */
export function eventItem(item: LinesItem): PlanItem {
  return { role: 'subject', until: undefined, fields: [], records: [], basis: undefined, ...item };
}

/** Orders in one deterministic order, each row once. */
export function sortOrders(orders: readonly PlannedOrder[]): PlannedOrder[] {
  return [...orders].sort((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : (a.record ?? 0) - (b.record ?? 0),
  );
}
