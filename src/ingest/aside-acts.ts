import { notFound, refused } from '../base/errors.ts';
import { closedOrder } from '../duties/outbox.ts';
import { type AsideContent, decidedAside, openAside } from '../duties/set-aside.ts';
import {
  listSuppressions,
  type StoredSuppression,
  suppressionsNumbered,
} from '../duties/suppression-list.ts';
import { tableSource } from '../policy/find.ts';
import type { TableSource } from '../policy/types.ts';
import { settleRequests } from '../requests/settle.ts';
import { type KnownCopies, lastCopyEnd } from '../retention/suppression-end.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SetAsideRow, WorkOrder } from '../store/registers.ts';
import type { Reader, SubjectId, Suppression, Writer } from '../store/store.ts';
import { enterFreed, enterRow, noteLetIn } from './let-in.ts';

/** The gate's memory: who must not come back, and which rows wait for a decision. */
export interface GateList {
  readonly suppressions: readonly Suppression[];
  readonly waiting: readonly SetAsideRow[];
}

/** Everything that is suppressed, or what is of one person. */
export async function listGate(tx: Reader, subject: SubjectId | undefined): Promise<GateList> {
  const filter = { state: 'waiting', ...(subject === undefined ? {} : { subject }) };
  const waiting = await tx.entries('set-aside', filter);
  const suppressions = subject === undefined ? await listSuppressions(tx) : await tx.suppressionsOf(subject);
  return { suppressions, waiting };
}

/** Why a row was set aside, and what is known of it. */
export interface AsideExplained {
  readonly row: SetAsideRow;
  /** The suppressions that it met and that are still in force. */
  readonly met: readonly Suppression[];
  /** Orders for the old rows of the people it may be of, newest last. */
  readonly orders: readonly WorkOrder[];
  /** Whether the source still is one of accounts: what decides what admitting does. */
  readonly isAccount: boolean;
  /** The row as it came; undefined once it is decided. */
  readonly content: AsideContent | undefined;
}

/** Gathers what a decision on a set-aside row needs; a given reason puts the look at its values on record. */
export async function explainAside(
  ledger: Ledger,
  id: number,
  reveal: string | undefined,
): Promise<AsideExplained> {
  const gather = async (tx: Reader): Promise<AsideExplained> => {
    const row = await requireAside(tx, id);
    const met = await suppressionsNumbered(tx, row.against);
    const subjects = new Set(met.map(({ subject }) => subject));
    const orders = (await tx.entries('work-order')).filter(
      ({ subject, source }) =>
        subject !== undefined && subjects.has(subject) && tableSource(ledger.policy, source)?.account,
    );
    const isAccount = tableSource(ledger.policy, row.source)?.account === true;
    return { row, met, orders, isAccount, content: openAside(ledger, row) };
  };
  if (reveal === undefined) return ledger.store.read(gather);
  return ledger.store.act(actOn(ledger, 'suppression.revealed', reveal, id), async (tx) => {
    const explained = await gather(tx);
    if (explained.row.subject !== undefined) tx.about(explained.row.subject);
    return explained;
  });
}

/** What an admission came to. */
export interface Admission {
  readonly row: SetAsideRow;
  /** Identifiers that the account may use from now on. */
  readonly noted: number;
  /** Doubtful rows that came in with it. */
  readonly linked: number;
  /** Orders on the row that nobody has to carry out any more. */
  readonly cancelled: number;
}

/**
 * Lets a set-aside row in, by a decision of staff. Of an account row the identifiers are noted, so that its
 * later rows pass and those that wait for it come in; of any other row the row alone is let in.
 */
export async function admitAside(ledger: Ledger, id: number, reason: string): Promise<Admission> {
  return ledger.store.act(actOn(ledger, 'suppression.admitted', reason, id), async (tx) => {
    const { row, source, content } = await requireEnterable(tx, ledger, id);
    if (row.subject !== undefined) tx.about(row.subject);
    await enterRow(tx, ledger, source, row, content);
    const decided = decidedAside(ledger, row, 'admitted');
    await tx.put('set-aside', decided);
    const place = { source: source.name, key: content.key };
    const noted = source.account ? await noteLetIn(tx, ledger, row.against, place) : 0;
    const linked = source.account ? await enterFreed(tx, ledger) : 0;
    const cancelled = await cancelOrders(tx, ledger, row);
    tx.facts({ source: row.source, verdict: row.verdict, noted, linked, cancelled });
    return { row: decided, noted, linked, cancelled };
  });
}

