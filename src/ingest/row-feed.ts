import type { SourceDigest } from '../formats/source-bytes.ts';
import { openTable, type TableFile } from '../formats/table.ts';
import { ReachHasher } from '../people/digests.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { NewRecord, NewReject } from '../store/store.ts';
import { Gate, type GateData } from './gate.ts';
import { RowMapper } from './row-map.ts';

/** What reading one file needs; plain data, so that a thread can be started with it. */
export interface FeedSetup {
  readonly path: string;
  readonly source: TableSource;
  readonly policy: Policy;
  /** The key of the `ReachHasher`. */
  readonly key: Uint8Array;
  readonly gate: GateData;
}

/** Some rows of a file, mapped. */
export interface RowBatch {
  /** Rows read, whatever became of them. */
  readonly rows: number;
  readonly records: readonly NewRecord[];
  readonly rejects: readonly NewReject[];
  /** Rows of suppressed people that have no key. */
  readonly suppressed: number;
  /** Bytes on the disk read so far. */
  readonly bytesRead: number;
}

/** The mapped rows of one file, read once, in its order. */
export interface RowFeed {
  readonly batches: AsyncIterable<RowBatch>;
  /** Throws before `batches` has ended by itself. */
  digest(): SourceDigest;
  /** Ends it early, or does nothing. */
  close(): Promise<void>;
}

/** Reads and maps in this thread. */
export async function openFeed(setup: FeedSetup): Promise<RowFeed> {
  const file = await openTable(setup.path, setup.source.format);
  return { batches: mapRows(file, setup), digest: () => file.digest(), close: () => file.close() };
}

async function* mapRows(file: TableFile, setup: FeedSetup): AsyncGenerator<RowBatch, void, undefined> {
  const { source, policy, key, gate } = setup;
  const hasher = new ReachHasher(key);
  const header = () => file.header();
  const mapper = new RowMapper({ file: file.name, header, source, policy, hasher, gate: new Gate(gate) });
  for await (const items of file.batches) {
    const sink = { records: [], rejects: [], suppressed: 0 };
    mapper.map(items, sink);
    yield { ...sink, rows: items.length, bytesRead: file.bytesRead() };
  }
  const columns = file.columns();
  if (columns !== undefined) mapper.fitHeader(columns);
}
