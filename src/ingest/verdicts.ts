import { epochOf, type Instant } from '../base/time.ts';
import { orderAgain } from '../duties/order-again.ts';
import { closedOrder, type OrderWish } from '../duties/outbox.ts';
import { type Judgement, judgeOrder, type Sighting } from '../duties/verdict.ts';
import { settleRequests } from '../requests/settle.ts';
import type { Ledger } from '../store/ledger.ts';
import type { OrderVerdict, WorkOrder } from '../store/registers.ts';
import type { EditVerdict, Reader, Writer } from '../store/store.ts';
import { ImportFacts, type JudgedImport } from './circumstances.ts';
import type { Verdict } from './report.ts';
import type { WatchData } from './row-watch.ts';

/** The orders on a source as they were when a load began: what is ordered meanwhile, the load cannot judge. */
export interface Watched {
  readonly orders: readonly WorkOrder[];
  readonly data: WatchData;
}

/** Reads the orders that an import of a source will be asked about. */
export async function readWatch(tx: Reader, key: Uint8Array, source: string): Promise<Watched> {
  const orders = (await tx.entries('work-order')).filter((order) => order.source === source);
  const rows = orders.filter((order) => isWatched(order)).map(({ tag, digest }) => ({ tag, digest }));
  return { orders, data: { key, rows } };
}

function isWatched({ state, mayReturn }: WorkOrder): boolean {
  return state === 'ordered' || (state === 'confirmed' && mayReturn !== true);
}

/** Whether an export was taken after the edits of a request, so that it can say something of them. */
export function isAfterEdits({ orders }: Watched, takenAt: Instant): (request: number) => boolean {
  const first = new Map<number, number>();
  for (const { action, request, orderedAt } of orders) {
    if (action === 'change') first.set(request, Math.min(first.get(request) ?? Infinity, epochOf(orderedAt)));
  }
  return (request) => epochOf(takenAt) > (first.get(request) ?? Infinity);
}

interface Judging {
  readonly tx: Writer;
  readonly ledger: Ledger;
  readonly judged: JudgedImport;
  readonly facts: ImportFacts;
  readonly sightings: ReadonlyMap<string, Sighting>;
  /** All orders on the source that the load knew, as they are now. */
  readonly orders: readonly WorkOrder[];
  /** Of the orders that change something: request and row → the newest. */
  readonly edits: ReadonlyMap<string, WorkOrder>;
  readonly verdicts: Verdict[];
  readonly asOrdered: Set<string>;
  /** What is to be ordered again, all at once at the end. */
  readonly rowsAgain: {
    readonly order: WorkOrder;
    readonly judgement: Judgement;
    readonly wish: OrderWish;
  }[];
  readonly editsAgain: OrderWish[];
}

/** What came of the orders on a source. */
export interface JudgedOrders {
  readonly verdicts: readonly Verdict[];
  /** Rows of which upstream keeps just what it may, by their digests: nobody is back with them. */
  readonly asOrdered: ReadonlySet<string>;
}

/** Judges every order on the source by what was published, ends those that are done, and says what came of each. */
export async function judgeOrders(
  tx: Writer,
  ledger: Ledger,
  watched: Watched,
  judged: JudgedImport,
): Promise<JudgedOrders> {
  if (watched.orders.length === 0 && judged.result.edits.length === 0)
    return { verdicts: [], asOrdered: new Set() };
  const known = new Set(watched.orders.map(({ id }) => id));
  // Staff may have confirmed one while the file was loading.
  const orders = (await tx.entries('work-order')).filter(({ id }) => known.has(id));
  const changes = orders.filter(({ action }) => action === 'change');
  const judging: Judging = {
    tx,
    ledger,
    judged,
    orders,
    facts: new ImportFacts(tx, ledger, judged, orders),
    sightings: joinedSightings(judged.seen?.sightings ?? []),
    edits: new Map(changes.map((order) => [editName(order), order])),
    verdicts: [],
    asOrdered: new Set(),
    rowsAgain: [],
    editsAgain: [],
  };
  await judgeEdits(judging);
  const newest = new Map(orders.map(({ digest, id }) => [digest, id]));
  for (const order of orders) {
    // A confirmed order that was followed by another one on the same row has had its say.
    const isPast = order.state === 'confirmed' && newest.get(order.digest) !== order.id;
    if (order.action !== 'change' && isWatched(order) && !isPast) await judgeRow(judging, order);
  }
  await orderAllAgain(judging);
  const open = orders.filter(({ state }) => state === 'ordered');
  await settleRequests(tx, ledger, new Set(open.map(({ request }) => request)), 'seen-upstream');
  const counts = [...Map.groupBy(judging.verdicts, ({ verdict }) => verdict)];
  if (counts.length > 0)
    tx.facts({ verdicts: Object.fromEntries(counts.map(([verdict, all]) => [verdict, all.length])) });
  return { verdicts: judging.verdicts, asOrdered: judging.asOrdered };
}

