import type { Json } from '../base/json.ts';
import { placeOrder } from '../duties/outbox.ts';
import { addLink } from '../people/decide.ts';
import type { Identifier } from '../people/identifier.ts';
import { partiesOf, reachOf } from '../people/identities.ts';
import { knownWords, wordsOf } from '../people/known-word.ts';
import { wantedIn } from '../people/wanted-events.ts';
import { requireSource, tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { anonymisedFields } from '../rights/anonymise.ts';
import type { SubjectView } from '../rights/view.ts';
import { eraseEvents } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AppliedGroup } from '../store/registers.ts';
import type { Overlay, ReachDigest, Retention, StoredRecord, Writer } from '../store/store.ts';
import { saveFingerprints } from './fingerprints.ts';
import { isErasing, type Plan, type PlanItem } from './plan.ts';
import { eraseTraces, suppress } from './traces.ts';

export interface Applied {
  readonly applied: readonly AppliedGroup[];
  readonly orders: number;
  /** Whether bytes of erased data may still lie in the file. */
  readonly erased: boolean;
}

/**
 * Carries out a person's plan inside the caller's act: rows, lines, suppression entries and work
 * orders together. Holds no decision of its own: what the plan does not say does not happen.
 */
export async function applyPlan(
  tx: Writer,
  ledger: Ledger,
  plan: Plan,
  view: SubjectView,
  request: number,
): Promise<Applied> {
  const erases = plan.items.some(isErasing);
  if (erases) await saveFingerprints(tx, ledger, plan, view, request);
  const applied = await applyItems(tx, ledger, plan, view, request);
  await suppress(tx, ledger, plan, view, request);
  for (const order of plan.orders) {
    const row = view.rows.find(({ record }) => record.id === order.record)?.record;
    await placeOrder(tx, ledger, { ...order, subject: plan.subject, request, row });
  }
  if (plan.right === 'delete' || plan.parental === 'delete') await eraseTraces(tx, ledger, plan, view);
  return { applied, orders: plan.orders.length, erased: erases };
}

/** Carries out the groups of a plan and nothing beside them: a restore has the rest already. */
export async function applyItems(
  tx: Writer,
  ledger: Ledger,
  plan: Plan,
  view: SubjectView,
  request: number,
): Promise<readonly AppliedGroup[]> {
  const applied: AppliedGroup[] = [];
  for (const item of plan.items) applied.push(await applyItem(tx, ledger, item, plan, view, request));
  return applied;
}

async function applyItem(
  tx: Writer,
  ledger: Ledger,
  item: PlanItem,
  plan: Plan,
  view: SubjectView,
  request: number,
): Promise<AppliedGroup> {
  const ids = item.records.map(({ id }) => id);
  const lines =
    item.records.length === 0 && isErasing(item)
      ? await eraseLines(tx, ledger, item.source, view)
      : item.events;
  switch (item.action) {
    case 'erase':
      await tx.eraseRecords(ids);
      break;
    case 'retain':
      for (const id of ids) await tx.retainRecord(id, item.fields, retentionOf(item, plan, ledger.policy));
      break;
    case 'anonymise':
      await anonymise(tx, ledger, await tx.records(ids), item.role, view.identifiers);
      break;
    case 'change':
      for (const record of await tx.records(ids)) {
        await keepEarlier(tx, ledger, record, plan, view);
        await correct(tx, ledger, record, plan, request);
      }
      break;
    case 'restrict':
      await tx.stopRecords(ids);
      break;
    default:
      break;
  }
  return groupOf(item, ids.length + lines);
}

function groupOf(item: PlanItem, count: number): AppliedGroup {
  return {
    source: item.source,
    category: item.category,
    action: item.action,
    count,
    basis: item.basis,
    until: item.until,
  };
}

