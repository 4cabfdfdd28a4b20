import { ExitCode, refused, UserError } from '../base/errors.ts';
import { addPeriod } from '../base/periods.ts';
import { dateIn, epochOf, newestOf } from '../base/time.ts';
import { rowDigest } from '../duties/outbox.ts';
import { compileReach, valuesOf } from '../people/identities.ts';
import type { LogSource, TableSource } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ImportCounts, ImportRow, LoadEnd, Loader, Writer } from '../store/store.ts';
import type { AsideRow } from './aside.ts';
import type { FileJob } from './find-files.ts';
import { type GateData, readGate, requireSameGate } from './gate.ts';
import { type Continuation, findContinuation } from './log-known.ts';
import { loadLog } from './log-load.ts';
import type { RejectLimit } from './reject-limit.ts';
import type { FileImport, GateCount, Verdict } from './report.ts';
import { type FeedSetup, openFeed } from './row-feed.ts';
import { settleAside } from './settle-aside.ts';
import { loadTable, type SeenRows } from './table-load.ts';
import { startFeed } from './threaded-feed.ts';
import { isAfterEdits, type JudgedOrders, judgeOrders, readWatch, type Watched } from './verdicts.ts';

/** Smaller files are read in this thread: another costs more to start. */
const WORTH_A_THREAD = 1 << 20;

export interface LoadLimits {
  readonly maxRejects: RejectLimit;
  /** Share of a snapshot's rows that may be gone. */
  readonly maxVanished: number;
  readonly allowOverlap: boolean;
}

export interface FileProgress {
  readonly file: string;
  readonly rows: number;
  /** Of the file on the disk. */
  readonly bytesRead: number;
  readonly size: number;
}

export interface FileLoad extends FileJob {
  readonly ledger: Ledger;
  readonly limits: LoadLimits;
  readonly progress?: (progress: FileProgress) => void;
  readonly signal?: AbortSignal;
}

/** What one file came to. */
export interface LoadedFile {
  readonly import: FileImport;
  readonly verdicts: readonly Verdict[];
  readonly gate: readonly GateCount[];
}

/** Loads one file whole, or throws and leaves the ledger as it was. */
export async function loadFile(load: FileLoad): Promise<LoadedFile> {
  const before = await standing(load);
  const earlier = before.imports.filter((row) => row.source === load.source.name);
  const continuation = await findContinuation(earlier, load.path);
  if (continuation.kind === 'same' && !isLaterSnapshot(load, earlier, continuation.import))
    return { import: sameImport(load, continuation.import), verdicts: [], gate: [] };
  if (load.source.type === 'log') return stageLog(load, load.source, before, continuation);
  refuseOlder(load, earlier);
  return stageTable(load, load.source, before);
}

/** What a load is judged by, as it was when the load began. */
interface Standing {
  readonly imports: readonly ImportRow[];
  readonly gate: GateData;
  readonly watched: Watched;
}

function standing({ ledger, source }: FileLoad): Promise<Standing> {
  return ledger.store.read(async (tx) => ({
    imports: await tx.imports(),
    gate: await readGate(tx, ledger.keys.suppression),
    watched: await readWatch(tx, ledger.keys.suppression, source.name),
  }));
}

/**
 * The same bytes twice change nothing. But a table can be again what it was, and a snapshot that says by
 * its name or flag that it was taken later is another one, whatever is in it.
 */
function isLaterSnapshot(load: FileLoad, earlier: readonly ImportRow[], same: ImportRow): boolean {
  if (load.source.type !== 'table' || load.source.mode !== 'snapshot') return false;
  const newest = Math.max(...earlier.map((row) => epochOf(row.takenAt)));
  if (epochOf(load.takenAt) <= newest) return false;
  return load.isTimeTold || earlier.at(-1)?.id !== same.id;
}

function sameImport({ name, source }: FileLoad, row: ImportRow): FileImport {
  const none = {
    rows_read: 0,
    rows_kept: 0,
    rows_updated: 0,
    rows_vanished: 0,
    rows_rejected: 0,
    rows_suppressed: 0,
  };
  const { id, sha256, takenAt, continues } = row;
  return { id, file: name, source: source.name, sha256, takenAt, ...none, alreadyLoaded: true, continues };
}

