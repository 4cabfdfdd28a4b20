import { badFile } from '../formats/fault.ts';
import { decodeBytes } from '../formats/log-text.ts';
import { openSource, type SourceBytes, type SourceDigest } from '../formats/source-bytes.ts';
import { RAW_KEPT } from '../formats/text.ts';
import type { LogSource, Policy } from '../policy/types.ts';
import { dropLine } from '../store/events.ts';
import type { LedgerKeys } from '../store/ledger.ts';
import type { ImportCounts, Loader, NewBlock, NewReject, Store, Writer } from '../store/store.ts';
import type { GateData } from './gate.ts';
import { LineGate } from './line-gate.ts';
import { LineChunker } from './log-chunks.ts';
import { type Continuation, KnownPrefix } from './log-known.ts';
import { requireNoOverlap } from './log-overlap.ts';
import type { RejectedLines } from './log-pack.ts';
import { type PackedBytes, PackPool } from './log-pool.ts';
import { RejectCount, type RejectLimit } from './reject-limit.ts';

/** Bytes of a chunk; its blocks are what a deletion rewrites. */
const CHUNK = 16 << 20;
const LINE_FEED = 10;
const RETURN = 13;
/** Set-aside lines that are stored at a time. */
const REJECT_BATCH = 1000;

export interface LogLoad {
  readonly file: string;
  readonly source: LogSource;
  readonly policy: Pick<Policy, 'identifiers' | 'categories'>;
  readonly keys: Pick<LedgerKeys, 'hasher'>;
  readonly loader: Pick<Loader, 'putBlocks' | 'putRejects' | 'stagedBlocks'>;
  /** Read between the loader's calls: never load inside a `read`. */
  readonly store: Pick<Store, 'read'>;
  /** What `findContinuation` said of the file; one that is the same is not loaded. */
  readonly continuation: Continuation;
  readonly rejectLimit: RejectLimit;
  readonly rejectsExpireOn: string;
  /** The suppressions in force. */
  readonly gate: GateData;
  /** Loads lines that an earlier import holds too. */
  readonly allowOverlap?: boolean;
  readonly progress?: (progress: LogProgress) => void;
  readonly signal?: AbortSignal;
  readonly chunkSize?: number;
}

export interface LogProgress {
  readonly rows: number;
  /** Of the file on the disk. */
  readonly bytesRead: number;
  readonly size: number;
}

/** What a log came to; digest and bytes are of its whole content, counts and times of what was loaded now. */
export interface LoadedLog extends SourceDigest {
  readonly counts: ImportCounts;
  readonly continues: number | undefined;
  readonly minAt: number | undefined;
  readonly maxAt: number | undefined;
  /** Belongs into the act that publishes: counts what stays of lines, and takes out what an earlier import held of an unfinished one. */
  readonly within: (tx: Writer) => Promise<void>;
}

/** Stages one log file. Throws and leaves the staging to be undone where the file cannot be used. */
export async function loadLog(load: LogLoad): Promise<LoadedLog> {
  if (load.source.format.encoding === 'utf-16') {
    throw badFile('log-encoding', { file: load.source.name }, 'logs are read as utf-8 or latin1 only');
  }
  const source = await openSource(load.file);
  const staging = new LogStaging(load, source);
  try {
    await staging.run();
    return await staging.finish();
  } finally {
    await staging.close();
  }
}

class LogStaging {
  readonly #load: LogLoad;
  readonly #source: SourceBytes;
  readonly #prefix: KnownPrefix | undefined;
  readonly #pool: PackPool;
  readonly #gate: LineGate;
  readonly #count: RejectCount;
  readonly #free: Buffer[] = [];
  readonly #chunker: LineChunker;
  #rejects: NewReject[] = [];
  #lines = 0;
  #kept = 0;
  #suppressed = 0;
  #minAt = Number.POSITIVE_INFINITY;
  #maxAt = Number.NEGATIVE_INFINITY;

