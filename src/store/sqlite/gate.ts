import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ExitCode, UserError } from '../../base/errors.ts';
import { busy, sqliteCode } from './connection.ts';

/**
 * Keeps openings and swaps apart. SQLite finds a ledger's write-ahead log by name, so that who has
 * opened the old file but reads it only after the rename would take the new file's log for its own.
 * Openings share the gate, the rename has it alone; it frees itself when its process dies.
 */
export function throughGate<T>(ledgerPath: string, how: 'shared' | 'alone', fn: () => T): T {
  const db = openGate(`${ledgerPath}.gate`);
  try {
    enter(db, how);
    return fn();
  } finally {
    db.close();
  }
}

function openGate(path: string): Database.Database {
  try {
    const db = new Database(path, { timeout: 10_000 });
    chmodSync(path, 0o600);
    return db;
  } catch (cause) {
    throw new UserError('folder-not-writable', 'the folder of the ledger cannot be written', {
      exit: ExitCode.fault,
      hint: 'dsr needs to write beside the ledger, even to read it: check the mount and the permissions',
      cause,
    });
  }
}

function enter(db: Database.Database, how: 'shared' | 'alone'): void {
  try {
    db.exec(how === 'alone' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    throw sqliteCode(error).startsWith('SQLITE_BUSY') ? busy(error) : error;
  }
}
