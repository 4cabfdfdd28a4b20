import Database from 'better-sqlite3';
import { ExitCode, UserError } from '../../base/errors.ts';

export type Db = Database.Database;

/** `dsr1` in the file header. */
export const APPLICATION_ID = 0x64737231;

const PAGE_SIZE = 8192;

/** AEGIS-256, of what the driver has the fastest on processors with AES; attached files take it over. */
const CIPHER = 'aegis';

/** How long a connection waits for the locks of others. */
export const BUSY_MS = 5000;

/** What SQLite's `cache_size` takes: negative for KiB. */
export const CACHE_KB = -32_768;

// Per-connection settings of shared/reliability.md §1.1; each is read back.
const SETTINGS: readonly (readonly [name: string, value: string, readBack: string | number])[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['secure_delete', 'ON', 1],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
  ['mmap_size', '0', 0],
  // Temp files would be plain text.
  ['temp_store', 'MEMORY', 2],
  ['journal_size_limit', '0', 0],
  ['cache_size', String(CACHE_KB), CACHE_KB],
];

/** Opens the file with its key, without touching it: whether the key fits shows at the first read. */
export function openRaw(
  path: string,
  keyHex: string,
  options: { readonly create?: boolean; readonly timeout?: number } = {},
): Db {
  const db = new Database(path, {
    fileMustExist: options.create !== true,
    timeout: options.timeout ?? BUSY_MS,
  });
  try {
    db.pragma(`cipher='${CIPHER}'`);
    if (db.key(keyBytes(keyHex)) !== 0) throw new Error('the driver did not take the key');
    if (options.create === true) db.pragma(`page_size=${PAGE_SIZE}`);
  } catch (cause) {
    db.close();
    throw cause;
  }
  return db;
}

/** The raw form: 0.3 ms; a passphrase would cost a key derivation at every opening. */
export function keyBytes(keyHex: string): Buffer {
  return Buffer.from(`raw:${keyHex}`);
}

/** Sets every per-connection pragma and reads each one back. */
export function configure(db: Db): void {
  for (const [name, value, expected] of SETTINGS) {
    db.pragma(`${name}=${value}`);
    const actual: unknown = db.pragma(name, { simple: true });
    if (actual === expected) continue;
    if (name === 'journal_mode') throw busy();
    throw new Error(`pragma ${name} is ${String(actual)}, not ${expected}`);
  }
}

export function busy(cause?: unknown): UserError {
  return new UserError('ledger-busy', 'the ledger is in use by another process', {
    exit: ExitCode.busy,
    hint: 'run the command again in a moment',
    cause,
  });
}

/** Empties the write-ahead log into the file; a reader that holds the log leaves it as it is. */
export function checkpoint(db: Db): void {
  db.pragma('busy_timeout=0');
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.pragma(`busy_timeout=${BUSY_MS}`);
  }
}

/** A lock that was not to be had, as the user's error; anything else as it is. */
export function asBusy(error: unknown): unknown {
  return sqliteCode(error).startsWith('SQLITE_BUSY') ? busy(error) : error;
}

export function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}

/** Whether the disk is full, fails, or may not be written. */
export function isDiskTrouble(error: unknown): boolean {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return true;
  const code = sqliteCode(error);
  return code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY');
}

/** Runs fn in one transaction; leaves none open, whatever happens. */
export function inTransaction<T>(db: Db, mode: 'DEFERRED' | 'IMMEDIATE' | 'EXCLUSIVE', fn: () => T): T {
  db.exec(`BEGIN ${mode}`);
  try {
    const result = fn();
    db.exec('COMMIT');
    return result;
  } catch (cause) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw cause;
  }
}
