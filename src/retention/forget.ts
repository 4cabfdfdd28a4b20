import { addPeriod } from '../base/periods.ts';
import { dateIn, type Instant } from '../base/time.ts';
import { listSuppressions } from '../duties/suppression-list.ts';
import type { PlanItem } from '../plan/plan.ts';
import { isSpent } from '../requests/care/restrictions.ts';
import { endedAt } from '../requests/due.ts';
import { viewSubject } from '../requests/subject.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AppliedGroup, PackageEntry } from '../store/registers.ts';
import type { Reader, RegisterRow, SubjectId, Writer } from '../store/store.ts';
import { forgetItem, idsToForget } from './forget-item.ts';

/**
 * What dsr itself kept of people and may keep no longer: files of requests that ended their period ago, and
 * the numbers of persons of whom nothing else is left, once what the same purge ends has gone. While anything
 * of a person is held, retained or suppressed their number stays, so that they can be found.
 */
export async function planForgetting(
  tx: Reader,
  ledger: Ledger,
  instant: Instant,
  ends: readonly PlanItem[],
): Promise<readonly PlanItem[]> {
  const isOver = overTest(ledger, instant);
  const ended = await endedFiles(tx, ledger, isOver);
  const packages = await packagesOf(tx, ended);
  const written = packages.filter(({ state }) => state === 'written');
  // A file says where its package lies: it goes once that is gone.
  const given = new Set(packages.map(({ request }) => request));
  const requests = ended.filter((id) => !given.has(id));
  const files = forgetItem('request-file', 'file-ended', requests);
  const subjects = await nobodies(tx, ledger, isOver, [...ends, ...files]);
  return [
    ...forgetItem('package', 'file-ended', idsOf(written)),
    ...files,
    ...forgetItem('person', 'nothing-left', subjects),
  ];
}

function idsOf(entries: readonly { readonly id: number }[]): readonly number[] {
  return entries.map(({ id }) => id);
}

/** Whether the period of a request file is over for what ended at an instant. */
type IsOver = (end: Instant | undefined) => boolean;

function overTest({ policy: { controller, limits } }: Ledger, instant: Instant): IsOver {
  const today = dateIn(instant, controller.zone);
  const lastDay = (end: Instant) => addPeriod(dateIn(end, controller.zone), limits.requestFileKept);
  return (end) => end !== undefined && lastDay(end) < today;
}

/** Requests that ended long enough ago, and to which nothing that is still in force goes back. */
async function endedFiles(tx: Reader, ledger: Ledger, isOver: IsOver): Promise<number[]> {
  const due = (await tx.entries('request')).filter((request) => isOver(endedAt(request)));
  const held = await heldSubjects(tx, ledger);
  const open = await openRequests(tx);
  return due
    .filter(({ id, subject }) => !open.has(id) && (subject === undefined || !held.has(subject)))
    .map(({ id }) => id);
}

/** Packages of these requests that dsr knows to lie on the disk. */
async function packagesOf(tx: Reader, requests: readonly number[]): Promise<readonly PackageEntry[]> {
  const wanted = new Set(requests);
  const own = (await tx.entries('package')).filter(({ request }) => wanted.has(request));
  return own.filter(({ state }) => state !== 'removed' && state !== 'failed');
}

/** Every number of the persons under a hold of their own. */
async function heldSubjects(tx: Reader, ledger: Ledger): Promise<ReadonlySet<SubjectId>> {
  const held = new Set<SubjectId>();
  for (const { subject } of await tx.entries('hold', { state: 'placed' })) {
    if (subject === undefined || held.has(subject)) continue;
    for (const number of (await viewSubject(tx, ledger, subject)).subjects) held.add(number);
  }
  return held;
}

/**
 * Requests with an order that nobody upstream has carried out, a correction that still lies over a row, or rows
 * that are restricted for them.
 */
async function openRequests(tx: Reader): Promise<ReadonlySet<number>> {
  const orders = await tx.entries('work-order');
  const open = new Set(orders.filter(({ state }) => state === 'ordered').map(({ request }) => request));
  const rows = orders.flatMap(({ record }) => (record === undefined ? [] : [record]));
  for (const { overlays } of await tx.records([...new Set(rows)]))
    for (const { request } of overlays) open.add(request);
  for (const restriction of await tx.entries('restriction', { state: 'placed' }))
    if (!(await isSpent(tx, restriction))) open.add(restriction.request);
  return open;
}

/** Numbers that stand for nobody any more once these have gone. */
async function nobodies(
  tx: Reader,
  ledger: Ledger,
  isOver: IsOver,
  going: readonly PlanItem[],
): Promise<SubjectId[]> {
  const named = await namedSubjects(tx, isOver, going);
  const gone: SubjectId[] = [];
  for (const subject of await tx.subjects()) {
    if (!named.has(subject) && !(await isSomebody(tx, ledger, subject))) gone.push(subject);
  }
  return gone;
}

