import type { Instant } from '../../base/time.ts';
import { reindexRecords } from '../../ingest/reindex.ts';
import { reachOf } from '../../people/identities.ts';
import { applyItems } from '../../plan/apply.ts';
import { isErasing, type Plan, type PlanItem } from '../../plan/plan.ts';
import { mappingChanges } from '../../policy/diff.ts';
import { tableSource } from '../../policy/find.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { Policy } from '../../policy/types.ts';
import { restrictAgain } from '../../requests/care/restrictions.ts';
import { sealOf } from '../../requests/seal.ts';
import { mentions, tellingValues } from '../../rights/anonymise.ts';
import { planRequest, type Wish } from '../../rights/plan-request.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, StoredPlan } from '../../store/registers.ts';
import type { Overlay, Reader, RecordId, StoredRecord, Writer } from '../../store/store.ts';
import { type Before, type DuePerson, FormerPeople, type Kept } from './restore-people.ts';

/** What a replay did, as its audit entry tells it. */
export interface Replayed {
  /** Persons who had been erased or stopped since the backup. */
  readonly persons: number;
  readonly erased_rows: number;
  readonly erased_lines: number;
  readonly restricted_rows: number;
  readonly corrected_rows: number;
}

const PAGE = 1000;

/**
 * Does again, on the data of a backup, what the books say was done since: persons erased then are erased
 * again by the rules and at the instant of then, holds in force now keep what they keep, corrections lie
 * over the rows again. `books` holds the rows that no export gives as they are.
 */
export async function replay(tx: Writer, ledger: Ledger, before: Before, books: Reader): Promise<Replayed> {
  await indexAgain(tx, ledger, before);
  const people = await FormerPeople.search(tx, ledger, before);
  const erased = { rows: 0, lines: 0 };
  for await (const { plan, view, request } of plansAgain(tx, ledger, people)) {
    const applied = await applyItems(tx, ledger, plan, view, request);
    for (const [index, item] of plan.items.entries()) {
      if (!isErasing(item)) continue;
      erased.rows += item.records.length;
      erased.lines += (applied[index]?.count ?? 0) - item.records.length;
    }
    if (isDeletion(plan)) await dropMentions(tx, view);
  }
  const named = await replayNamed(tx);
  await restrictAgain(tx);
  const ended = await dropEnded(tx, books);
  return {
    persons: people.persons.length,
    erased_rows: erased.rows + named.erased + ended,
    erased_lines: erased.lines,
    restricted_rows: named.restricted,
    corrected_rows: await replayEdits(tx, ledger, books),
  };
}

/** What would still be erased of those who were erased since the backup: nothing, after a replay. */
export async function leftToErase(tx: Reader, ledger: Ledger, before: Before): Promise<number> {
  let left = 0;
  for await (const { plan } of plansAgain(tx, ledger, await FormerPeople.search(tx, ledger, before)))
    left += sum(plan.items.filter(isErasing).map(({ records, events }) => records.length + events));
  return left;
}

interface PlannedAgain {
  readonly plan: Plan;
  readonly view: SubjectView;
  readonly request: number;
}

/** The plans of then, oldest first, each made when those before it have been carried out. */
async function* plansAgain(
  tx: Reader,
  ledger: Ledger,
  people: FormerPeople,
): AsyncGenerator<PlannedAgain, void, undefined> {
  const stored = await tx.entries('plan', { state: 'applied' });
  const policies = await policiesOf(tx);
  const holds = await tx.entries('hold', { state: 'placed' });
  for (const { person, wish, request, original } of wishesOf(people.persons, stored)) {
    const view = await people.viewOf(person);
    const policyVersion = original?.plan.policyVersion ?? ledger.policyVersion;
    const plan = planRequest(view, wish, {
      policy: policies.get(policyVersion) ?? ledger.policy,
      policyVersion,
      instant: original?.plan.instant ?? ledger.now,
      holds,
      seal: sealOf(ledger),
    });
    yield { plan, view, request };
  }
}

async function policiesOf(tx: Reader): Promise<ReadonlyMap<number, Policy>> {
  const versions = await tx.policies();
  return new Map(versions.map(({ version, text }) => [version, parsePolicy(text, 'dsr.yaml')]));
}

interface WishAgain {
  readonly person: DuePerson;
  readonly wish: Wish;
  readonly request: number;
  readonly original: StoredPlan | undefined;
  readonly at: Instant;
}

