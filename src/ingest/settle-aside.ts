import type { Json } from '../base/json.ts';
import { addPeriod } from '../base/periods.ts';
import { dateIn, epochOf, type Instant } from '../base/time.ts';
import { orderAgain } from '../duties/order-again.ts';
import { type OrderWish, rowDigest } from '../duties/outbox.ts';
import { decidedAside, sealAside } from '../duties/set-aside.ts';
import { rowIdentifier } from '../people/digests.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SetAsideRow, WorkOrder } from '../store/registers.ts';
import type { Writer } from '../store/store.ts';
import { type AsideRow, isNewSignUp, type OldAccount } from './aside.ts';
import type { GateData, GateEntry } from './gate.ts';
import { enterFreed, enterRow, noteLetIn } from './let-in.ts';

/** What the gate said of rows of one export, for the report. */
export type GateVerdict = 'return' | 'still-there' | 'new-sign-up' | 'doubtful';

/** The rows of one load that the gate kept for a decision. */
export interface AsideLoad {
  readonly source: TableSource;
  readonly import: number;
  readonly takenAt: Instant;
  readonly gate: GateData;
  readonly rows: readonly AsideRow[];
}

export interface SettledAside {
  /** How many rows had which verdict; those on which staff decided before are in none. */
  readonly verdicts: ReadonlyMap<GateVerdict, number>;
  /** Rows of this load that came in after all. */
  readonly entered: number;
}

/** One row with what it met and what stands of it already. */
interface Case {
  readonly row: AsideRow;
  readonly digest: string;
  readonly met: readonly GateEntry[];
  readonly before: SetAsideRow | undefined;
}

const NOTHING: SettledAside = { verdicts: new Map(), entered: 0 };
const CODE = 'row-returned';

/**
 * Decides on the rows that the gate kept, in the act that publishes their load and after its verdicts on
 * orders: genuine new sign-ups come in, all others are set aside sealed, and what is an erased person's
 * is ordered away again. Rows that waited and are confirmed gone upstream are dropped.
 */
export async function settleAside(tx: Writer, ledger: Ledger, load: AsideLoad): Promise<SettledAside> {
  const kept = (await tx.entries('set-aside')).filter(({ source }) => source === load.source.name);
  if (load.rows.length === 0 && kept.length === 0) return NOTHING;
  const cases = casesOf(ledger, load, kept);
  const orders = newestOrders(await tx.entries('work-order'));
  const signUps = signUpsOf(load, accountSources(ledger.policy), cases, orders);
  const verdicts = new Map<GateVerdict, number>();
  const count = (verdict: GateVerdict) => verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const wishes: OrderWish[] = [];
  let entered = 0;
  for (const one of cases) {
    if (signUps.has(one) && (await enterSignUp(tx, ledger, load, one))) {
      entered += 1;
      count('new-sign-up');
      continue;
    }
    await setAside(tx, ledger, load, one);
    if (one.before?.state === 'dropped') continue;
    count(verdictOn(one, load));
    if (one.row.verdict === 'return') wishes.push(wishOf(one, load, orders));
  }
  await orderAgain(tx, ledger, wishes, CODE);
  await dropGone(tx, kept, cases, orders);
  const freed = entered > 0 ? await enterFreed(tx, ledger) : 0;
  if (cases.length > 0) tx.facts({ gate: { ...Object.fromEntries(verdicts), freed } });
  return { verdicts, entered };
}

/** A key that an export has twice is one case: what it says last. */
function casesOf(ledger: Ledger, { source, gate, rows }: AsideLoad, kept: readonly SetAsideRow[]): Case[] {
  const entries = new Map(gate.entries.map((entry) => [entry.id, entry]));
  const open = new Map(kept.filter(({ state }) => state !== 'admitted').map((row) => [row.row, row]));
  return [...new Map(rows.map((row) => [row.key, row])).values()].map((row) => {
    const digest = rowDigest(ledger.keys, source.name, row.key);
    const met = row.against.flatMap((id) => entries.get(id) ?? []);
    return { row, digest, met, before: open.get(digest) };
  });
}

function accountSources({ sources }: Policy): readonly string[] {
  return Object.values(sources).flatMap((source) =>
    source.type === 'table' && source.account ? [source.name] : [],
  );
}

/** The newest order on each row, by its digest. */
function newestOrders(orders: readonly WorkOrder[]): ReadonlyMap<string, WorkOrder> {
  return new Map(orders.map((order) => [order.digest, order]));
}

/** Of several accounts that claim the same identifier none is let in unasked. */
function signUpsOf(
  { source, gate, takenAt }: AsideLoad,
  accountSources: readonly string[],
  cases: readonly Case[],
  orders: ReadonlyMap<string, WorkOrder>,
): ReadonlySet<Case> {
  if (!source.account) return new Set();
  const accounts = oldAccounts(gate, accountSources, orders);
  const candidates = cases.filter(
    ({ row, met, before }) =>
      row.verdict === 'doubtful' &&
      before?.state !== 'dropped' &&
      isNewSignUp(met, accounts, epochOf(takenAt)),
  );
  const claims = Map.groupBy(
    candidates.flatMap(({ met }) => met),
    ({ id }) => id,
  );
  return new Set(candidates.filter(({ met }) => met.every(({ id }) => claims.get(id)?.length === 1)));
}