/** An older export would bring back what has changed or gone since. */
function refuseOlder({ name, source, takenAt }: FileLoad, earlier: readonly ImportRow[]): void {
  const newest = newestOf(earlier.map((row) => row.takenAt));
  if (newest === undefined || epochOf(takenAt) >= epochOf(newest)) return;
  throw refused(
    'older-export',
    `${name}: taken at ${takenAt}, and an export of ${source.name} taken at ${newest} is loaded already`,
    'if the time is wrong, --taken-at TIME says when it was taken',
  );
}

async function stageTable(load: FileLoad, source: TableSource, before: Standing): Promise<LoadedFile> {
  const { ledger, path, name, limits, size } = load;
  const setup: FeedSetup = {
    path,
    source,
    policy: ledger.policy,
    key: ledger.keys.hasher.key,
    gate: before.gate,
    watch: before.watched.data,
  };
  const feed = size >= WORTH_A_THREAD ? startFeed(setup) : await openFeed(setup);
  const reach = compileReach(source, ledger.policy, ledger.keys.hasher);
  const reachOf: LoadEnd['reachOf'] = (fields) => reach(valuesOf(source.columns, fields));
  return staged(load, before, async (begin) => {
    const loaded = await loadTable({
      file: name,
      source,
      feed,
      begin: () => begin(source.columns),
      rejectLimit: limits.maxRejects,
      rejectsExpireOn: rejectsExpireOn(ledger),
      maxVanished: limits.maxVanished,
      progress: (rows, bytesRead) => load.progress?.({ file: name, rows, bytesRead, size }),
      ...signalOf(load),
    });
    return { ...loaded, ...NO_TIMES, snapshot: source.mode === 'snapshot', reachOf };
  });
}

const NO_TIMES = { continues: undefined, minAt: undefined, maxAt: undefined };

async function stageLog(
  load: FileLoad,
  source: LogSource,
  before: Standing,
  continuation: Continuation,
): Promise<LoadedFile> {
  const { ledger, path, name, limits } = load;
  return staged(load, before, async (begin) => {
    const loaded = await loadLog({
      file: path,
      source,
      policy: ledger.policy,
      keys: ledger.keys,
      loader: await begin([]),
      store: ledger.store,
      continuation,
      rejectLimit: limits.maxRejects,
      rejectsExpireOn: rejectsExpireOn(ledger),
      gate: before.gate,
      allowOverlap: limits.allowOverlap,
      progress: (progress) => load.progress?.({ file: name, ...progress }),
      ...signalOf(load),
    });
    return { ...loaded, snapshot: false, reachOf: () => [] };
  });
}

function signalOf({ signal }: FileLoad): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function rejectsExpireOn({ now, policy }: Ledger): string {
  return addPeriod(dateIn(now, policy.controller.zone), policy.limits.rejectsKept);
}

interface Staged extends Omit<LoadEnd, 'isAfterEdit'> {
  /** Undefined for a log. */
  readonly seen?: SeenRows;
  readonly within?: (tx: Writer) => Promise<void>;
  readonly aside?: readonly AsideRow[];
}

type Begin = (columns: readonly string[]) => Promise<Loader>;

/** Stages, then publishes; whatever goes wrong on the way, nothing of it stays. */
async function staged(
  load: FileLoad,
  before: Standing,
  stage: (begin: Begin) => Promise<Staged>,
): Promise<LoadedFile> {
  let loader: Loader | undefined;
  const begin: Begin = async (columns) => {
    loader = await beginImport(load, columns);
    await requireNoOther(load, before);
    return loader;
  };
  try {
    const end = await stage(begin);
    load.signal?.throwIfAborted();
    return await publish(load, before, loader as Loader, end);
  } catch (cause) {
    // The first fault is the one to tell; what stays of an import that cannot be undone, the next opening removes.
    await loader?.abandon().catch(() => undefined);
    throw cause;
  }
}