/** A row that stands in the file twice is there with all that either has. */
function joinedSightings(sightings: readonly Sighting[]): ReadonlyMap<string, Sighting> {
  const joined = new Map<string, Sighting>();
  for (const sighting of sightings) {
    const { digest, filled, naming } = joined.get(sighting.digest) ?? sighting;
    joined.set(digest, {
      ...sighting,
      filled: [...new Set([...filled, ...sighting.filled])],
      naming: [...naming, ...sighting.naming],
    });
  }
  return joined;
}

async function judgeRow(judging: Judging, order: WorkOrder): Promise<void> {
  const sighting = judging.sightings.get(order.digest);
  // Seen gone once and not back: this export can say no more of it.
  if (order.judged?.verdict === 'gone' && order.state === 'confirmed' && sighting === undefined) return;
  const judgement = judgeOrder(order, sighting, await judging.facts.of(order));
  const isDone = judgement.verdict === 'gone' || judgement.verdict === 'changed-as-ordered';
  if (order.action === 'keep-fields' && judgement.verdict === 'changed-as-ordered')
    judging.asOrdered.add(order.digest);
  if (order.state === 'ordered') {
    report(judging, order, judgement);
    const after = isDone ? closedOrder(order, 'confirmed', judging.ledger, 'import') : order;
    await note(judging, after, judgement);
  } else if (isDone) {
    await note(judging, order, judgement);
  } else if (judgement.verdict === 'still-there' && sighting !== undefined) {
    await note(judging, order, judgement);
    judging.rowsAgain.push({ order, judgement, wish: rowAgain(order, sighting) });
  }
}

/** What was confirmed is upstream again: a fresh order. */
function rowAgain(
  { source, action, record, request, subject, naming, fields }: WorkOrder,
  { key }: Sighting,
): OrderWish {
  const value = action === 'keep-fields' ? true : null;
  const change = Object.fromEntries(fields.map((field) => [field, value]));
  return { source, action, record, request, subject, naming, key, change };
}

/** Places the fresh orders, and opens their requests again. */
async function orderAllAgain(judging: Judging): Promise<void> {
  const { tx, ledger, rowsAgain, editsAgain } = judging;
  const wishes = rowsAgain.map(({ wish }) => wish);
  const fresh = await orderAgain(tx, ledger, wishes, 'still-there');
  for (const [index, { order, judgement }] of rowsAgain.entries())
    report(judging, fresh[index] ?? order, judgement);
  await orderAgain(tx, ledger, editsAgain, 'old-value-again');
}

/** By what the order of an edit is known: one request corrects a row once. */
function editName({ request, record }: Pick<WorkOrder, 'request' | 'record'>): string {
  return `${request} ${record}`;
}

async function judgeEdits(judging: Judging): Promise<void> {
  const { orders, judged } = judging;
  const seen = Map.groupBy(judged.result.edits, editName);
  for (const edits of seen.values()) await judgeSeenEdits(judging, edits);
  for (const order of orders) {
    const isUnseen = !seen.has(editName(order)) && !judging.sightings.has(order.digest);
    if (order.action === 'change' && order.state === 'ordered' && isUnseen)
      await judgeUnseenEdit(judging, order);
  }
}

