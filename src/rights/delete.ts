import type { PlanItem, PlannedOrder } from '../plan/plan.ts';
import { requireSource, tableSource } from '../policy/find.ts';
import type { Category, ErasureAction, KeepRule, Policy, TableSource } from '../policy/types.ts';
import { hasEnded, keepUntil } from '../retention/ends.ts';
import { findHold } from '../retention/holds.ts';
import type { PermittedRemain, WorkAction } from '../store/registers.ts';
import type { Decision } from './grouping.ts';
import { eventItem, groupDecisions, sortOrders } from './grouping.ts';
import type { OwnLines, OwnRow, PlanContext, SubjectView } from './view.ts';

export interface DeletionGroups {
  readonly items: readonly PlanItem[];
  readonly orders: readonly PlannedOrder[];
  readonly permittedRemains: readonly PermittedRemain[];
}

/**
 * What a deletion does, group by group (GDPR Art. 17, 1798.105): erased unless the policy retains
 * fields by law, a ground holds for this person, or a legal hold preserves the row.
 */
export function deletionGroups(
  view: SubjectView,
  declaredGrounds: readonly string[],
  context: PlanContext,
): DeletionGroups {
  const grounds = new Set([...declaredGrounds, ...groundsOf(view, context.policy)]);
  const rows = heaviestPerRecord(view.rows, context);
  const decisions = rows.map((row) => decideRow(row, view, grounds, context));
  const items = [
    ...groupDecisions(decisions),
    ...view.lines.flatMap((lines) => decideLines(lines, view, context)),
  ];
  return {
    items,
    orders: sortOrders([...rowOrders(rows, decisions, context), ...lineOrders(items, view)]),
    permittedRemains: items.filter(remains).map(remainOf),
  };
}

/** Grounds that the person's own rows give, as the policy maps them. */
export function groundsOf(view: Pick<SubjectView, 'rows'>, policy: Policy): string[] {
  return view.rows.flatMap(({ record, role }) => {
    const source = requireSource(policy, record.source);
    if (source.type !== 'table' || role !== 'subject') return [];
    return source.grounds
      .filter((ground) => ground.in.includes(String(record.fields.get(ground.column) ?? '')))
      .map((ground) => ground.code);
  });
}

// A row in which the person has several places goes by the strongest action: erasing it settles the others.
const WEIGHT: Readonly<Record<ErasureAction, number>> = { erase: 3, retain: 2, anonymise: 1, keep: 0 };

function heaviestPerRecord(rows: readonly OwnRow[], context: PlanContext): OwnRow[] {
  const byRecord = new Map<number, OwnRow[]>();
  for (const row of rows) byRecord.set(row.record.id, [...(byRecord.get(row.record.id) ?? []), row]);
  return [...byRecord.values()].flatMap((places) => {
    const weight = (row: OwnRow) => WEIGHT[actionFor(row, context)];
    const heaviest = places.reduce((a, b) => (weight(b) > weight(a) ? b : a));
    // Otherwise each place goes its own way: what one keeps remains, though another is anonymised.
    return weight(heaviest) >= WEIGHT.retain ? [heaviest] : places;
  });
}

function categoryOf(sourceName: string, { policy }: PlanContext): Category {
  const category = policy.categories[requireSource(policy, sourceName).category];
  if (category === undefined) throw new Error(`source ${sourceName} has no category`);
  return category;
}

function actionFor({ record, role }: OwnRow, context: PlanContext): ErasureAction {
  const { onDelete } = categoryOf(record.source, context);
  return onDelete[role] ?? onDelete.subject ?? 'erase';
}

function decideRow(
  row: OwnRow,
  view: SubjectView,
  grounds: ReadonlySet<string>,
  context: PlanContext,
): Decision {
  const { record, role } = row;
  const category = categoryOf(record.source, context);
  const base = {
    source: record.source,
    category: category.name,
    role,
    record: { id: record.id, version: record.version },
  };
  const hold = findHold(context.holds, {
    subjects: view.subjects,
    category: category.name,
    source: record.source,
  });
  if (hold !== undefined)
    return { ...base, action: 'hold', reason: `hold:${hold.matter}`, basis: 'legal-hold' };
  const clock = { instant: context.instant, zone: context.policy.controller.zone };
  if (record.retained !== undefined) {
    const { until, basis } = record.retained;
    if (hasEnded(until, clock)) return { ...base, action: 'erase', reason: 'retention-ended' };
    return { ...base, action: 'keep', reason: 'retained', basis, until, fields: [...record.fields.keys()] };
  }
  const action = actionFor(row, context);
  if (action === 'keep' || action === 'anonymise') return { ...base, action, reason: 'policy' };
  return decideErasure(row, base, grounds, context);
}

