import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../base/errors.ts';
import { newKey, overwriteKeyFile, readKeyFile, syncFolder } from '../key-files.ts';
import type { Db } from './connection.ts';
import { BUSY_MS, busy, configure, inTransaction, isDiskTrouble, openRaw, sqliteCode } from './connection.ts';
import { copyLedger } from './copy.ts';
import { throughGate } from './gate.ts';

/**
 * The replacement of a ledger by a clean copy under a new key (design §5):
 *
 * 1. take the old file exclusively; any other open connection, even idle, means busy
 * 2. store the next key
 * 3. write `FILE.<epoch+1>` under it, fsync
 * 4. old file: `journal_mode=DELETE`, then commit `superseded_by`
 * 5. rename over the old file, fsync the folder
 * 6. overwrite the old key, under the new file's write lock
 *
 * Steps 4 and 5 happen behind the gate. Who opens a superseded file finishes step 5 and opens the
 * path again. Both keys are tried; the cipher's MAC decides which is right.
 */

export interface LedgerFile {
  readonly path: string;
  readonly keyPath: string;
}

export interface OpenFile {
  readonly db: Db;
  readonly key: string;
}

const PATIENCE_MS = 5000;
const PAUSE_MS = 10;

/** Opens the ledger that the path now means, finishing a swap that died half way. */
export function openCurrent(file: LedgerFile): OpenFile {
  const patience = Date.now() + PATIENCE_MS;
  for (;;) {
    const outcome = throughGate(file.path, 'shared', () => tryKeys(file));
    if (typeof outcome === 'object') {
      settleKey(file, outcome);
      return outcome;
    }
    if (outcome === 'wrong-key') throw foreignKey(file);
    if (outcome === 'superseded') throughGate(file.path, 'alone', () => finishSwap(file));
    else if (Date.now() > patience) throw busy();
    else pause(PAUSE_MS);
  }
}

type Opening = OpenFile | 'wrong-key' | 'superseded' | 'busy';

function tryKeys(file: LedgerFile): Opening {
  const { current, next } = readKeyFile(file.keyPath);
  const opening = tryKey(file, current);
  return opening === 'wrong-key' && next !== undefined ? tryKey(file, next) : opening;
}

/** Does not wait inside the gate: a scrub that holds the file may be waiting for the gate. */
function tryKey(file: LedgerFile, key: string): Opening {
  const db = openRaw(file.path, key, { timeout: 0 });
  let outcome: Opening = 'busy';
  try {
    if (supersededBy(db) === undefined) {
      configure(db);
      db.pragma(`busy_timeout=${BUSY_MS}`);
      outcome = { db, key };
    } else outcome = 'superseded';
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_NOTADB') outcome = 'wrong-key';
    else if (sqliteCode(error) === 'SQLITE_ERROR') throw noLedgerInside(file, error);
    else if (!isBusy(error)) throw error;
  } finally {
    if (typeof outcome !== 'object') db.close();
  }
  return outcome;
}

function noLedgerInside(file: LedgerFile, cause: unknown): UserError {
  return new UserError('ledger-damaged', `${basename(file.path)} holds no ledger`, {
    exit: ExitCode.damaged,
    hint: 'put back a copy of it; dsr makes up nothing',
    cause,
  });
}

function isBusy(error: unknown): boolean {
  return (
    sqliteCode(error).startsWith('SQLITE_BUSY') ||
    (error instanceof UserError && error.code === 'ledger-busy')
  );
}

function foreignKey(file: LedgerFile): UserError {
  return new UserError('key-foreign', 'the ledger does not open with its key file', {
    exit: ExitCode.damaged,
    hint: `put back the ${basename(file.keyPath)} that belongs to this ledger, or the ledger that belongs to the key`,
  });
}

