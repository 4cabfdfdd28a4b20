import type { Json } from '../base/json.ts';
import { maskValue } from '../base/mask.ts';
import type { Plan, PlanItem, PlannedChange, PlannedOrder } from '../plan/plan.ts';
import { kindOfColumn, tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { PermittedRemain } from '../store/registers.ts';
import type { Output } from './output.ts';

/** How a plan is shown: values of the person masked unless they are to be revealed. */
export interface PlanManner {
  readonly policy: Policy;
  readonly reveal: boolean;
}

/** A plan as every command's JSON shows it. */
export function planMembers(plan: Plan, manner: PlanManner): Record<string, unknown> {
  return {
    digest: plan.digest,
    instant: plan.instant,
    policy_version: plan.policyVersion,
    items: plan.items.map(itemMembers),
    changes: plan.changes.map((change) => changeMembers(change, plan, manner)),
    orders: plan.orders.map((order) => orderMembers(order, manner)),
    notes: plan.notes,
  };
}

function itemMembers(item: PlanItem): Record<string, unknown> {
  return {
    source: item.source,
    category: item.category,
    role: item.role,
    action: item.action,
    count: countOf(item),
    basis: item.basis ?? null,
    until: item.until ?? null,
    reason: item.reason,
    fields: item.fields,
  };
}

function orderMembers(
  { source, key, action }: PlannedOrder,
  { reveal }: PlanManner,
): Record<string, unknown> {
  return { source, key: reveal ? key : maskValue('key', key), action };
}

function changeMembers(change: PlannedChange, plan: Plan, manner: PlanManner): Record<string, unknown> {
  const { source, key } = placeOf(change, plan);
  const shown = (value: Json) => shownValue(value, kindIn(source, change.field, manner.policy), manner);
  return {
    source,
    key: manner.reveal ? key : maskValue('key', key),
    field: change.field,
    old: shown(change.old),
    new: shown(change.new),
  };
}

/** Each change has its order, which knows the row's place upstream. */
function placeOf(change: PlannedChange, plan: Plan): Pick<PlannedOrder, 'source' | 'key'> {
  const order = plan.orders.find(({ record }) => record === change.record);
  if (order === undefined) throw new Error('a change without its order');
  return order;
}

function kindIn(source: string, column: string, policy: Policy): string {
  const table = tableSource(policy, source);
  return (table && kindOfColumn(policy, table, column)?.name) ?? 'value';
}

function shownValue(value: Json, kind: string, { reveal }: PlanManner): Json {
  if (reveal || value === null || value === '') return value;
  return maskValue(kind, typeof value === 'string' ? value : JSON.stringify(value));
}

function countOf(item: PlanItem): number {
  return item.records.length + item.events;
}

/** A plan for a terminal: what happens to each group and why, what stays, what is ordered, the digest. */
export function renderPlan(output: Output, plan: Plan, manner: PlanManner): string {
  const parts = [
    plan.items.length === 0 ? [] : [renderItems(output, plan.items)],
    renderKept(plan.items),
    plan.changes.length === 0 ? [] : [renderChanges(output, plan, manner)],
    renderRemains(plan.permittedRemains),
    plan.orders.length === 0 ? [] : [`ordered upstream: ${countOrders(plan.orders)}`],
    plan.notes.map((note) => `note: ${note}`),
    [`plan ${plan.digest}, policy version ${plan.policyVersion}`],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function renderItems(output: Output, items: readonly PlanItem[]): string {
  const rows = items.map((item) => [
    item.action,
    item.source,
    item.role,
    countOf(item),
    item.reason,
    item.until ?? '',
  ]);
  return output.table(['action', 'source', 'as', 'count', 'reason', 'until'], rows);
}

/** Rows that are given and would be gone but for a law. */
function renderKept(items: readonly PlanItem[]): readonly string[] {
  return items
    .filter(({ action, basis }) => action === 'give' && basis !== undefined)
    .map(({ source, basis, until }) => `${source}: kept until ${until ?? 'released'}, ${basis ?? ''}`);
}

function renderChanges(output: Output, plan: Plan, manner: PlanManner): string {
  const rows = plan.changes.map((change) => {
    const { source, field, old, new: value } = changeMembers(change, plan, manner);
    return [`${source}.${field}`, cellOf(old), cellOf(value)];
  });
  return output.table(['field', 'old', 'new'], rows);
}

function cellOf(value: unknown): string {
  return value === null || value === '' ? '(empty)' : String(value);
}

/** What stays after a deletion: how much, why, and until when, each on lines of its own. */
export function renderRemains(remains: readonly PermittedRemain[]): readonly string[] {
  if (remains.length === 0) return [];
  const alike = Map.groupBy(remains, ({ source, fields, basis, until }) =>
    JSON.stringify([source, fields, basis, until]),
  );
  return ['stays:', ...[...alike.values()].flatMap(renderAlike)];
}

function renderAlike(remains: readonly PermittedRemain[]): readonly string[] {
  const count = remains.reduce((sum, remain) => sum + remain.count, 0);
  return remains.slice(0, 1).flatMap(({ source, fields, basis, until }) => {
    const what = fields.length === 0 ? '' : `, only ${fields.join(', ')}`;
    return [`  ${source}: ${count}${what}`, `    why: ${basis}; until: ${until ?? openEnd(basis)}`];
  });
}

function openEnd(basis: string): string {
  return basis === 'legal-hold'
    ? 'the hold is released'
    : 'the other party deletes it, or its own time is over';
}

/** `3 delete, 2 keep-fields`. */
export function countOrders(orders: readonly Pick<PlannedOrder, 'action'>[]): string {
  const counts = [...Map.groupBy(orders, ({ action }) => action)].map(
    ([action, group]) => `${group.length} ${action}`,
  );
  return counts.join(', ');
}