  constructor(load: LogLoad, source: SourceBytes) {
    const { continuation } = load;
    this.#load = load;
    this.#source = source;
    this.#count = new RejectCount(load.rejectLimit, source.name);
    this.#prefix =
      continuation.kind === 'new' ? undefined : new KnownPrefix(continuation.import, source.name);
    this.#chunker = new LineChunker(() => this.#memory());
    this.#gate = new LineGate(load);
    this.#pool = new PackPool({
      source: load.source,
      identifiers: load.policy.identifiers,
      key: load.keys.hasher.key,
      suppressedTags: Uint32Array.from(load.gate.entries, ({ tag }) => tag),
    });
  }

  /** Reads and packs ahead, and stores in the order of the file. */
  async run(): Promise<void> {
    const underWay: Promise<PackedBytes>[] = [];
    for await (const chunk of this.#chunker.chunks(this.#content())) {
      this.#load.signal?.throwIfAborted();
      const packing = this.#pool.pack(chunk);
      // A fault shows when its turn comes.
      packing.catch(() => {});
      underWay.push(packing);
      if (underWay.length >= PackPool.depth)
        await this.#store(await (underWay.shift() as Promise<PackedBytes>));
    }
    for (const packing of underWay) await this.#store(await packing);
    if (this.#source.digest().bytes === 0) {
      throw badFile('empty-file', { file: this.#source.name }, 'holds no lines');
    }
  }

  async finish(): Promise<LoadedLog> {
    await this.#putRejects(0);
    this.#count.requireWithin();
    await this.#refuseOverlap();
    const { continuation } = this.#load;
    const known = this.#kept > 0;
    return {
      ...this.#source.digest(),
      counts: {
        rows_read: this.#count.rows,
        rows_kept: this.#kept,
        rows_updated: 0,
        rows_vanished: 0,
        rows_rejected: this.#count.rejected,
        rows_suppressed: this.#suppressed,
      },
      continues: continuation.kind === 'new' ? undefined : continuation.import.id,
      minAt: known ? this.#minAt : undefined,
      maxAt: known ? this.#maxAt : undefined,
      within: (tx) => this.#settle(tx),
    };
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#source.close();
  }

  #content(): AsyncIterable<Buffer> {
    const content = this.#source.chunks(() => this.#knownLines() + this.#chunker.linesRead() + 1);
    return this.#prefix === undefined ? withoutMark(content) : this.#prefix.tail(content);
  }

  #knownLines(): number {
    return this.#prefix?.lines ?? 0;
  }

  #memory(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#load.chunkSize ?? CHUNK);
  }

  async #store({ chunk, packed }: PackedBytes): Promise<void> {
    const first = this.#lines + this.#knownLines();
    const { doubtful, rejects, blocks } = packed;
    this.#lines += packed.lines;
    this.#count.rows += packed.rows;
    await this.#setAside(chunk, rejects, first);
    this.#count.requireHope();
    const admitted = this.#gate.admit(chunk, doubtful);
    const kept = this.#kept;
    await this.#putBlocks([...blocks, ...admitted]);
    this.#suppressed += packed.rows - rejects.lines.length - (this.#kept - kept);
    this.#free.push(Buffer.from(chunk.buffer));
    const { size } = this.#source;
    this.#load.progress?.({ rows: this.#count.rows, bytesRead: this.#source.bytesRead(), size });
  }

  async #putBlocks(blocks: readonly NewBlock[]): Promise<void> {
    if (blocks.length > 0) await this.#load.loader.putBlocks(blocks);
    for (const { lines, minAt, maxAt } of blocks) {
      this.#kept += lines;
      this.#minAt = Math.min(this.#minAt, minAt);
      this.#maxAt = Math.max(this.#maxAt, maxAt);
    }
  }

  async #setAside(chunk: Buffer, rejects: RejectedLines, first: number): Promise<void> {
    for (let i = 0; i < rejects.lines.length; i += 1) {
      const line = first + (rejects.lines[i] as number);
      const reason = rejects.texts[rejects.reasons[i] as number] as string;
      this.#count.add(line, reason);
      this.#rejects.push({ line, reason, raw: this.#rawAt(chunk, rejects.places[i] as number) });
      await this.#putRejects(REJECT_BATCH);
    }
  }

  async #putRejects(above: number): Promise<void> {
    if (this.#rejects.length <= above) return;
    const batch = this.#rejects;
    this.#rejects = [];
    await this.#load.loader.putRejects(batch, this.#load.rejectsExpireOn);
  }

  #rawAt(chunk: Buffer, place: number): string {
    const line = withoutReturn(chunk.subarray(place, chunk.indexOf(LINE_FEED, place)));
    const text = decodeBytes(startOf(line).toString('latin1'), this.#load.source.format.encoding);
    return this.#gate.rawOf(text.slice(0, RAW_KEPT));
  }

  async #refuseOverlap(): Promise<void> {
    if (this.#load.allowOverlap === true || this.#kept === 0) return;
    const { loader, store, continuation, source } = this.#load;
    const range = { minAt: this.#minAt, maxAt: this.#maxAt };
    await requireNoOverlap({
      source: source.name,
      file: this.#source.name,
      loader,
      store,
      continuation,
      ...range,
    });
  }

  async #settle(tx: Writer): Promise<void> {
    await this.#gate.putCounts(tx);
    await this.#dropUnfinished(tx);
  }

  async #dropUnfinished(tx: Writer): Promise<void> {
    const { continuation, source, policy, keys } = this.#load;
    if (continuation.kind === 'new' || (this.#prefix?.unfinished ?? '') === '') return;
    await dropLine(tx, { policy, keys }, source, continuation.import.id, this.#prefix?.unfinished ?? '');
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

/** As many bytes as `RAW_KEPT` characters may have, the last of them whole. */
function startOf(line: Buffer): Buffer {
  let end = Math.min(line.length, RAW_KEPT * 4);
  while (end > 0 && ((line[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return line.subarray(0, end);
}

/** Drops a UTF-8 byte order mark. */
async function* withoutMark(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let isStart = true;
  for await (const piece of content) {
    yield isStart && piece.toString('latin1', 0, 3) === '\xef\xbb\xbf' ? piece.subarray(3) : piece;
    isStart = false;
  }
}