/** What an export said of the fields that one request corrected in one row. */
async function judgeSeenEdits(judging: Judging, edits: readonly EditVerdict[]): Promise<void> {
  const [{ request, record }] = edits as readonly [EditVerdict, ...EditVerdict[]];
  const order = judging.edits.get(editName({ request, record }));
  const why = (verdict: OrderVerdict) => (verdict === 'not-provable' ? ('export-older' as const) : undefined);
  for (const { field, verdict } of edits) {
    const { source } = judging.judged;
    judging.verdicts.push({
      source: source.name,
      request,
      order: order?.id,
      verdict,
      why: why(verdict),
      field,
    });
  }
  if (order === undefined) return;
  const verdict = gravest(edits);
  await endEdit(judging, order, { verdict, why: why(verdict) });
  const rest = edits.filter((edit) => edit.verdict === 'old-value-again');
  if (rest.length > 0 && isToOrderAgain(order, verdict, judging.judged))
    await wishEditAgain(judging, order, rest);
}

const GRAVEST: readonly EditVerdict['verdict'][] = ['new-value', 'old-value-again', 'not-provable'];

function gravest(edits: readonly EditVerdict[]): EditVerdict['verdict'] {
  return GRAVEST.find((grave) => edits.some(({ verdict }) => verdict === grave)) ?? 'changed-as-ordered';
}

async function endEdit(judging: Judging, order: WorkOrder, judgement: Judgement): Promise<void> {
  if (order.state !== 'ordered') return;
  const { verdict } = judgement;
  if (verdict === 'changed-as-ordered')
    await note(judging, closedOrder(order, 'confirmed', judging.ledger, 'import'), judgement);
  else
    await note(
      judging,
      verdict === 'new-value' ? closedOrder(order, 'ended', judging.ledger) : order,
      judgement,
    );
}

/** The rest of an order that a new value ended, and what staff confirmed before upstream had it. */
function isToOrderAgain(order: WorkOrder, verdict: OrderVerdict, { takenAt }: JudgedImport): boolean {
  if (order.state === 'ordered') return verdict === 'new-value';
  const isLater = order.endedAt !== undefined && epochOf(takenAt) > epochOf(order.endedAt);
  return isLater && order.state !== 'cancelled';
}

async function wishEditAgain(
  { tx, editsAgain }: Judging,
  { source, request, subject, record: id }: WorkOrder,
  edits: readonly EditVerdict[],
): Promise<void> {
  const record = await tx.record(id ?? 0);
  if (record === undefined) return;
  const fields = new Set(edits.map(({ field }) => field));
  const overlays = record.overlays.filter(
    (overlay) => overlay.request === request && fields.has(overlay.field),
  );
  const change = Object.fromEntries(overlays.map((overlay) => [overlay.field, overlay.new]));
  editsAgain.push({ source, action: 'change', record: id, request, subject, key: record.key, change });
}

/** An edit of a row that the export lacks: over where the row is gone, or a later edit took its place. */
async function judgeUnseenEdit(judging: Judging, order: WorkOrder): Promise<void> {
  const { tx, ledger } = judging;
  const record = await tx.record(order.record ?? 0);
  const isInForce = record?.overlays.some(({ request }) => request === order.request) === true;
  if (record !== undefined && !isInForce) {
    await tx.put('work-order', closedOrder(order, 'ended', ledger));
    return;
  }
  const judgement = judgeOrder(order, undefined, await judging.facts.of(order));
  report(judging, order, judgement);
  const isOver = judgement.verdict === 'gone';
  await note(judging, isOver ? closedOrder(order, 'ended', ledger) : order, judgement);
}

function report(
  { verdicts }: Judging,
  { id, source, request }: WorkOrder,
  { verdict, why }: Judgement,
): void {
  verdicts.push({ source, request, order: id, verdict, why, field: undefined });
}

async function note({ tx, ledger, judged }: Judging, order: WorkOrder, judgement: Judgement): Promise<void> {
  await tx.put('work-order', { ...order, judged: { ...judgement, import: judged.id, at: ledger.now } });
}