/** What was carried out, oldest first; by the reasons of the digests where the request's file has ended. */
function wishesOf(persons: readonly DuePerson[], stored: readonly StoredPlan[]): readonly WishAgain[] {
  const wishes = persons.flatMap((person) => {
    if (person.requests.length === 0)
      return onePerReason(person.suppressions).map((one) => wishBehind(person, one));
    return person.requests.map((request) => {
      const original = stored.findLast((plan) => plan.request === request.id);
      const at = request.outcome?.at ?? request.openedAt;
      return { person, wish: wishOf(request, original), request: request.id, original, at };
    });
  });
  return wishes.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

function onePerReason(suppressions: readonly Kept[]): readonly Kept[] {
  return [...new Map(suppressions.map((one) => [one.reason, one])).values()];
}

function wishBehind(person: DuePerson, { reason, since }: Kept): WishAgain {
  const asked =
    reason === 'erased'
      ? { type: 'delete' as const, parental: undefined }
      : { type: 'parental-review' as const, parental: 'stop' as const };
  const wish = { ...asked, level: 'specific' as const, edits: [], grounds: [] };
  return { person, wish, request: 0, original: undefined, at: since };
}

function wishOf({ type, parental, level }: Request, original: StoredPlan | undefined): Wish {
  return { type, parental: parental?.action, level, edits: [], grounds: original?.grounds ?? [] };
}

/** The rows that carried-out plans name by number, whoever they lead to now. */
async function replayNamed(tx: Writer): Promise<{ readonly erased: number; readonly restricted: number }> {
  const plans = (await tx.entries('plan', { state: 'applied' })).map(({ plan }) => plan);
  const named = (right: (plan: Plan) => boolean, action: PlanItem['action']) =>
    plans
      .filter(right)
      .flatMap(({ items }) => items.filter((item) => item.action === action))
      .flatMap(({ records }) => records.map(({ id }) => id));
  const erased = await present(tx, named(isDeletion, 'erase'));
  await tx.eraseRecords(erased.map(({ id }) => id));
  const restricted = (
    await present(
      tx,
      named(({ parental }) => parental === 'stop', 'restrict'),
    )
  ).filter(({ state, restrictedBy }) => state !== 'retained' && restrictedBy?.isStopped !== true);
  await tx.stopRecords(restricted.map(({ id }) => id));
  return { erased: erased.length, restricted: restricted.length };
}

/** Rows that were retained and are no longer in the books have reached their end since. */
async function dropEnded(tx: Writer, books: Reader): Promise<number> {
  const ended: RecordId[] = [];
  for (let after = 0; ; ) {
    const page = await tx.listRecords({ state: 'retained' }, after, PAGE);
    const there = new Set((await books.records(page.map(({ id }) => id))).map(({ id }) => id));
    ended.push(...page.map(({ id }) => id).filter((id) => !there.has(id)));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  await tx.eraseRecords(ended);
  return ended.length;
}

function isDeletion({ right, parental }: Plan): boolean {
  return right === 'delete' || parental === 'delete';
}

function present(tx: Reader, ids: readonly RecordId[]): Promise<readonly StoredRecord[]> {
  return tx.records([...new Set(ids)]);
}

/** Rows that were set aside and name somebody who is erased. */
async function dropMentions(tx: Writer, { identifiers }: SubjectView): Promise<void> {
  const values = tellingValues(identifiers);
  if (values.length > 0) await tx.filterRejects((raw) => !mentions(raw, values));
}

/** Lays corrections over the rows again; of one that upstream had confirmed the value stands in the books' row. */
async function replayEdits(tx: Writer, ledger: Ledger, books: Reader): Promise<number> {
  const edited = await editedFields(tx);
  let count = 0;
  for (let after = 0; ; ) {
    const page = await books.listRecords({}, after, PAGE);
    for (const row of page)
      count += Number(await correctAgain(tx, ledger, row, edited.get(row.id) ?? new Map()));
    const last = page.at(-1);
    if (last === undefined) return count;
    after = last.id;
  }
}

/** Row → field → the newest request that corrected it. */
async function editedFields(tx: Reader): Promise<ReadonlyMap<RecordId, ReadonlyMap<string, number>>> {
  const edited = new Map<RecordId, Map<string, number>>();
  for (const { plan, request } of await tx.entries('plan', { state: 'applied' })) {
    for (const item of plan.items.filter(({ action }) => action === 'change')) {
      for (const { id } of item.records) {
        const fields = edited.get(id) ?? new Map<string, number>();
        for (const field of item.fields) fields.set(field, request ?? 0);
        edited.set(id, fields);
      }
    }
  }
  return edited;
}

async function correctAgain(
  tx: Writer,
  ledger: Ledger,
  row: StoredRecord,
  edited: ReadonlyMap<string, number>,
): Promise<boolean> {
  const source = tableSource(ledger.policy, row.source);
  const here = await tx.record(row.id);
  if (source === undefined || here === undefined || row.retained !== undefined || here.retained !== undefined)
    return false;
  const requests = new Map([
    ...edited,
    ...row.overlays.map(({ field, request }) => [field, request] as const),
  ]);
  const fresh = [...requests].flatMap(([field, request]) => {
    const value = row.fields.get(field) ?? null;
    const there = here.overlays.find((overlay) => overlay.field === field);
    const isSame = JSON.stringify(value) === JSON.stringify(here.fields.get(field) ?? null);
    return isSame ? [] : [{ field, old: there?.old ?? here.fields.get(field) ?? null, new: value, request }];
  });
  if (fresh.length === 0) return false;
  const fields = new Map([...here.fields, ...fresh.map((one) => [one.field, one.new] as const)]);
  const reach = reachOf(source, ledger.policy, ledger.keys.hasher, fields);
  await tx.overlayRecord(row.id, [...keptOverlays(here, fresh), ...fresh], reach);
  return true;
}

function keptOverlays({ overlays }: StoredRecord, fresh: readonly Overlay[]): readonly Overlay[] {
  return overlays.filter((overlay) => !fresh.some(({ field }) => field === overlay.field));
}

/** Rows were indexed by the mapping of then. */
async function indexAgain(tx: Writer, ledger: Ledger, { policyText }: Before): Promise<void> {
  if (policyText === undefined) return;
  for (const source of mappingChanges(parsePolicy(policyText, 'dsr.yaml'), ledger.policy))
    await reindexRecords(tx, ledger.policy, source, ledger.keys.hasher);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