/** Whether a row or a log line is left of a person. */
async function isSomebody(tx: Reader, ledger: Ledger, subject: SubjectId): Promise<boolean> {
  const hint = (await tx.subject(subject))?.hint;
  if (hint !== undefined && (await tx.recordsReached([hint], 1)).length > 0) return true;
  if ((await tx.recordsRetainedFor(subject)).length > 0) return true;
  const { rows, lines } = await viewSubject(tx, ledger, subject);
  return rows.length > 0 || lines.length > 0;
}

/** Whoever stands in a register or is suppressed, but for what goes or ends by itself. */
async function namedSubjects(
  tx: Reader,
  isOver: IsOver,
  going: readonly PlanItem[],
): Promise<ReadonlySet<SubjectId>> {
  const files = new Set(idsToForget(going, 'request-file'));
  const aside = idsToForget(going, 'set-aside').map((id) => `set-aside ${id}`);
  const over = new Set([...aside, ...(await endedEntries(tx, isOver))]);
  const goes = ({ kind, id, request }: RegisterRow) =>
    kind === 'request' ? files.has(id) : files.has(request ?? 0) || over.has(`${kind} ${id}`);
  const staying = (await tx.registered()).filter((row) => !goes(row));
  return new Set([
    ...staying.flatMap(({ subject }) => (subject === undefined ? [] : [subject])),
    ...(await otherSubjects(tx, files)),
    ...(await suppressedSubjects(tx, new Set(idsToForget(going, 'suppression')))),
  ]);
}

/** Entries that may go with their person: decisions, released holds, consent and the like, as old as a file. */
async function endedEntries(tx: Reader, isOver: IsOver): Promise<readonly string[]> {
  const over = (kind: RegisterRow['kind'], id: number, end: Instant | undefined) =>
    isOver(end) ? [`${kind} ${id}`] : [];
  return [
    ...(await tx.entries('decision')).flatMap(({ id, decidedAt }) => over('decision', id, decidedAt)),
    ...(await tx.entries('hold')).flatMap(({ id, releasedAt }) => over('hold', id, releasedAt)),
    ...(await tx.entries('parent')).flatMap(({ id, linkedAt }) => over('parent', id, linkedAt)),
    ...(await tx.entries('consent')).flatMap(({ id, at }) => over('consent', id, at)),
    // Of rows that came back after the file of their request had ended.
    ...(await tx.entries('work-order')).flatMap(({ id, endedAt }) => over('work-order', id, endedAt)),
  ];
}

/** Persons whom the entries of others name: parents, who was merged with somebody, further accounts of a request. */
async function otherSubjects(tx: Reader, files: ReadonlySet<number>): Promise<readonly SubjectId[]> {
  const requests = (await tx.entries('request')).filter(({ id }) => !files.has(id));
  const others = [
    ...requests.flatMap(({ parental, alsoSubjects = [] }) => [parental?.parent, ...alsoSubjects]),
    ...(await tx.entries('parent')).map(({ parent }) => parent),
    ...(await tx.entries('consent')).map(({ parent }) => parent),
    ...(await tx.entries('decision')).map(({ other }) => other),
  ];
  return others.filter((subject) => subject !== undefined);
}

async function suppressedSubjects(tx: Reader, going: ReadonlySet<number>): Promise<readonly SubjectId[]> {
  const staying = (await listSuppressions(tx)).filter(({ id }) => !going.has(id));
  return staying.map(({ subject }) => subject);
}

/**
 * Forgets what the plan says: registers, fingerprints and nonces go, so that no audit entry can be tied to the
 * person. The entries stay as they are, and every proof over them holds.
 */
export async function applyForgetting(tx: Writer, items: readonly PlanItem[]): Promise<AppliedGroup[]> {
  const requests = idsToForget(items, 'request-file');
  const subjects = idsToForget(items, 'person');
  await endPackages(tx, new Set(idsToForget(items, 'package')));
  await removeEntries(tx, new Set(requests), new Set(subjects));
  await tx.forget({ requests, subjects });
  if (requests.length > 0) tx.facts({ forgotten: requests });
  const planned = items.filter(({ action }) => action === 'forget');
  return planned.map(({ source, category, action, reason, records, basis, until }) => ({
    source,
    category,
    action: `${action}:${reason}`,
    count: records.length,
    basis,
    until,
  }));
}

/** Their files go from the disk once this has committed. */
async function endPackages(tx: Writer, ids: ReadonlySet<number>): Promise<void> {
  for (const entry of await tx.entries('package', { state: 'written' }))
    if (ids.has(entry.id)) await tx.put('package', { ...entry, state: 'removing' });
}

async function removeEntries(
  tx: Writer,
  requests: ReadonlySet<number>,
  subjects: ReadonlySet<SubjectId>,
): Promise<void> {
  const isGone = ({ kind, id, request, subject }: RegisterRow) =>
    requests.has((kind === 'request' ? id : request) ?? 0) || subjects.has(subject ?? 0);
  const gone = Map.groupBy((await tx.registered()).filter(isGone), ({ kind }) => kind);
  for (const [kind, rows] of gone) await tx.remove(kind, idsOf(rows));
}
