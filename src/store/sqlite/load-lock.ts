import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { busy, sqliteCode } from './connection.ts';

/** One loader at a time; the lock frees itself when its process dies, kill -9 included. */
export class LoadLock {
  readonly #db: Database.Database;

  private constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Takes the lock, or returns undefined where another process has it. */
  static tryTake(ledgerPath: string): LoadLock | undefined {
    const path = `${ledgerPath}.lock`;
    const db = new Database(path, { timeout: 0 });
    try {
      chmodSync(path, 0o600);
      db.exec('BEGIN EXCLUSIVE');
      return new LoadLock(db);
    } catch (error) {
      db.close();
      if (sqliteCode(error).startsWith('SQLITE_BUSY')) return undefined;
      throw error;
    }
  }

  static take(ledgerPath: string): LoadLock {
    const lock = LoadLock.tryTake(ledgerPath);
    if (lock === undefined) throw busy();
    return lock;
  }

  release(): void {
    if (!this.#db.open) return;
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#db.close();
  }
}