/** Puts the successor of a superseded file in place, if nobody has done so meanwhile. */
function finishSwap(file: LedgerFile): void {
  const { current, next } = readKeyFile(file.keyPath);
  for (const key of next === undefined ? [current] : [current, next]) {
    const successor = readSuccessor(file, key);
    if (successor === undefined) continue;
    renameSync(join(dirname(file.path), successor), file.path);
    syncFolder(dirname(file.path));
    return;
  }
}

function readSuccessor(file: LedgerFile, key: string): string | undefined {
  const db = openRaw(file.path, key);
  try {
    return supersededBy(db);
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_NOTADB') return undefined;
    throw error;
  } finally {
    db.close();
  }
}

function supersededBy(db: Db): string | undefined {
  const name: unknown = db.prepare("SELECT value FROM meta WHERE name = 'superseded_by'").pluck().get();
  if (typeof name !== 'string') return undefined;
  return basename(name);
}

/**
 * Drops the old key once the new file is in place. The write lock of the new file keeps the next
 * scrub out, so that this can never overwrite a key which that scrub has stored.
 */
function settleKey(file: LedgerFile, { db, key }: OpenFile): void {
  if (readKeyFile(file.keyPath).next !== key) return;
  inTransaction(db, 'IMMEDIATE', () => {
    if (readKeyFile(file.keyPath).next === key)
      overwriteKeyFile(file.keyPath, { current: key, next: undefined });
  });
}

/**
 * Replaces the ledger by a clean copy under a new key; closes `open.db` either way. Returns `pending`
 * and changes nothing where another connection is open, or where the disk does not take the copy. The
 * caller opens the ledger again, which is what drops the old key.
 */
export function scrubFile(file: LedgerFile, open: OpenFile): 'scrubbed' | 'pending' {
  try {
    return takeExclusively(open.db) ? replaceFile(file, open) : 'pending';
  } catch (error) {
    if (isDiskTrouble(error)) return 'pending';
    throw error;
  } finally {
    if (open.db.open) open.db.close();
  }
}

function replaceFile(file: LedgerFile, open: OpenFile): 'scrubbed' {
  const successor = writeSuccessor(file, open);
  throughGate(file.path, 'alone', () => {
    supersede(open.db, successor);
    renameSync(join(dirname(file.path), successor), file.path);
    syncFolder(dirname(file.path));
    open.db.close();
  });
  return 'scrubbed';
}

function takeExclusively(db: Db): boolean {
  db.pragma('busy_timeout=2000');
  db.pragma('locking_mode=EXCLUSIVE');
  try {
    inTransaction(db, 'IMMEDIATE', () => db.exec("UPDATE meta SET value = value WHERE name = 'epoch'"));
    return true;
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}

function writeSuccessor(file: LedgerFile, open: OpenFile): string {
  const folder = dirname(file.path);
  const next = newKey();
  overwriteKeyFile(file.keyPath, { current: open.key, next });
  removeSuccessors(file);
  const epoch = Number(open.db.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get()) + 1;
  const name = `${basename(file.path)}.${epoch}`;
  try {
    copyLedger(open.db, join(folder, name), next, (schema) => {
      open.db.prepare(`UPDATE ${schema}.meta SET value = ? WHERE name = 'epoch'`).run(epoch);
      open.db.prepare(`UPDATE ${schema}.meta SET value = 0 WHERE name = 'bytes_pending'`).run();
    });
  } catch (error) {
    removeSuccessors(file);
    throw error;
  }
  return name;
}

/** Removes copies that an earlier scrub left unfinished. */
function removeSuccessors(file: LedgerFile): void {
  const folder = dirname(file.path);
  const stem = `${basename(file.path)}.`;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(stem) && /^\d+(-journal|-wal|-shm)?$/.test(name.slice(stem.length)))
      rmSync(join(folder, name));
  }
}

function supersede(db: Db, successor: string): void {
  const mode: unknown = db.pragma('journal_mode=DELETE', { simple: true });
  if (mode !== 'delete') throw new Error('the old ledger did not leave WAL mode');
  db.prepare("INSERT INTO meta(name, value) VALUES('superseded_by', ?)").run(successor);
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
