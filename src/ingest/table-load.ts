import { refused } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import type { PlainDate } from '../base/time.ts';
import type { Sighting } from '../duties/verdict.ts';
import { badFile } from '../formats/fault.ts';
import type { SourceDigest } from '../formats/source-bytes.ts';
import type { TableSource } from '../policy/types.ts';
import type { ImportCounts, Loader, NewRecord, NewReject, RowFate } from '../store/store.ts';
import type { AsideMark, AsideRow } from './aside.ts';
import { RejectCount, type RejectLimit } from './reject-limit.ts';
import { rawOfValues } from './reject-raw.ts';
import type { RowBatch, RowFeed } from './row-feed.ts';

export interface TableLoad {
  /** Name for messages. */
  readonly file: string;
  readonly source: TableSource;
  readonly feed: RowFeed;
  /** Begins the import, once the file has shown that it is one. */
  readonly begin: () => Promise<Loader>;
  readonly rejectLimit: RejectLimit;
  readonly rejectsExpireOn: PlainDate;
  /** Share of a snapshot's rows that may be gone. */
  readonly maxVanished: number;
  readonly progress?: (rows: number, bytesRead: number) => void;
  readonly signal?: AbortSignal;
}

/** What earlier orders are judged by. */
export interface SeenRows {
  readonly sightings: readonly Sighting[];
  /** Those of them that came to nothing here and were counted as suppressed, by their digests. */
  readonly keptOut: ReadonlySet<string>;
  /** Rows of which nobody knows the key. */
  readonly keyless: number;
  /** Epoch seconds of the oldest row that has a date. */
  readonly oldestAt: number | undefined;
  readonly missingColumns: readonly string[];
  /** Whether the last line is not ended, and says something that it did not say before. */
  readonly isTorn: boolean;
}

/** What a table came to. */
export interface LoadedTable extends SourceDigest {
  readonly counts: ImportCounts;
  /** Rows that the gate keeps for a decision; counted as suppressed. */
  readonly aside: readonly AsideRow[];
  readonly seen: SeenRows;
}

/** Stages one table. Throws and leaves the staging to be undone where the file cannot be used. */
export async function loadTable(load: TableLoad): Promise<LoadedTable> {
  const staging = new TableStaging(load);
  try {
    await staging.run();
    return await staging.finish();
  } finally {
    await load.feed.close();
  }
}

class TableStaging {
  readonly #load: TableLoad;
  readonly #count: RejectCount;
  #loader: Loader | undefined;
  #kept = 0;
  #updated = 0;
  #suppressed = 0;
  readonly #aside: AsideRow[] = [];
  readonly #sightings: Sighting[] = [];
  readonly #keptOut = new Set<string>();
  #keyless = 0;
  #oldestAt = Number.POSITIVE_INFINITY;
  #lastFate: RowFate | undefined;

  constructor(load: TableLoad) {
    this.#load = load;
    this.#count = new RejectCount(load.rejectLimit, load.file);
  }

  async run(): Promise<void> {
    for await (const batch of this.#load.feed.batches) {
      this.#load.signal?.throwIfAborted();
      this.#loader ??= await this.#load.begin();
      await this.#put(this.#loader, batch);
      this.#load.progress?.(this.#count.rows, batch.bytesRead);
    }
    this.#loader ??= await this.#load.begin();
  }