/** Keeps a set-aside row out for good, by a decision of staff; what it held goes. */
export async function dropAside(ledger: Ledger, id: number, reason: string): Promise<SetAsideRow> {
  return ledger.store.act(actOn(ledger, 'suppression.dropped', reason, id), async (tx) => {
    const row = await requireWaiting(tx, id);
    if (row.subject !== undefined) tx.about(row.subject);
    const decided = decidedAside(ledger, row, 'dropped');
    await tx.put('set-aside', decided);
    await tx.setBytesPending(true);
    tx.facts({ source: row.source, verdict: row.verdict });
    return decided;
  });
}

/** What a release came to. */
export interface Release {
  readonly released: readonly Suppression[];
  /** Rows that waited and came in. */
  readonly entered: number;
  /** The last day on which a copy from before is kept that may bring the person back. */
  readonly copiesUntil: string | undefined;
}

/** Ends suppressions before their time, by a decision of staff: of one person, or one alone by its number. */
export async function releaseSuppressions(
  ledger: Ledger,
  what: { readonly subject: SubjectId } | { readonly id: number },
  reason: string,
): Promise<Release> {
  const entry = { act: 'suppression.released', at: ledger.now, actor: ledger.actor, reason };
  return ledger.store.act(entry, async (tx) => {
    const wanted = 'subject' in what ? await tx.suppressionsOf(what.subject) : [what];
    const released = await suppressionsNumbered(
      tx,
      wanted.map(({ id }) => id),
    );
    const [first] = released;
    if (first === undefined)
      throw notFound('not-suppressed', 'nothing of that is suppressed', 'dsr suppression list shows what is');
    tx.about(first.subject);
    await tx.dropSuppressions(released.map(({ id }) => id));
    await letReturn(tx, released);
    await dropFreedReturns(tx);
    const entered = await enterFreed(tx, ledger);
    tx.facts({ released: released.length, entered });
    const copies = { policy: ledger.policy, own: await tx.entries('backup', { state: 'kept' }) };
    return { released, entered, copiesUntil: lastOf(released, copies) };
  });
}

function lastOf(released: readonly Suppression[], copies: KnownCopies): string | undefined {
  return released
    .flatMap(({ since }) => lastCopyEnd(since, copies) ?? [])
    .toSorted()
    .at(-1);
}

/** Rows that were seen to be gone upstream, and may be there again, are not ordered away anew. */
async function letReturn(tx: Writer, released: readonly StoredSuppression[]): Promise<void> {
  const rows = new Set(released.map(({ digest }) => Buffer.from(digest).toString('hex')));
  for (const order of await tx.entries('work-order', { state: 'confirmed' }))
    if (rows.has(order.digest)) await tx.put('work-order', { ...order, mayReturn: true });
}

/** An old row of a person who may come back is not taken from an old file: the next export brings it. */
async function dropFreedReturns(tx: Writer): Promise<void> {
  const gone: number[] = [];
  for (const { id, verdict, against } of await tx.entries('set-aside', { state: 'waiting' })) {
    const isOpposed = (await suppressionsNumbered(tx, against)).length > 0;
    if (verdict === 'return' && !isOpposed) gone.push(id);
  }
  await tx.remove('set-aside', gone);
}

async function cancelOrders(tx: Writer, ledger: Ledger, { source, row }: SetAsideRow): Promise<number> {
  const open = await tx.entries('work-order', { state: 'ordered' });
  const own = open.filter((order) => order.source === source && order.digest === row);
  for (const order of own) await tx.put('work-order', closedOrder(order, 'cancelled', ledger));
  await settleRequests(tx, ledger, new Set(own.map(({ request }) => request)));
  return own.length;
}

async function requireEnterable(
  tx: Reader,
  ledger: Ledger,
  id: number,
): Promise<{ readonly row: SetAsideRow; readonly source: TableSource; readonly content: AsideContent }> {
  const row = await requireWaiting(tx, id);
  const source = tableSource(ledger.policy, row.source);
  const content = openAside(ledger, row);
  if (source === undefined || content === undefined)
    throw refused('source-gone', `the policy has no table ${row.source} any more`);
  if ((await tx.recordByKey(source.name, content.key)) !== undefined)
    throw refused(
      'row-here',
      `${source.name} has a row with this key already`,
      'dsr suppression drop N ends the question',
    );
  return { row, source, content };
}

async function requireWaiting(tx: Reader, id: number): Promise<SetAsideRow> {
  const row = await requireAside(tx, id);
  if (row.state === 'waiting') return row;
  throw refused(
    'decided-already',
    `row ${id} was ${row.state} already`,
    'dsr suppression list shows those that wait',
  );
}

async function requireAside(tx: Reader, id: number): Promise<SetAsideRow> {
  const row = await tx.entry('set-aside', id);
  if (row !== undefined) return row;
  throw notFound('no-such-row', `no row ${id} is set aside`, 'dsr suppression list shows those that wait');
}

function actOn({ now, actor }: Ledger, act: string, reason: string, row: number) {
  return { act, at: now, actor, reason, facts: { row } };
}
