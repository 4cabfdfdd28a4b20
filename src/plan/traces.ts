import { textKey } from '../people/anchor.ts';
import { addLink } from '../people/decide.ts';
import { suppressionDigest } from '../people/digests.ts';
import { mentions, tellingValues } from '../rights/anonymise.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { StaffDecision } from '../store/registers.ts';
import type { NewSuppression, Writer } from '../store/store.ts';
import { isErasing, type Plan } from './plan.ts';
import { withoutValues } from './stored-plan.ts';

/** Keeps the person's lasting identifiers from coming back, by keyed digests that are saved before they go. */
export async function suppress(tx: Writer, ledger: Ledger, plan: Plan, request: number): Promise<void> {
  const { subject } = plan;
  if (subject === undefined) return;
  const reason = plan.parental === 'stop' ? ('parental-stop' as const) : ('erased' as const);
  const entries = plan.suppress.map((identifier) => ({
    kind: identifier.kind,
    subject,
    reason,
    request,
    since: ledger.now,
    until: undefined,
    digest: suppressionDigest(ledger.keys.suppression, identifier),
    tag: ledger.keys.hasher.tag(identifier),
  }));
  const fresh: typeof entries = [];
  for (const entry of entries) if (!(await isSuppressed(tx, entry))) fresh.push(entry);
  await tx.addSuppressions(fresh);
}

/** A person who is erased twice is suppressed once. */
async function isSuppressed(tx: Writer, { tag, digest, subject, reason }: NewSuppression): Promise<boolean> {
  const there = await tx.suppressionsTagged(tag);
  const isSame = (bytes: Uint8Array) => Buffer.compare(bytes, digest) === 0;
  return there.some((one) => one.subject === subject && one.reason === reason && isSame(one.digest));
}

/** What names the person beside their rows: set-aside rows, plans, orders, staff's links. */
export async function eraseTraces(tx: Writer, ledger: Ledger, plan: Plan, view: SubjectView): Promise<void> {
  const values = tellingValues(view.identifiers);
  if (values.length > 0) await tx.filterRejects((raw) => !mentions(raw, values));
  await emptyPlans(tx, view);
  await endCorrections(tx, ledger, plan);
  const decisions = await tx.entries('decision');
  const theirs = decisions.filter(({ subject }) => subject !== undefined && view.subjects.includes(subject));
  if (plan.items.some(({ action }) => action === 'hold')) {
    await linkRest(tx, ledger, plan, view, theirs);
    return;
  }
  for (const decision of theirs) {
    if (decision.identifier === undefined) continue;
    await tx.put('decision', { ...decision, state: 'erased', identifier: undefined });
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
  for (const stored of await tx.entries('plan', { state: 'open' })) {
    const isTheirs = stored.subject !== undefined && view.subjects.includes(stored.subject);
    if (isTheirs) await tx.put('plan', withoutValues({ ...stored, state: 'replaced' }));
  }
}

/** A correction of a row that goes is nothing that anybody upstream has to do. */
async function endCorrections(tx: Writer, ledger: Ledger, plan: Plan): Promise<void> {
  const gone = new Set(plan.items.filter(isErasing).flatMap(({ records }) => records.map(({ id }) => id)));
  for (const order of await tx.entries('work-order', { state: 'ordered' })) {
    if (order.action !== 'change' || order.record === undefined || !gone.has(order.record)) continue;
    await tx.put('work-order', { ...order, state: 'ended', change: {}, endedAt: ledger.now });
  }
}
