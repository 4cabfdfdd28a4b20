import type { PlainDate } from '../../base/time.ts';
import type {
  ActEntry,
  BlockFilter,
  LoadEnd,
  Loader,
  LoadStart,
  NewBlock,
  NewRecord,
  NewReject,
  PublishResult,
  RowFate,
  StoredBlock,
  Writer,
} from '../store.ts';
import type { Checkpointer } from './checkpointer.ts';
import { asBusy, BUSY_MS, CACHE_KB, inTransaction } from './connection.ts';
import type { LoadLock } from './load-lock.ts';
import { nextId, setNextId } from './next-id.ts';
import type { Prepared } from './prepared.ts';
import { applyChanges, countUnseen, markVanished, type Publishing } from './publish-rows.ts';
import { RecordStaging } from './record-staging.ts';
import type { SqliteWriter } from './writer.ts';

/** What the store lends to its loader. */
export interface LoadHost {
  readonly sql: Prepared;
  readonly checkpointer: Checkpointer;
  readonly writer: () => SqliteWriter;
  /** Runs fn when no other use of the connection is under way. */
  exclusively<T>(fn: () => Promise<T>): Promise<T>;
  act<T>(entry: ActEntry, fn: (tx: Writer) => Promise<T>): Promise<T>;
  ended(): void;
}

// The index of natural keys is written all over: pages that leave the cache are encrypted again and again.
const TABLE_CACHE_KB = -98_304;

// A batch is one commit: small enough to let other writers in, large enough to hide the fsync.
const ROWS_A_COMMIT = 50_000;
const BYTES_A_COMMIT = 32 << 20;

/** What has taken minutes is not given up because somebody else writes for some seconds. */
const PATIENT_MS = 30_000;

/** One staged import; see `Loader`. */
export class SqliteLoader implements Loader {
  readonly id: number;
  readonly #host: LoadHost;
  readonly #sql: Prepared;
  readonly #lock: LoadLock;
  readonly #start: LoadStart;
  readonly #source: number;
  readonly #layout: number;
  readonly #firstRecord: number;
  readonly #staging: RecordStaging;
  #nextBlock: number;
  #nextReject = 1;
  #uncommitted = 0;

