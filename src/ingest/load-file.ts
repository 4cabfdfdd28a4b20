import { ExitCode, refused, UserError } from '../base/errors.ts';
import { addPeriod, dateIn, epochOf } from '../base/time.ts';
import { compileReach, valuesOf } from '../people/identities.ts';
import type { LogSource, TableSource } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ImportRow, LoadEnd, Loader, Writer } from '../store/store.ts';
import type { FileJob } from './find-files.ts';
import { type GateData, readGate, requireSameGate } from './gate.ts';
import { type Continuation, findContinuation } from './log-known.ts';
import { loadLog } from './log-load.ts';
import { settleOrders } from './orders.ts';
import type { RejectLimit } from './reject-limit.ts';
import type { FileImport, Verdict } from './report.ts';
import { type FeedSetup, openFeed } from './row-feed.ts';
import { loadTable } from './table-load.ts';
import { startFeed } from './threaded-feed.ts';

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
}

/** Loads one file whole, or throws and leaves the ledger as it was. */
export async function loadFile(load: FileLoad): Promise<LoadedFile> {
  const before = await standing(load);
  const earlier = before.imports.filter((row) => row.source === load.source.name);
  const continuation = await findContinuation(earlier, load.path);
  if (continuation.kind === 'same' && !isLaterSnapshot(load, earlier, continuation.import))
    return { import: sameImport(load, continuation.import), verdicts: [] };
  if (load.source.type === 'log') return stageLog(load, load.source, before, continuation);
  refuseOlder(load, earlier);
  return stageTable(load, load.source, before);
}

/** What a load is judged by, as it was when the load began. */
interface Standing {
  readonly imports: readonly ImportRow[];
  readonly gate: GateData;
}

function standing({ ledger }: FileLoad): Promise<Standing> {
  return ledger.store.read(async (tx) => ({
    imports: await tx.imports(),
    gate: await readGate(tx, ledger.keys.suppression),
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
  const newest = earlier
    .map((row) => row.takenAt)
    .toSorted((a, b) => epochOf(a) - epochOf(b))
    .at(-1);
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

interface Staged extends LoadEnd {
  readonly within?: (tx: Writer) => Promise<void>;
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
  const { sha256, continues, counts } = end;
  const facts = {
    source: source.name,
    import: loader.id,
    sha256,
    taken_at: takenAt,
    counts: { ...counts },
    continues,
  };
  const entry = { act: 'import.published', at: ledger.now, actor: ledger.actor, facts };
  const { edits } = await loader.publish(end, entry, async (tx, result) => {
    requireSameGate(before.gate, await readGate(tx, ledger.keys.suppression));
    await requireSamePolicy(tx, ledger);
    await end.within?.(tx);
    await settleOrders(tx, result.edits, ledger);
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
    verdicts: edits.map(({ field, request, verdict }) => ({ source: source.name, request, field, verdict })),
  };
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
