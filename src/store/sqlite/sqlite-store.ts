import type { ActEntry, Loader, LoadStart, Reader, Store, Writer } from '../store.ts';
import { appendAudit } from './audit.ts';
import { Checkpointer } from './checkpointer.ts';
import { asBusy, inTransaction } from './connection.ts';
import { copyLedger } from './copy.ts';
import { LoadLock } from './load-lock.ts';
import { removeImport, SqliteLoader } from './loader.ts';
import { Prepared } from './prepared.ts';
import { SqliteReader } from './reader.ts';
import { requireSchema } from './schema.ts';
import type { LedgerFile, OpenFile } from './swap.ts';
import { openCurrent, scrubFile } from './swap.ts';
import { SqliteWriter } from './writer.ts';

/** The ledger as one encrypted SQLite file; one connection, one use of it at a time. */
export class SqliteStore implements Store {
  readonly #file: LedgerFile;
  #open: OpenFile;
  #sql: Prepared;
  #loader: SqliteLoader | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: LedgerFile, open: OpenFile) {
    this.#file = file;
    this.#open = open;
    this.#sql = new Prepared(open.db);
  }

  /** Opens the ledger, finishing an interrupted swap; errors for a wrong key or schema. */
  static open(file: LedgerFile): SqliteStore {
    const open = openCurrent(file);
    try {
      requireSchema(open.db);
    } catch (cause) {
      open.db.close();
      throw cause;
    }
    return new SqliteStore(file, open);
  }

  async read<T>(fn: (tx: Reader) => Promise<T>): Promise<T> {
    return this.#exclusively(() =>
      this.#transact('DEFERRED', () => fn(new SqliteReader(this.#sql, this.#file.path))),
    );
  }

  async act<T>(entry: ActEntry, fn: (tx: Writer) => Promise<T>): Promise<T> {
    return this.#exclusively(() =>
      this.#transact('IMMEDIATE', async () => {
        const writer = this.#writer();
        const result = await fn(writer);
        const subject = writer.collectedSubject ?? entry.subject;
        appendAudit(this.#sql, subject === undefined ? entry : { ...entry, subject }, writer.collectedFacts);
        return result;
      }),
    );
  }

  async load(start: LoadStart): Promise<Loader> {
    return this.#exclusively(async () => {
      const lock = LoadLock.take(this.#file.path);
      try {
        // The ids of a dead one would be given again.
        this.#removeDead();
        this.#loader = inTransaction(
          this.#open.db,
          'IMMEDIATE',
          () => new SqliteLoader(this.#host(), lock, start),
        );
        this.#loader.start();
        return this.#loader;
      } catch (cause) {
        lock.release();
        throw asBusy(cause);
      }
    });
  }

  /** Undoes imports whose process died. They were never visible, so that nothing is said of them. */
  removeDeadImports(): void {
    if (this.#deadImports().length === 0) return;
    const lock = LoadLock.tryTake(this.#file.path);
    if (lock === undefined) return;
    try {
      this.#removeDead();
    } finally {
      lock.release();
    }
  }

  /** Unpublished imports; who holds the load lock knows that they are dead. */
  #deadImports(): readonly { readonly id: number }[] {
    return this.#sql.all<{ id: number }>("SELECT id FROM import WHERE state = 'loading'");
  }

  #removeDead(): void {
    for (const { id } of this.#deadImports()) removeImport(this.#sql, id);
  }

  async copyTo(path: string, keyHex: string): Promise<void> {
    await this.#exclusively(async () => copyLedger(this.#open.db, path, keyHex));
  }

  async scrub(): Promise<'scrubbed' | 'bytes-pending'> {
    return this.#exclusively(async () => {
      const result = scrubFile(this.#file, this.#open);
      this.#open = openCurrent(this.#file);
      this.#sql = new Prepared(this.#open.db);
      return result === 'pending' ? 'bytes-pending' : 'scrubbed';
    });
  }

  async close(): Promise<void> {
    await this.#loader?.abandon();
    await this.#exclusively(async () => this.#open.db.close());
  }

  #writer(): SqliteWriter {
    return new SqliteWriter(this.#sql, this.#file.path);
  }

  #host() {
    return {
      sql: this.#sql,
      checkpointer: new Checkpointer(this.#open.db, { path: this.#file.path, key: this.#open.key }),
      writer: () => this.#writer(),
      exclusively: <T>(fn: () => Promise<T>) => this.#queue(fn),
      act: <T>(entry: ActEntry, fn: (tx: Writer) => Promise<T>) => this.act(entry, fn),
      ended: () => {
        this.#loader = undefined;
      },
    };
  }

  /** One use at a time; ends a load's open batch first, so that the connection is free. */
  #exclusively<T>(fn: () => Promise<T>): Promise<T> {
    return this.#queue(() => {
      this.#loader?.commitOpen();
      return fn();
    });
  }

  #queue<T>(fn: () => Promise<T>): Promise<T> {
    const result = this.#last.then(fn);
    this.#last = result.catch(() => {});
    return result;
  }

  async #transact<T>(mode: 'DEFERRED' | 'IMMEDIATE', fn: () => Promise<T>): Promise<T> {
    const { db } = this.#open;
    try {
      db.exec(`BEGIN ${mode}`);
      const result = await fn();
      db.exec('COMMIT');
      return result;
    } catch (cause) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw asBusy(cause);
    }
  }
}