function decideErasure(
  { record }: OwnRow,
  base: Omit<Decision, 'action' | 'reason'>,
  grounds: ReadonlySet<string>,
  context: PlanContext,
): Decision {
  const category = categoryOf(record.source, context);
  const clock = { instant: context.instant, zone: context.policy.controller.zone };
  const rules = category.keep
    .filter((rule) => rule.when.length === 0 || rule.when.some((code) => grounds.has(code)))
    .map((rule) => ({ rule, until: keepUntil(rule, record.at, clock) }));
  const lasting = rules.filter(({ until }) => !hasEnded(until, clock));
  if (lasting.length === 0)
    return { ...base, action: 'erase', reason: rules.length > 0 ? 'retention-ended' : 'policy' };
  return {
    ...base,
    action: 'retain',
    reason: reasonOf(
      lasting.map(({ rule }) => rule),
      grounds,
    ),
    basis: [...new Set(lasting.map(({ rule }) => rule.basis))].join('; '),
    until: lasting.map(({ until }) => until).reduce((a, b) => (b > a ? b : a)),
    fields: columnsKept(
      requireSource(context.policy, record.source) as TableSource,
      lasting.map(({ rule }) => rule),
    ),
  };
}

function reasonOf(rules: readonly KeepRule[], grounds: ReadonlySet<string>): string {
  const met = [...new Set(rules.flatMap((rule) => rule.when.filter((code) => grounds.has(code))))].sort();
  return met.length === 0 ? 'policy' : `ground:${met.join('+')}`;
}

/** The fields that the rules name, of those that the source has, in the source's order. */
function columnsKept(source: TableSource, rules: readonly KeepRule[]): string[] {
  const named = new Set(rules.flatMap((rule) => rule.fields));
  return source.columns.filter((column) => named.has(column));
}

function decideLines({ source, lines }: OwnLines, view: SubjectView, context: PlanContext): PlanItem[] {
  if (lines === 0) return [];
  const category = categoryOf(source, context);
  const base = { source, category: category.name, events: lines };
  const hold = findHold(context.holds, { subjects: view.subjects, category: category.name, source });
  if (hold !== undefined)
    return [eventItem({ ...base, action: 'hold', reason: `hold:${hold.matter}`, basis: 'legal-hold' })];
  if (category.onDelete.subject === 'keep') return [eventItem({ ...base, action: 'keep', reason: 'policy' })];
  return [
    eventItem({ ...base, action: category.countBy === undefined ? 'erase' : 'anonymise', reason: 'policy' }),
  ];
}

const ORDERS: Partial<Readonly<Record<string, WorkAction>>> = {
  erase: 'delete',
  retain: 'keep-fields',
  anonymise: 'anonymise',
};

function rowOrders(
  rows: readonly OwnRow[],
  decisions: readonly Decision[],
  context: PlanContext,
): PlannedOrder[] {
  const orders = decisions.flatMap((decision, index) => {
    const record = rows[index]?.record;
    const action = ORDERS[decision.action];
    // A row that vanished, or of which only the retained part is left, has had its order.
    if (record === undefined || action === undefined || record.missed > 0 || record.retained !== undefined)
      return [];
    const change = orderedChange(action, decision, context);
    return [{ source: record.source, key: record.key, action, record: record.id, change }];
  });
  // A row that names the person in two places is one order.
  return [...Map.groupBy(orders, ({ record }) => record).values()].flatMap(joinedOrder);
}

/** What upstream has to leave, or to empty. */
function orderedChange(
  action: WorkAction,
  { source, role, fields = [] }: Decision,
  { policy }: PlanContext,
): PlannedOrder['change'] {
  if (action === 'keep-fields') return Object.fromEntries(fields.map((field) => [field, true]));
  if (action !== 'anonymise') return {};
  const table = tableSource(policy, source);
  const naming = table?.parties.find((party) => party.role === role)?.identifiers ?? [];
  // What is part of the key cannot be emptied.
  const columns = naming.map(({ column }) => column).filter((column) => !table?.key.includes(column));
  return Object.fromEntries(columns.map((column) => [column, null]));
}

function joinedOrder(places: readonly PlannedOrder[]): PlannedOrder[] {
  const change = Object.assign({}, ...places.map((place) => place.change)) as PlannedOrder['change'];
  return places.slice(0, 1).map((order) => ({ ...order, change }));
}

function lineOrders(items: readonly PlanItem[], view: SubjectView): PlannedOrder[] {
  const key = view.identifiers.map(({ kind, value }) => `${kind}:${value}`).join(' ');
  return items
    .filter((item) => item.events > 0 && (item.action === 'erase' || item.action === 'anonymise'))
    .map((item) => ({ source: item.source, key, action: 'delete' as const, record: undefined, change: {} }));
}

function remains(item: PlanItem): boolean {
  return item.action === 'retain' || item.action === 'hold' || item.action === 'keep';
}

function remainOf(item: PlanItem): PermittedRemain {
  return {
    source: item.source,
    category: item.category,
    count: item.records.length + item.events,
    fields: item.fields,
    basis: item.basis ?? (item.action === 'hold' ? 'legal-hold' : 'another-party'),
    until: item.until,
  };
}
