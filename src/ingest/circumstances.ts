import { epochOf, type Instant } from '../base/time.ts';
import type { Circumstances } from '../duties/verdict.ts';
import { tableSource } from '../policy/find.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { PolicyVersion, Source, TableSource } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { WorkOrder } from '../store/registers.ts';
import type { PublishResult, Reader, StoredRecord } from '../store/store.ts';
import type { SeenRows } from './table-load.ts';

/** One import by which orders are judged, as it was published. */
export interface JudgedImport {
  readonly id: number;
  readonly source: Source;
  readonly takenAt: Instant;
  readonly rowsRead: number;
  /** Undefined for a log. */
  readonly seen: SeenRows | undefined;
  readonly result: Pick<PublishResult, 'edits' | 'isInOrder' | 'firstNew'>;
}

/** Share of its rows that a source may lose at once and still be believed to be whole. */
const SUDDEN = 0.05;
const PAGE = 1000;
/** Rows after an ordered one that are looked at for one that is there: so many at a time, so often. */
const AFTER = { page: 100, pages: 50 };

/** Gathers what an import says of how far it can be believed, for one order after the other. */
export class ImportFacts {
  readonly #tx: Reader;
  readonly #policy: Ledger['policy'];
  readonly #import: JudgedImport;
  /** All orders on the source, whatever their state. */
  readonly #orders: readonly WorkOrder[];
  readonly #sighted: ReadonlySet<string>;
  /** Other rows of which upstream has to keep something, was seen to, and that are not there. */
  readonly #kept: ReadonlySet<number>;
  readonly #definitions = new Map<number, Definition>();
  /** By the place of the import from which on exports count for an order. */
  readonly #short = new Map<number, boolean>();
  /** By how many snapshots ago they may have vanished. */
  readonly #vanished = new Map<number, Vanished>();
  #missed: readonly StoredRecord[] | undefined;
  #earlier: readonly EarlierImport[] | undefined;
  #versions: readonly PolicyVersion[] | undefined;

  constructor(
    tx: Reader,
    ledger: Pick<Ledger, 'policy'>,
    judged: JudgedImport,
    orders: readonly WorkOrder[],
  ) {
    this.#tx = tx;
    this.#policy = ledger.policy;
    this.#import = judged;
    this.#orders = orders;
    this.#sighted = new Set(judged.seen?.sightings.map(({ digest }) => digest));
    this.#kept = new Set(
      orders.filter((order) => isKept(order) && !this.#sighted.has(order.digest)).map(({ id }) => id),
    );
  }