/** The rows of erased people, by their digests; a row without order had vanished upstream before. */
function oldAccounts(
  { entries }: GateData,
  accountSources: readonly string[],
  orders: ReadonlyMap<string, WorkOrder>,
): readonly OldAccount[] {
  const kinds = new Set(accountSources.map((source) => rowIdentifier(source, '').kind));
  return entries
    .filter(({ kind }) => kinds.has(kind))
    .map(({ subject, digest }) => {
      const order = orders.get(digest);
      return { subject, row: digest, isGone: order === undefined || order.state === 'confirmed' };
    });
}

async function enterSignUp(tx: Writer, ledger: Ledger, load: AsideLoad, one: Case): Promise<boolean> {
  const { source } = load;
  const { row, before, met } = one;
  if ((await tx.recordByKey(source.name, row.key)) !== undefined) return false;
  await enterRow(tx, ledger, source, { import: load.import, line: row.line }, contentOf(source, row));
  await noteLetIn(
    tx,
    ledger,
    met.map(({ id }) => id),
    { source: source.name, key: row.key },
  );
  if (before !== undefined) await tx.put('set-aside', decidedAside(ledger, before, 'admitted'));
  return true;
}

function contentOf({ columns }: TableSource, { key, at, body }: AsideRow) {
  const values = JSON.parse(body) as readonly Json[];
  return { key, at, fields: new Map(columns.map((column, index) => [column, values[index] ?? null])) };
}

/** The same row again replaces the earlier one; what staff dropped stays dropped. */
async function setAside(tx: Writer, ledger: Ledger, load: AsideLoad, one: Case): Promise<void> {
  const { policy, now } = ledger;
  const { row, digest, met, before } = one;
  const today = dateIn(now, policy.controller.zone);
  const isDropped = before?.state === 'dropped';
  const entry: Omit<SetAsideRow, 'id'> = {
    state: isDropped ? 'dropped' : 'waiting',
    subject: met[0]?.subject,
    source: load.source.name,
    import: load.import,
    line: row.line,
    row: digest,
    verdict: row.verdict,
    kinds: [...new Set(met.map(({ kind }) => kind))],
    against: row.against,
    sealed: isDropped ? undefined : sealAside(ledger, contentOf(load.source, row)),
    times: (before?.times ?? 0) + 1,
    at: now,
    expiresOn: addPeriod(today, policy.limits.rejectsKept),
    decidedAt: before?.decidedAt,
    decidedBy: before?.decidedBy,
  };
  if (before !== undefined) return tx.put('set-aside', { ...entry, id: before.id });
  await tx.add('set-aside', entry);
  await countBrought(tx, one);
}

/** Certificates tell of a row even when it is gone again. */
async function countBrought(tx: Writer, { row, met: [first] }: Case): Promise<void> {
  const request = await tx.entry('request', first?.request ?? 0);
  if (request === undefined) return;
  const { returned, doubtful } = request.brought ?? { returned: 0, doubtful: 0 };
  const isReturn = row.verdict === 'return';
  const brought = { returned: returned + Number(isReturn), doubtful: doubtful + Number(!isReturn) };
  await tx.put('request', { ...request, brought });
}

function verdictOn({ row, met }: Case, { takenAt }: AsideLoad): GateVerdict {
  if (row.verdict === 'doubtful') return 'doubtful';
  const erasedAt = Math.max(...met.map(({ since }) => epochOf(since)));
  return epochOf(takenAt) > erasedAt ? 'still-there' : 'return';
}

/** What an earlier order said has to be done, is to be done again. */
function wishOf(
  { row, digest, met }: Case,
  { source }: AsideLoad,
  orders: ReadonlyMap<string, WorkOrder>,
): OrderWish {
  const earlier = orders.get(digest);
  return {
    source: source.name,
    key: row.key,
    action: earlier?.action ?? 'delete',
    change: Object.fromEntries((earlier?.fields ?? []).map((field) => [field, true])),
    record: undefined,
    request: met[0]?.request ?? 0,
    subject: met[0]?.subject,
  };
}

/** What an export brought once, and a later one shows to be gone upstream, needs no decision. */
async function dropGone(
  tx: Writer,
  kept: readonly SetAsideRow[],
  cases: readonly Case[],
  orders: ReadonlyMap<string, WorkOrder>,
): Promise<void> {
  const seen = new Set(cases.map(({ digest }) => digest));
  const gone = kept.filter(
    ({ state, verdict, row }) =>
      state === 'waiting' && verdict === 'return' && !seen.has(row) && orders.get(row)?.state === 'confirmed',
  );
  await tx.remove(
    'set-aside',
    gone.map(({ id }) => id),
  );
}
