import { dateIn, type Instant, type PlainDate } from '../base/time.ts';
import { listSuppressions } from '../duties/suppression-list.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SetAsideRow } from '../store/registers.ts';
import type { Reader, SubjectId, Suppression, Writer } from '../store/store.ts';
import { forgetItem, idsToForget } from './forget-item.ts';

/**
 * What of the gate's memory is over: digests whose end has passed, unless an order for their person is still
 * open upstream, a backup from before them is kept or something of the person is still here, and set-aside rows
 * that nobody decided in time.
 */
export async function planSuppressionEnds(
  tx: Reader,
  ledger: Ledger,
  instant: Instant,
): Promise<readonly PlanItem[]> {
  const today = dateIn(instant, ledger.policy.controller.zone);
  const all = await listSuppressions(tx);
  const isNeeded = await neededTest(tx, today);
  const over = all.filter((entry) => hasEnded(entry, today) && !isNeeded(entry));
  const here = await subjectsHere(tx, new Set(over.map(({ subject }) => subject)));
  const ended = over.filter(({ subject }) => !here.has(subject)).map(({ id }) => id);
  const gone = new Set(ended);
  const left = new Set(all.filter(({ id }) => !gone.has(id)).map(({ id }) => id));
  const aside = (await tx.entries('set-aside')).filter((row) => isOver(row, left, today));
  return [
    ...forgetItem('suppression', 'digests-ended', ended),
    ...forgetItem(
      'set-aside',
      'expired',
      aside.map(({ id }) => id),
    ),
  ];
}

/** Drops what the plan says is over; the groups are counted with all that is forgotten. */
export async function applySuppressionEnds(tx: Writer, items: readonly PlanItem[]): Promise<void> {
  await tx.dropSuppressions(idsToForget(items, 'suppression'));
  await tx.remove('set-aside', idsToForget(items, 'set-aside'));
}

function hasEnded({ until }: Suppression, today: PlainDate): boolean {
  return until !== undefined && until < today;
}

/** Whether what a digest is against can still happen, whatever its end says. */
async function neededTest(tx: Reader, today: PlainDate): Promise<(entry: Suppression) => boolean> {
  const orders = await tx.entries('work-order', { state: 'ordered' });
  const subjects = new Set(orders.map(({ subject }) => subject));
  const backups = (await tx.entries('backup', { state: 'kept' })).filter(
    ({ expiresOn }) => expiresOn >= today,
  );
  return ({ subject, since }) => subjects.has(subject) || backups.some(({ at }) => at <= since);
}

/** Of these persons those of whom something is held or retained: by their digests they are found and told. */
async function subjectsHere(tx: Reader, subjects: ReadonlySet<SubjectId>): Promise<ReadonlySet<SubjectId>> {
  const holds = await tx.entries('hold', { state: 'placed' });
  const here = new Set(holds.flatMap(({ subject }) => subject ?? []));
  for (const subject of subjects) if ((await tx.recordsRetainedFor(subject)).length > 0) here.add(subject);
  return here;
}

/** A row that was let in is known for as long as one of the digests is that it met. */
function isOver(row: SetAsideRow, left: ReadonlySet<number>, today: PlainDate): boolean {
  if (row.state === 'admitted') return !row.against.some((id) => left.has(id));
  return row.expiresOn < today;
}