  async finish(): Promise<LoadedTable> {
    this.#count.requireWithin();
    const vanished =
      this.#load.source.mode === 'snapshot' ? await this.#requireFew(this.#loader as Loader) : 0;
    const counts = {
      rows_read: this.#count.rows,
      rows_kept: this.#kept,
      rows_updated: this.#updated,
      rows_vanished: vanished,
      rows_rejected: this.#count.rejected,
      rows_suppressed: this.#suppressed,
    };
    return { ...this.#load.feed.digest(), counts, aside: this.#aside, seen: this.#seen() };
  }

  async #put(loader: Loader, batch: RowBatch): Promise<void> {
    this.#count.rows += batch.rows;
    this.#suppressed += batch.suppressed;
    this.#look(batch);
    const fates = await loader.putRecords(batch.records);
    this.#lastFate = fates.at(-1) ?? this.#lastFate;
    const rejects = [...batch.rejects];
    const marks = new Map(batch.aside.map((mark) => [mark.key, mark]));
    const sighted = new Map(batch.sightings.map(({ key, digest }) => [key, digest]));
    for (const [index, fate] of fates.entries()) {
      const record = batch.records[index] as NewRecord;
      if (fate === 'repeated' || fate === 'contradicted') await this.#again(loader, record, fate, rejects);
      else this.#tally(record, fate, sighted.get(record.key));
      if (fate === 'aside') this.#keepAside(record, marks.get(record.key));
    }
    if (rejects.length > 0) await this.#setAside(loader, rejects);
  }

  #look({ sightings, keyless, records }: RowBatch): void {
    this.#sightings.push(...sightings);
    this.#keyless += keyless;
    for (const { at } of records) if (at !== undefined && at < this.#oldestAt) this.#oldestAt = at;
  }

  #seen(): SeenRows {
    const { missingColumns, endsLine } = this.#load.feed.shape();
    return {
      sightings: this.#sightings,
      keptOut: this.#keptOut,
      keyless: this.#keyless,
      oldestAt: Number.isFinite(this.#oldestAt) ? this.#oldestAt : undefined,
      missingColumns,
      isTorn: !endsLine && (this.#lastFate === 'new' || this.#lastFate === 'changed'),
    };
  }

  #tally(record: NewRecord, fate: RowFate, sighted: string | undefined): void {
    const isKeptOut = fate === 'aside' || (fate === 'kept-out' && record.gated !== 'set-aside');
    if (isKeptOut || record.gated === 'cleaned') this.#suppressed += 1;
    else if (fate === 'new') this.#kept += 1;
    else if (fate === 'changed') this.#updated += 1;
    if (isKeptOut && sighted !== undefined) this.#keptOut.add(sighted);
  }

  #keepAside({ line, at, body }: NewRecord, mark: AsideMark | undefined): void {
    if (mark === undefined) throw new Error('a row was set aside without a reason');
    this.#aside.push({ ...mark, line, at, body });
  }

  /** A key that this file had before: a snapshot that says two things of one row says nothing. */
  async #again(loader: Loader, record: NewRecord, fate: RowFate, rejects: NewReject[]): Promise<void> {
    const { file, source } = this.#load;
    if (source.mode === 'snapshot') {
      const first = await loader.lineOf(record.key);
      throw badFile(
        'duplicate-key',
        { file, line: record.line },
        `a second row has the key of ${first === undefined ? 'an earlier one' : `line ${first}`}`,
        `sources.${source.name}.key must name columns that together are different in every row`,
      );
    }
    if (fate === 'repeated') return;
    const raw = rawOfValues(source.columns, JSON.parse(record.body) as Json[]);
    rejects.push({ line: record.line, reason: 'key seen before in this file', raw });
  }

  async #setAside(loader: Loader, rejects: readonly NewReject[]): Promise<void> {
    for (const { line, reason } of rejects.toSorted((a, b) => a.line - b.line)) this.#count.add(line, reason);
    await loader.putRejects(rejects, this.#load.rejectsExpireOn);
    this.#count.requireHope();
  }

  /** Refuses a snapshot that lacks too many rows of the one before: half an export looks like many erasures. */
  async #requireFew(loader: Loader): Promise<number> {
    const { total, unseen } = await loader.unseen();
    const { file, source, maxVanished } = this.#load;
    if (unseen <= total * maxVanished) return unseen;
    const needed = Math.min(100, Math.ceil((unseen / total) * 1000) / 10);
    throw refused(
      'vanished-over-limit',
      `${file}: ${unseen} of ${total} rows of ${source.name} are gone, and the limit is ${percent(maxVanished)}`,
      `if they are gone upstream, --max-vanished ${needed}% lets it through`,
    );
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}
