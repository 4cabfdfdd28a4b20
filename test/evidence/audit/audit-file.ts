import { verifyAudit } from '../../../src/evidence/audit/verify.ts';
import { readKeyFile } from '../../../src/store/key-files.ts';
import { appendAudit } from '../../../src/store/sqlite/audit.ts';
import { configure, type Db, inTransaction, openRaw } from '../../../src/store/sqlite/connection.ts';
import { Prepared } from '../../../src/store/sqlite/prepared.ts';
import { SqliteReader } from '../../../src/store/sqlite/reader.ts';
import type { LedgerFile } from '../../../src/store/sqlite/swap.ts';
import type { ActEntry } from '../../../src/store/store.ts';

const actor = { name: 'Ada', login: 'ada' };

/** Acts as they come: with and without person, request, reason and facts, and letters that take escapes. */
export function someActs(count: number): readonly ActEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    act: index % 2 === 0 ? 'request.opened' : 'purge.done',
    at: `2026-01-0${1 + (index % 9)}T09:00:00Z`,
    actor: index % 4 === 3 ? { ...actor, name: 'Ada "é🦊" \\ Byron', sudo: 'root' } : actor,
    ...(index % 3 === 0 ? { subject: index + 1, request: index + 1 } : {}),
    ...(index % 5 === 0 ? { reason: 'customer-letter' } : {}),
    facts: { count: index, applied: [{ source: 'users', until: undefined, done: true, note: null }] },
  }));
}

/** A ledger's file, opened past every guard, as one who wants to forge the log would. */
export class AuditFile {
  readonly db: Db;
  readonly #sql: Prepared;
  readonly #file: LedgerFile;

  constructor(file: LedgerFile) {
    this.#file = file;
    this.db = openRaw(file.path, readKeyFile(file.keyPath).current);
    configure(this.db);
    this.#sql = new Prepared(this.db);
    this.db.exec('DROP TRIGGER audit_keep_entries; DROP TRIGGER audit_keep_text');
  }

  /** Writes acts with the program's own writer. */
  append(acts: readonly ActEntry[]): void {
    inTransaction(this.db, 'IMMEDIATE', () => {
      for (const act of acts) appendAudit(this.#sql, act, {});
    });
  }

  verify() {
    return verifyAudit(new SqliteReader(this.#sql, this.#file.path));
  }

  /** What the verifier says of the file after a change, which is then undone. */
  async verifyAfter(change: (db: Db) => void) {
    this.db.exec('BEGIN');
    try {
      change(this.db);
      return await this.verify();
    } finally {
      this.db.exec('ROLLBACK');
    }
  }

  entry(seq: number): Buffer {
    return this.db.prepare('SELECT CAST(entry AS BLOB) FROM audit WHERE seq = ?').pluck().get(seq) as Buffer;
  }
}

/** Puts other bytes in the place of an entry, whatever they are. */
export function writeEntry(db: Db, seq: number, bytes: Uint8Array): void {
  db.prepare('UPDATE audit SET entry = CAST(? AS TEXT) WHERE seq = ?').run(bytes, seq);
}