function beginImport(
  { ledger, name, source, takenAt }: FileLoad,
  columns: readonly string[],
): Promise<Loader> {
  const { now: loadedAt, policyVersion } = ledger;
  return ledger.store.load({ source: source.name, file: name, takenAt, loadedAt, policyVersion, columns });
}

/** Nobody else can load from here on; somebody may have just before. */
async function requireNoOther({ ledger }: FileLoad, before: Standing): Promise<void> {
  const imports = await ledger.store.read((tx) => tx.imports());
  if (imports.at(-1)?.id === before.imports.at(-1)?.id) return;
  throw new UserError('import-meanwhile', 'another import ended just now', {
    exit: ExitCode.busy,
    hint: 'run the same command again',
  });
}

async function publish(load: FileLoad, before: Standing, loader: Loader, end: Staged): Promise<LoadedFile> {
  const { ledger, source, takenAt, name } = load;
  const { sha256, continues } = end;
  let counts = end.counts;
  let gate: readonly GateCount[] = [];
  const facts = {
    source: source.name,
    import: loader.id,
    sha256,
    taken_at: takenAt,
    counts: { ...counts },
    continues,
  };
  const entry = { act: 'import.published', at: ledger.now, actor: ledger.actor, facts };
  const isAfterEdit = isAfterEdits(before.watched, takenAt);
  let verdicts: readonly Verdict[] = [];
  await loader.publish({ ...end, isAfterEdit }, entry, async (tx, result) => {
    await requireSameGate(tx, before.gate);
    await requireSamePolicy(tx, ledger);
    await end.within?.(tx);
    const judged = { id: loader.id, source, takenAt, rowsRead: counts.rows_read, seen: end.seen, result };
    const orders = await judgeOrders(tx, ledger, before.watched, judged);
    verdicts = orders.verdicts;
    const settled = await settleGate(tx, load, before, loader.id, { ...end, asOrdered: orders.asOrdered });
    gate = settled.gate;
    counts = settled.counts;
  });
  return {
    import: {
      id: loader.id,
      file: name,
      source: source.name,
      sha256,
      takenAt,
      ...counts,
      alreadyLoaded: false,
      continues,
    },
    verdicts,
    gate,
  };
}

/**
 * What came of the rows that the gate kept for a decision, and the counts of the import without those that came
 * in and those that are upstream as ordered.
 */
async function settleGate(
  tx: Writer,
  { ledger, source, takenAt }: FileLoad,
  { gate }: Standing,
  id: number,
  { aside = [], counts, seen, asOrdered }: Staged & Pick<JudgedOrders, 'asOrdered'>,
): Promise<{ readonly gate: readonly GateCount[]; readonly counts: ImportCounts }> {
  if (source.type !== 'table') return { gate: [], counts };
  const rows = aside.filter(({ key }) => !asOrdered.has(rowDigest(ledger.keys, source.name, key)));
  const { verdicts, entered } = await settleAside(tx, ledger, { source, import: id, takenAt, gate, rows });
  const told = [...verdicts].map(([verdict, count]) => ({ source: source.name, verdict, count }));
  const nobodys = entered + [...asOrdered].filter((digest) => seen?.keptOut.has(digest)).length;
  if (nobodys === 0) return { gate: told, counts };
  const corrected = {
    ...counts,
    rows_kept: counts.rows_kept + entered,
    rows_suppressed: counts.rows_suppressed - nobodys,
  };
  await tx.setImportCounts(id, corrected);
  tx.facts({ counts: corrected });
  return { gate: told, counts: corrected };
}

/** Rows are mapped by the policy that was in force when the load began. */
async function requireSamePolicy(tx: Writer, ledger: Ledger): Promise<void> {
  if ((await tx.policies()).at(-1)?.version === ledger.policyVersion) return;
  throw new UserError(
    'policy-changed',
    'another policy came into force while the file was loading; nothing of it was loaded',
    {
      exit: ExitCode.busy,
      hint: 'run the same command again',
    },
  );
}