function retentionOf(item: PlanItem, plan: Plan, policy: Policy): Retention {
  if (item.until === undefined || plan.subject === undefined)
    throw new Error('a retention without end or person');
  const key = tableSource(policy, item.source)?.key ?? [];
  return {
    until: item.until,
    basis: item.basis ?? 'policy',
    subject: plan.subject,
    keepKey: key.every((column) => item.fields.includes(column)),
  };
}

async function eraseLines(
  tx: Writer,
  ledger: Ledger,
  sourceName: string,
  view: SubjectView,
): Promise<number> {
  const source = requireSource(ledger.policy, sourceName);
  if (source.type !== 'log') return 0;
  const rule = ledger.policy.categories[source.category]?.countBy;
  const counts =
    rule === undefined
      ? undefined
      : { rule, isKnown: knownWords(tx, ledger, view.identifiers, ownWords(view, ledger.policy)) };
  return eraseEvents(tx, ledger, source, wantedIn(source.name, view.wanted), counts);
}

/** Words of the person's own account rows: a path with one of them could lead to the person. */
function ownWords({ rows }: SubjectView, policy: Policy): ReadonlySet<string> {
  const texts = rows
    .filter(({ record }) => tableSource(policy, record.source)?.account === true)
    .flatMap(({ record }) => [...record.fields.values()].filter((value) => typeof value === 'string'));
  return new Set(texts.flatMap(wordsOf));
}

async function anonymise(
  tx: Writer,
  ledger: Ledger,
  records: readonly StoredRecord[],
  role: string,
  identifiers: readonly Identifier[],
): Promise<void> {
  for (const record of records) {
    const source = tableSource(ledger.policy, record.source);
    if (source === undefined) continue;
    const changes = anonymisedFields(record.fields, source, [role], identifiers);
    await tx.rewriteRecord(
      record.id,
      changes,
      reachOfFields(ledger, record.source, new Map([...record.fields, ...changes])),
    );
  }
}

async function correct(
  tx: Writer,
  ledger: Ledger,
  record: StoredRecord,
  plan: Plan,
  request: number,
): Promise<void> {
  const changes = plan.changes.filter((change) => change.record === record.id);
  const fresh: Overlay[] = changes.map((change) => ({
    field: change.field,
    // What upstream is expected to say again is the imported value, not an earlier correction.
    old: record.overlays.find((overlay) => overlay.field === change.field)?.old ?? change.old,
    new: change.new,
    request,
  }));
  const others = record.overlays.filter((overlay) => !fresh.some(({ field }) => field === overlay.field));
  const fields = new Map<string, Json>([
    ...record.fields,
    ...fresh.map(({ field, new: value }) => [field, value] as const),
  ]);
  await tx.overlayRecord(record.id, [...others, ...fresh], reachOfFields(ledger, record.source, fields));
}

/** A corrected identifier still leads to rows that know the person by the earlier one. */
async function keepEarlier(
  tx: Writer,
  ledger: Ledger,
  record: StoredRecord,
  plan: Plan,
  { identifiers }: SubjectView,
): Promise<void> {
  const source = tableSource(ledger.policy, record.source);
  if (source === undefined || plan.subject === undefined) return;
  const fields = new Set(
    plan.changes.filter((change) => change.record === record.id).map(({ field }) => field),
  );
  for (const { identifiers: own } of partiesOf(source, ledger.policy, record.fields)) {
    for (const { identifier, column } of own) {
      const isTheirs = identifiers.some(
        ({ kind, value }) => kind === identifier.kind && value === identifier.value,
      );
      if (fields.has(column) && isTheirs)
        await addLink(tx, ledger, { subject: plan.subject, identifier, reason: 'corrected' });
    }
  }
}

function reachOfFields(
  ledger: Ledger,
  source: string,
  fields: ReadonlyMap<string, Json>,
): readonly ReachDigest[] {
  const table = tableSource(ledger.policy, source);
  return table === undefined ? [] : reachOf(table, ledger.policy, ledger.keys.hasher, fields);
}
