import type {
  ActEntry,
  AuditHead,
  Loader,
  LoadStart,
  Reader,
  ReplaceResult,
  ScrubResult,
  SealedCopy,
  Store,
  Writer,
} from '../store.ts';
import { appendAudit, auditHead } from './audit.ts';
import { JOURNAL_ROWS, takeBooks } from './books.ts';
import { Checkpointer } from './checkpointer.ts';
import { asBusy, checkpoint, inTransaction } from './connection.ts';
import { copyLedger } from './copy.ts';
import { LoadLock } from './load-lock.ts';
import { removeImport, SqliteLoader } from './loader.ts';
import { Prepared } from './prepared.ts';
import { SqliteReader } from './reader.ts';
import { requireSchema } from './schema.ts';
import type { LedgerFile, OpenFile, Replacement } from './swap.ts';
import { openCurrent, replaceLedger, scrubFile } from './swap.ts';
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

  /** A store over a copy whose key is in no file: it cannot be scrubbed or replaced. */
  static overCopy(path: string, open: OpenFile): SqliteStore {
    return new SqliteStore({ path, keyPath: '' }, open);
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

  /** Keeps what the text of a policy means beside that text: nothing but the opening of the ledger reads it. */
  keepCompiled(version: number, text: string, compiled: string): void {
    try {
      this.#sql.run('UPDATE policy SET compiled = ? WHERE version = ? AND body = ?', compiled, version, text);
    } catch (cause) {
      throw asBusy(cause);
    }
  }

  /** Unpublished imports; who holds the load lock knows that they are dead. */
  #deadImports(): readonly { readonly id: number }[] {
    return this.#sql.all<{ id: number }>("SELECT id FROM import WHERE state = 'loading'");
  }

  #removeDead(): void {
    for (const { id } of this.#deadImports()) removeImport(this.#sql, id);
  }

  async copyTo({ path, key }: SealedCopy, what: 'all' | 'journal' = 'all'): Promise<AuditHead> {
    return this.#exclusively(async () => {
      let head: AuditHead | undefined;
      const settle = () => {
        head = auditHead(this.#sql);
      };
      copyLedger(this.#open.db, path, key, what === 'journal' ? { rows: JOURNAL_ROWS, settle } : { settle });
      if (head === undefined) throw new Error('a copy was not settled');
      return head;
    });
  }

  async replaceBy(from: SealedCopy, head: AuditHead, check: Replacement['check']): Promise<ReplaceResult> {
    return this.#exclusively(async () => {
      const isCurrent = () => auditHead(this.#sql).root === head.root;
      try {
        return await replaceLedger(this.#file, this.#open, { from, isCurrent, check });
      } finally {
        this.#open = openCurrent(this.#file);
        this.#sql = new Prepared(this.#open.db);
      }
    });
  }

  /** Replaces all that is not loaded data by what a journal holds; gives the number of rows that come with it. */
  async takeBooks(journal: SealedCopy): Promise<number> {
    return this.#exclusively(async () => takeBooks(this.#open.db, journal));
  }

  async scrub(): Promise<ScrubResult> {
    return this.#exclusively(async () => {
      const result = scrubFile(this.#file, this.#open);
      this.#open = openCurrent(this.#file);
      this.#sql = new Prepared(this.#open.db);
      return result;
    });
  }

  async checkpoint(): Promise<void> {
    await this.#exclusively(async () => checkpoint(this.#open.db));
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
