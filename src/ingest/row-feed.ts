import type { Sighting } from '../duties/verdict.ts';
import type { SourceDigest } from '../formats/source-bytes.ts';
import { openTable, type TableFile } from '../formats/table.ts';
import { ReachHasher } from '../people/digests.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { NewRecord, NewReject } from '../store/store.ts';
import type { AsideMark } from './aside.ts';
import { Gate, type GateData } from './gate.ts';
import { RowMapper } from './row-map.ts';
import { RowWatch, type WatchData } from './row-watch.ts';

/** What reading one file needs; plain data, so that a thread can be started with it. */
export interface FeedSetup {
  readonly path: string;
  readonly source: TableSource;
  readonly policy: Policy;
  /** The key of the `ReachHasher`. */
  readonly key: Uint8Array;
  readonly gate: GateData;
  readonly watch: WatchData;
}

/** Some rows of a file, mapped. */
export interface RowBatch {
  /** Rows read, whatever became of them. */
  readonly rows: number;
  readonly records: readonly NewRecord[];
  readonly rejects: readonly NewReject[];
  /** Of the records that are gated as `aside` or `known-only`. */
  readonly aside: readonly AsideMark[];
  /** Rows of suppressed people that have no key. */
  readonly suppressed: number;
  /** Rows that have an order. */
  readonly sightings: readonly Sighting[];
  /** Rows of which nobody knows the key. */
  readonly keyless: number;
  /** Bytes on the disk read so far. */
  readonly bytesRead: number;
}

/** What tells a whole file from a part of one. */
export interface FileShape {
  /** Columns of the source that no row of the file has. */
  readonly missingColumns: readonly string[];
  /** Whether its last line is ended. */
  readonly endsLine: boolean;
}

/** The mapped rows of one file, read once, in its order. */
export interface RowFeed {
  readonly batches: AsyncIterable<RowBatch>;
  /** Throws before `batches` has ended by itself. */
  digest(): SourceDigest;
  /** Known when `batches` has ended by itself. */
  shape(): FileShape;
  /** Ends it early, or does nothing. */
  close(): Promise<void>;
}

/** Reads and maps in this thread. */
export async function openFeed(setup: FeedSetup): Promise<RowFeed> {
  const file = await openTable(setup.path, setup.source.format);
  const mapper = mapperOf(file, setup);
  return {
    batches: mapRows(file, mapper),
    digest: () => file.digest(),
    shape: () => ({ missingColumns: mapper.missingColumns(), endsLine: file.endsLine() }),
    close: () => file.close(),
  };
}

function mapperOf(file: TableFile, { source, policy, key, gate, watch }: FeedSetup): RowMapper {
  const hasher = new ReachHasher(key);
  return new RowMapper({
    file: file.name,
    header: () => file.header(),
    source,
    policy,
    hasher,
    gate: new Gate(gate),
    watch: new RowWatch(source, policy, hasher, watch),
  });
}

async function* mapRows(file: TableFile, mapper: RowMapper): AsyncGenerator<RowBatch, void, undefined> {
  for await (const items of file.batches) {
    const sink = { records: [], rejects: [], aside: [], suppressed: 0, sightings: [], keyless: 0 };
    mapper.map(items, sink);
    yield { ...sink, rows: items.length, bytesRead: file.bytesRead() };
  }
  const columns = file.columns();
  if (columns !== undefined) mapper.fitHeader(columns);
}