  constructor(host: LoadHost, lock: LoadLock, start: LoadStart) {
    this.#host = host;
    this.#sql = host.sql;
    this.#lock = lock;
    this.#start = start;
    this.#sql.db.pragma(`busy_timeout=${PATIENT_MS}`);
    if (start.columns.length > 0) this.#sql.db.pragma(`cache_size=${TABLE_CACHE_KB}`);
    const writer = host.writer();
    this.#source = writer.sourceOf(start.source);
    this.#layout = writer.layoutOf(start.columns);
    this.#firstRecord = nextId(this.#sql, 'record');
    this.#nextBlock = nextId(this.#sql, 'block');
    this.id = nextId(this.#sql, 'import');
    this.#sql.run(
      "INSERT INTO import(id, source, state, first_record, first_block, file, sha256, bytes, head, taken_at, loaded_at, policy_version, counts) VALUES(?, ?, 'loading', ?, ?, ?, '', 0, '', ?, ?, ?, '{}')",
      this.id,
      this.#source,
      this.#firstRecord,
      this.#nextBlock,
      start.file,
      start.takenAt,
      start.loadedAt,
      start.policyVersion,
    );
    this.#staging = new RecordStaging(this.#sql, {
      import: this.id,
      source: this.#source,
      layout: this.#layout,
      firstRecord: this.#firstRecord,
    });
  }

  /** To be called once, outside of any transaction. */
  start(): void {
    // What a power failure takes of a staged import was not there for anybody; publish waits for the disk.
    this.#sql.db.pragma('synchronous=NORMAL');
  }

  async putRecords(batch: readonly NewRecord[]): Promise<readonly RowFate[]> {
    return this.#staged(batch.length, 0, () => this.#staging.put(batch));
  }

  async putBlocks(batch: readonly NewBlock[]): Promise<void> {
    const bytes = batch.reduce((sum, block) => sum + block.body.length, 0);
    await this.#staged(0, bytes, () => {
      for (const block of batch) this.#putBlock(block);
    });
  }

  async putRejects(batch: readonly NewReject[], expiresOn: PlainDate): Promise<void> {
    await this.#staged(batch.length, 0, () => {
      for (const { line, reason, raw } of batch) {
        this.#sql.run(
          'INSERT INTO reject(import, nth, line, reason, raw, expires_on) VALUES(?, ?, ?, ?, ?, ?)',
          this.id,
          this.#nextReject++,
          line,
          reason,
          raw.toWellFormed(),
          expiresOn,
        );
      }
    });
  }

  async stagedBlocks(filter: BlockFilter, after: number, limit: number): Promise<readonly StoredBlock[]> {
    return this.#host.exclusively(async () =>
      this.#host.writer().blocksWhere('1', { ...filter, import: this.id }, after, limit),
    );
  }

  async unseen(): Promise<{ readonly total: number; readonly unseen: number }> {
    return this.#host.exclusively(async () =>
      countUnseen(this.#sql, this.#source, this.#firstRecord, this.#staging),
    );
  }

  async lineOf(key: string): Promise<number | undefined> {
    return this.#host.exclusively(async () => {
      const place = [this.id, this.#source, key];
      return (
        this.#sql.value<number>(
          'SELECT line FROM record WHERE import = ? AND source = ? AND key = ?',
          ...place,
        ) ??
        this.#sql.value<number>(
          'SELECT line FROM change WHERE import = ? AND record = (SELECT id FROM record WHERE source = ? AND key = ?)',
          ...place,
        )
      );
    });
  }

  async publish(
    end: LoadEnd,
    entry: ActEntry,
    within?: (tx: Writer, result: PublishResult) => Promise<void>,
  ): Promise<PublishResult> {
    await this.flush();
    this.#sql.db.pragma('synchronous=FULL');
    const result = await this.#host.act(entry, async (tx) => {
      const publishing = this.#publishing(end);
      const edits = applyChanges(publishing);
      const gone = end.snapshot ? markVanished(publishing) : { vanished: 0, restored: 0 };
      const found = { ...gone, edits, isInOrder: this.#staging.isInOrder, firstNew: this.#firstRecord };
      this.#closeImport(end);
      if (within !== undefined) await within(tx, found);
      return found;
    });
    await this.#end();
    return result;
  }

  async abandon(): Promise<void> {
    try {
      await this.#host.exclusively(async () => {
        this.#rollbackOpen();
        removeImport(this.#sql, this.id);
      });
    } finally {
      await this.#end();
    }
  }

  /** Ends the open batch, so that the connection is free for something else. */
  async flush(): Promise<void> {
    await this.#host.exclusively(async () => {
      this.#begin();
      this.#staging.flush();
      this.#commit();
    });
  }

  /** Commits what is open; reads and other acts on the connection call it first. */
  commitOpen(): void {
    if (this.#sql.db.inTransaction) this.#commit();
  }

  async #end(): Promise<void> {
    this.#sql.db.pragma(`busy_timeout=${BUSY_MS}`);
    this.#sql.db.pragma(`cache_size=${CACHE_KB}`);
    this.#sql.db.pragma('synchronous=FULL');
    this.#host.ended();
    this.#lock.release();
    await this.#host.checkpointer.close();
  }

  async #staged<T>(rows: number, bytes: number, fn: () => T): Promise<T> {
    return this.#host.exclusively(async () => {
      this.#begin();
      try {
        const result = fn();
        this.#uncommitted += rows / ROWS_A_COMMIT + bytes / BYTES_A_COMMIT;
        if (this.#uncommitted >= 1) this.#commit();
        return result;
      } catch (cause) {
        this.#rollbackOpen();
        throw cause;
      }
    });
  }

  #begin(): void {
    if (this.#sql.db.inTransaction) return;
    try {
      this.#sql.db.exec('BEGIN IMMEDIATE');
    } catch (cause) {
      throw asBusy(cause);
    }
  }

  #commit(): void {
    this.#sql.db.exec('COMMIT');
    this.#uncommitted = 0;
    this.#host.checkpointer.committed();
  }

  #rollbackOpen(): void {
    if (this.#sql.db.inTransaction) this.#sql.db.exec('ROLLBACK');
    this.#uncommitted = 0;
  }

  #putBlock(block: NewBlock): void {
    this.#sql.run(
      'INSERT INTO block(id, source, import, shelf, day, lines, min_at, max_at, tags, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      this.#nextBlock++,
      this.#source,
      this.id,
      block.shelf,
      block.day,
      block.lines,
      block.minAt,
      block.maxAt,
      block.tags,
      block.body,
    );
  }

  #publishing({ reachOf, isAfterEdit }: LoadEnd): Publishing {
    const { columns } = this.#start;
    return {
      sql: this.#sql,
      import: this.id,
      source: this.#source,
      columns,
      staging: this.#staging,
      reachOf,
      isAfterEdit,
    };
  }

  #closeImport(end: LoadEnd): void {
    this.#sql.run(
      "UPDATE import SET state = 'published', sha256 = ?, bytes = ?, head = ?, continues = ?, min_at = ?, max_at = ?, counts = ? WHERE id = ?",
      end.sha256,
      end.bytes,
      end.head,
      end.continues ?? null,
      end.minAt ?? null,
      end.maxAt ?? null,
      JSON.stringify(end.counts),
      this.id,
    );
    setNextId(this.#sql, 'import', this.id + 1);
    setNextId(this.#sql, 'record', this.#staging.nextRecord);
    setNextId(this.#sql, 'block', this.#nextBlock);
  }
}

/** Removes all that an unpublished import left, in one transaction. */
export function removeImport(sql: Prepared, id: number): void {
  const first = sql.one<{ source: number; first_record: number; first_block: number }>(
    "SELECT source, first_record, first_block FROM import WHERE id = ? AND state = 'loading'",
    id,
  );
  if (first === undefined) return;
  inTransaction(sql.db, 'IMMEDIATE', () => {
    const removed = [
      sql.run('DELETE FROM reach WHERE record >= ?', first.first_record),
      sql.run('DELETE FROM record WHERE id >= ? AND import = ?', first.first_record, id),
      sql.run('DELETE FROM block WHERE id >= ? AND import = ?', first.first_block, id),
      sql.run('DELETE FROM change WHERE import = ?', id),
      sql.run('DELETE FROM reject WHERE import = ?', id),
    ];
    sql.run('DELETE FROM import WHERE id = ?', id);
    // A source is known from its first import on.
    sql.run('DELETE FROM source WHERE id = ? AND id NOT IN (SELECT source FROM import)', first.source);
    if (removed.some((rows) => rows > 0)) sql.run("UPDATE meta SET value = 1 WHERE name = 'bytes_pending'");
  });
}
