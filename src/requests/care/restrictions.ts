import type { Instant } from '../../base/time.ts';
import type { Request, Restriction } from '../../store/registers.ts';
import type { Reader, RecordId, SubjectId, Writer } from '../../store/store.ts';

/** Whose rows are restricted, and why. */
export interface Restricting {
  readonly request: number;
  readonly subject: SubjectId | undefined;
  readonly cause: Restriction['cause'];
  readonly records: readonly RecordId[];
}

/** Takes rows out of all use but storage (GDPR Art. 18(2)), inside an act that says why. */
export async function placeRestriction(
  tx: Writer,
  restricting: Restricting,
  placedAt: Instant,
): Promise<Restriction> {
  const restriction = await tx.add('restriction', { state: 'placed', ...restricting, placedAt });
  await tx.restrictRecords(restriction.records, restriction.id);
  return restriction;
}

/** Adds rows to a restriction that is in force. */
export async function extendRestriction(
  tx: Writer,
  restriction: Restriction,
  records: readonly RecordId[],
): Promise<void> {
  const all = [...new Set([...restriction.records, ...records])];
  await tx.put('restriction', { ...restriction, records: all });
  await tx.restrictRecords(all, restriction.id);
}

/** Ends a restriction: a row is active again where no other restriction, parental stop or vanishing holds it. */
export async function liftRestriction(
  tx: Writer,
  restriction: Restriction,
  liftedAt: Instant,
): Promise<void> {
  if (restriction.state !== 'placed') return;
  await tx.put('restriction', { ...restriction, state: 'lifted', liftedAt });
  await tx.releaseRecords(restriction.records, restriction.id);
}

/** The restrictions in force of a request; of one cause where it is given. */
export async function restrictionsOf(
  tx: Reader,
  request: number,
  cause?: Restriction['cause'],
): Promise<readonly Restriction[]> {
  const placed = await tx.entries('restriction', { request, state: 'placed' });
  return cause === undefined ? placed : placed.filter((one) => one.cause === cause);
}

/** Ends the waiting time of a request: its rows are as they were before. */
export async function endWaiting(tx: Writer, request: Request, at: Instant): Promise<Request> {
  if (request.waiting === undefined) return request;
  for (const restriction of await restrictionsOf(tx, request.id, 'waiting'))
    await liftRestriction(tx, restriction, at);
  return { ...request, waiting: undefined };
}

/** Ends the restrictions of persons of which an erasure has left no row to restrict. */
export async function endSpent(tx: Writer, subjects: readonly SubjectId[], at: Instant): Promise<void> {
  for (const subject of subjects)
    for (const restriction of await tx.entries('restriction', { subject, state: 'placed' }))
      if (await isSpent(tx, restriction)) await liftRestriction(tx, restriction, at);
}

/** Whether all rows of a restriction are gone, or kept by law for another purpose. */
export async function isSpent(tx: Reader, { records }: Restriction): Promise<boolean> {
  return (await tx.records(records)).every(({ retained }) => retained !== undefined);
}

/** Puts the restrictions of the register on rows that are older than it: after a restore. */
export async function restrictAgain(tx: Writer): Promise<void> {
  for (const { id, state, records } of await tx.entries('restriction')) {
    if (state === 'placed') await tx.restrictRecords(records, id);
    else await tx.releaseRecords(records, id);
  }
}