  async of(order: WorkOrder): Promise<Circumstances> {
    const { source, seen, takenAt } = this.#import;
    const isAbsent = !this.#sighted.has(order.digest);
    return {
      takenAt,
      kind: source.type === 'log' ? 'log' : source.mode,
      keyColumns: source.type === 'log' ? [] : source.key,
      missingColumns: seen?.missingColumns ?? [],
      isRemapped: isAbsent && (await this.#isRemapped(order)),
      isShort: isAbsent && (await this.#isShort(order)),
      isTorn: seen?.isTorn === true,
      hasUnreadable: (seen?.keyless ?? 0) > 0,
      vanished: isAbsent ? await this.#vanishedFor(order) : 'none',
    };
  }

  /**
   * Whether the source was mapped otherwise when it was ordered. Other columns make one export doubtful, those
   * after it show the whole again; by another key the row is never found.
   */
  async #isRemapped(order: WorkOrder): Promise<boolean> {
    this.#versions ??= await this.#tx.policies();
    const isEarlier = ({ appliedAt }: PolicyVersion) => epochOf(appliedAt) <= epochOf(order.orderedAt);
    const then = this.#versions.findLast(isEarlier) ?? this.#versions[0];
    if (then === undefined || then.version === this.#versions.at(-1)?.version) return false;
    const [was, now] = [this.#definition(then), definitionOf(this.#policy, order.source)];
    if (was.key !== now.key || was.columns === now.columns) return was.key !== now.key;
    const orderedAt = epochOf(order.orderedAt);
    const last = (await this.#earlierImports()).findLast(({ takenAt }) => takenAt > orderedAt);
    const version = this.#versions.find(({ version: number }) => number === last?.policyVersion);
    return version === undefined || this.#definition(version).columns !== now.columns;
  }

  #definition({ version, text }: PolicyVersion): Definition {
    const known =
      this.#definitions.get(version) ?? definitionOf(parsePolicy(text, 'dsr.yaml'), this.#import.source.name);
    this.#definitions.set(version, known);
    return known;
  }

  /** Whether it lacks many of the rows that the fullest export since the order had. */
  async #isShort(order: WorkOrder): Promise<boolean> {
    const earlier = await this.#earlierImports();
    const from = firstCounting(earlier, epochOf(order.orderedAt));
    const known = this.#short.get(from) ?? this.#isShortBeside(earlier.slice(from));
    this.#short.set(from, known);
    return known;
  }

  #isShortBeside(imports: readonly EarlierImport[]): boolean {
    const fullest = imports.reduce<EarlierImport | undefined>(
      (most, one) => (most !== undefined && most.rows > one.rows ? most : one),
      undefined,
    );
    if (fullest === undefined) return false;
    const { rows, loadedAt } = fullest;
    const lost = rows - this.#import.rowsRead - this.#orderedAwaySince(loadedAt);
    return lost > rows * SUDDEN;
  }

  /** Earlier imports of the source, in their order. */
  async #earlierImports(): Promise<readonly EarlierImport[]> {
    this.#earlier ??= (await this.#tx.imports())
      .filter(({ id, source }) => source === this.#import.source.name && id !== this.#import.id)
      .map(({ takenAt, loadedAt, policyVersion, counts }) => ({
        takenAt: epochOf(takenAt),
        loadedAt: epochOf(loadedAt),
        policyVersion,
        rows: counts.rows_read,
      }));
    return this.#earlier;
  }

  #orderedAwaySince(loadedAt: number): number {
    return this.#orders.filter(
      ({ action, digest, endedAt }) =>
        action === 'delete' &&
        !this.#sighted.has(digest) &&
        (endedAt === undefined || epochOf(endedAt) >= loadedAt),
    ).length;
  }

  async #vanishedFor(order: WorkOrder): Promise<Circumstances['vanished']> {
    if (this.#import.source.type === 'log' || this.#import.source.mode !== 'snapshot') return 'none';
    const all = await this.#vanishedWithin(await this.#snapshotsAfter(order));
    const { rows, areOldest } =
      order.record !== undefined && all.ids.has(order.record)
        ? this.#vanishedOf(all.rows.filter(({ id }) => id !== order.record))
        : all;
    const kept = this.#kept.size - Number(this.#kept.has(order.id));
    if (rows.length + kept === 0) return 'none';
    if (kept === 0 && areOldest) return 'oldest';
    return (await this.#isFollowed(order)) ? 'some' : 'all-after';
  }

  /** Complete exports since the order, this one too: what vanished before it is no news. */
  async #snapshotsAfter({ orderedAt }: WorkOrder): Promise<number> {
    const earlier = await this.#earlierImports();
    const at = epochOf(orderedAt);
    return earlier.slice(firstCounting(earlier, at)).filter(({ takenAt }) => takenAt > at).length + 1;
  }

  async #vanishedWithin(snapshots: number): Promise<Vanished> {
    const known =
      this.#vanished.get(snapshots) ??
      this.#vanishedOf((await this.#missedRows()).filter(({ missed }) => missed <= snapshots));
    this.#vanished.set(snapshots, known);
    return known;
  }

  #vanishedOf(rows: readonly StoredRecord[]): Vanished {
    const oldest = this.#import.seen?.oldestAt;
    return {
      rows,
      ids: new Set(rows.map(({ id }) => id)),
      areOldest: oldest !== undefined && rows.every(({ at }) => at !== undefined && at < oldest),
    };
  }

  async #missedRows(): Promise<readonly StoredRecord[]> {
    if (this.#missed !== undefined) return this.#missed;
    const found: StoredRecord[] = [];
    for (let after = 0, isMore = true; isMore; ) {
      const filter = { source: this.#import.source.name, missedAtLeast: 1 };
      const page = await this.#tx.listRecords(filter, after, PAGE);
      found.push(...page.filter(({ retained }) => retained === undefined));
      after = page.at(-1)?.id ?? after;
      isMore = page.length === PAGE;
    }
    this.#missed = found;
    return found;
  }

  /** Whether a row is there that stood after the ordered one: then the file was not cut short before it. */
  async #isFollowed({ record, place, source }: WorkOrder): Promise<boolean> {
    if (record === undefined) return false;
    const { isInOrder, firstNew } = this.#import.result;
    for (let after = record, pages = 0; pages < AFTER.pages; pages += 1) {
      const page = await this.#tx.listRecords({ source }, after, AFTER.page);
      const isAfter = ({ id, import: by, line, missed, retained }: StoredRecord) =>
        id < firstNew &&
        missed === 0 &&
        retained === undefined &&
        (isInOrder || (by === place?.import && line > place.line));
      if (page.some(isAfter)) return true;
      after = page.at(-1)?.id ?? after;
      if (page.length < AFTER.page) return false;
    }
    return false;
  }
}

/** What an earlier import of the source says; times in epoch seconds. */
interface EarlierImport {
  readonly takenAt: number;
  readonly loadedAt: number;
  readonly policyVersion: number;
  readonly rows: number;
}

/** The place of the first import that counts for an order: the last one that was taken before it. */
function firstCounting(imports: readonly EarlierImport[], orderedAt: number): number {
  return Math.max(
    0,
    imports.findLastIndex(({ takenAt }) => takenAt <= orderedAt),
  );
}

/** Rows that nobody ordered away and that are not there. */
interface Vanished {
  readonly rows: readonly StoredRecord[];
  readonly ids: ReadonlySet<number>;
  /** Whether each is older than every row that is there. */
  readonly areOldest: boolean;
}

function isKept({ action, state, judged }: WorkOrder): boolean {
  const wasSeen = state === 'confirmed' && judged?.verdict === 'changed-as-ordered';
  return action === 'keep-fields' && (state === 'ordered' || wasSeen);
}

/** By what a row's digest and columns are the same as before. */
interface Definition {
  readonly key: string;
  readonly columns: string;
}

function definitionOf(policy: Ledger['policy'], source: string): Definition {
  const table: TableSource | undefined = tableSource(policy, source);
  return { key: JSON.stringify(table?.key), columns: JSON.stringify(table?.columns) };
}
