import { closedOrder, correctionMark } from '../duties/outbox.ts';
import { openAside } from '../duties/set-aside.ts';
import { textKey } from '../people/anchor.ts';
import { addLink } from '../people/decide.ts';
import { rowIdentifier, suppressionDigest } from '../people/digests.ts';
import type { Identifier } from '../people/identifier.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { settleRequests } from '../requests/settle.ts';
import { suppressionEnd } from '../retention/suppression-end.ts';
import { mentions, tellingValues } from '../rights/anonymise.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { RegisterKind, Registers, StaffDecision, WorkOrder } from '../store/registers.ts';
import type { NewSuppression, Suppression, Writer } from '../store/store.ts';
import { isErasing, type Plan } from './plan.ts';
import { withoutValues } from './stored-plan.ts';

/**
 * Keeps the person's lasting identifiers, and the rows that went, from coming back, by keyed digests of
 * identifiers and natural keys that are saved before they go.
 */
export async function suppress(
  tx: Writer,
  ledger: Ledger,
  plan: Plan,
  view: SubjectView,
  request: number,
): Promise<void> {
  const { subject } = plan;
  if (subject === undefined) return;
  const reason = plan.parental === 'stop' ? ('parental-stop' as const) : ('erased' as const);
  const own = await tx.entries('backup', { state: 'kept' });
  const { until } = suppressionEnd(reason, ledger.now, { policy: ledger.policy, own });
  const entries = [...plan.suppress, ...rowsGone(plan, view, ledger.policy)].map((identifier) => ({
    kind: identifier.kind,
    subject,
    reason,
    request,
    since: ledger.now,
    until,
    digest: suppressionDigest(ledger.keys.suppression, identifier),
    tag: ledger.keys.hasher.tag(identifier),
  }));
  const fresh: typeof entries = [];
  for (const entry of entries) {
    const there = await findSuppression(tx, entry);
    if (there === undefined) fresh.push(entry);
    else await tx.putSuppression({ ...there, until });
  }
  await tx.addSuppressions(fresh);
}

/** The rows that a deletion erases, or keeps a part of under another key. */
function rowsGone(plan: Plan, view: SubjectView, policy: Policy): readonly Identifier[] {
  const gone = new Set(
    plan.items.filter((item) => losesKey(item, policy)).flatMap(({ records }) => records.map(({ id }) => id)),
  );
  const rows = view.rows.filter(
    ({ record }) => gone.has(record.id) && record.key !== `retained:${record.id}`,
  );
  const keys = new Map(rows.map(({ record }) => [record.id, rowIdentifier(record.source, record.key)]));
  return [...keys.values()];
}

function losesKey({ action, source, fields }: Plan['items'][number], policy: Policy): boolean {
  if (action !== 'retain') return action === 'erase';
  return !(tableSource(policy, source)?.key ?? []).every((column) => fields.includes(column));
}

/** A person who is erased twice is suppressed once; who was let in since is suppressed anew. */
async function findSuppression(
  tx: Writer,
  { tag, digest, subject, reason }: NewSuppression,
): Promise<Suppression | undefined> {
  const there = await tx.suppressionsTagged(tag);
  const isSame = (bytes: Uint8Array) => Buffer.compare(bytes, digest) === 0;
  return there.find(
    (one) =>
      one.subject === subject && one.reason === reason && one.admitted === undefined && isSame(one.digest),
  );
}

/** What names the person beside their rows: set-aside rows, plans, orders, staff's links. */
export async function eraseTraces(tx: Writer, ledger: Ledger, plan: Plan, view: SubjectView): Promise<void> {
  const values = tellingValues(view.identifiers);
  if (values.length > 0) await tx.filterRejects((raw) => !mentions(raw, values));
  await dropSetAside(tx, ledger, view, values);
  await emptyPlans(tx, view);
  await endPackages(tx, view);
  await endCorrections(tx, ledger, plan);
  const theirs = await entriesOf(tx, 'decision', view);
  if (plan.items.some(({ action }) => action === 'hold')) {
    await linkRest(tx, ledger, plan, view, theirs);
    return;
  }
  for (const decision of theirs) {
    if (decision.identifier === undefined) continue;
    await tx.put('decision', { ...decision, state: 'erased', identifier: undefined });
  }
}

/** Rows that wait at the gate: those of the person, and those that name them. */
async function dropSetAside(
  tx: Writer,
  ledger: Ledger,
  view: SubjectView,
  values: readonly string[],
): Promise<void> {
  for (const row of await tx.entries('set-aside', { state: 'waiting' })) {
    const isTheirs = row.subject !== undefined && view.subjects.includes(row.subject);
    const fields = [...(openAside(ledger, row)?.fields.values() ?? [])].map((value) => JSON.stringify(value));
    if (isTheirs || fields.some((field) => mentions(field, values))) await tx.remove('set-aside', [row.id]);
  }
}

/** A held rest is found again by the person's identifiers, which the rows that go gave until now. */
async function linkRest(
  tx: Writer,
  ledger: Ledger,
  { subject }: Plan,
  view: SubjectView,
  decisions: readonly StaffDecision[],
): Promise<void> {
  if (subject === undefined) return;
  const linked = new Set(
    decisions.flatMap(({ kind, state, identifier }) =>
      kind === 'link' && state === 'in-force' && identifier !== undefined ? [textKey(identifier)] : [],
    ),
  );
  for (const identifier of view.identifiers) {
    if (!linked.has(textKey(identifier)))
      await addLink(tx, ledger, { subject, identifier, reason: 'legal-hold' });
  }
}

/** Other plans for the person have to be made again: what they were about is gone. */
async function emptyPlans(tx: Writer, view: SubjectView): Promise<void> {
  for (const stored of await entriesOf(tx, 'plan', view))
    if (stored.state === 'open') await tx.put('plan', withoutValues({ ...stored, state: 'replaced' }));
}

/** Packages that were given to the person go from the disk too, once this has committed. */
async function endPackages(tx: Writer, view: SubjectView): Promise<void> {
  for (const entry of await entriesOf(tx, 'package', view))
    if (entry.state !== 'removed') await tx.put('package', { ...entry, state: 'removing' });
}

/** A correction of a row that goes is nothing that anybody upstream has to do. */
async function endCorrections(tx: Writer, ledger: Ledger, plan: Plan): Promise<void> {
  const gone = new Set(plan.items.filter(isErasing).flatMap(({ records }) => records.map(({ id }) => id)));
  const over: WorkOrder[] = [];
  for (const record of gone)
    over.push(...(await tx.entries('work-order', { mark: correctionMark(record), state: 'ordered' })));
  for (const order of over) await tx.put('work-order', closedOrder(order, 'ended', ledger));
  await settleRequests(tx, ledger, new Set(over.map(({ request }) => request)));
}

/** What a register holds about a person, under any of their numbers. */
async function entriesOf<K extends RegisterKind>(
  tx: Writer,
  kind: K,
  { subjects }: Pick<SubjectView, 'subjects'>,
): Promise<readonly Registers[K][]> {
  const found: Registers[K][] = [];
  for (const subject of new Set(subjects)) found.push(...(await tx.entries(kind, { subject })));
  return found;
}
