import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExitCode, UserError } from '../../base/errors.ts';
import { createKeyFile, newKey, overwriteKeyFile, readKeyFile, syncFolder } from '../key-files.ts';
import type { ScrubResult, SealedCopy } from '../store.ts';
import type { Db } from './connection.ts';
import { BUSY_MS, busy, configure, inTransaction, isDiskTrouble, openRaw, sqliteCode } from './connection.ts';
import { copyLedger } from './copy.ts';
import { throughGate } from './gate.ts';
import { removeAllStaged } from './staged-files.ts';

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
 * Replaces the ledger by a clean copy under a new key; closes `open.db` either way. Changes nothing where
 * another connection is open, or where the disk does not take the copy. The caller opens the ledger again,
 * which is what drops the old key.
 */
export function scrubFile(file: LedgerFile, open: OpenFile): ScrubResult {
  try {
    return takeExclusively(open.db) ? replaceFile(file, open) : 'in-use';
  } catch (error) {
    if (isDiskTrouble(error)) return 'disk-trouble';
    throw error;
  } finally {
    if (open.db.open) open.db.close();
  }
}

function replaceFile(file: LedgerFile, open: OpenFile): 'scrubbed' {
  // A restore would have the ledger open.
  removeAllStaged(file.path);
  putInPlace(file, open, writeSuccessor(file, open, open.db));
  return 'scrubbed';
}

function putInPlace(file: LedgerFile, open: OpenFile, { name }: Successor): void {
  throughGate(file.path, 'alone', () => {
    supersede(open.db, name);
    renameSync(join(dirname(file.path), name), file.path);
    syncFolder(dirname(file.path));
    open.db.close();
  });
}

/** The clean copy beside the ledger that is about to take its place. */
interface Successor {
  readonly name: string;
  readonly key: string;
}

/** What takes the place of a ledger, and what has to be so for that. */
export interface Replacement {
  readonly from: SealedCopy;
  /** Looked at with the ledger taken exclusively: false where it is no longer what the copy was made for. */
  readonly isCurrent: () => boolean;
  /** Looks at the very file that will be in place; where it throws, nothing has changed. */
  readonly check: (successor: SealedCopy) => Promise<void>;
}

/**
 * Replaces the ledger by another copy of it, as a scrub does: killed at any point it leaves the one or the
 * other. Closes `open.db` either way; `in-use` where another connection is open or has written meanwhile.
 */
export async function replaceLedger(
  file: LedgerFile,
  open: OpenFile,
  { from, isCurrent, check }: Replacement,
): Promise<'replaced' | 'in-use'> {
  const source = openRaw(from.path, from.key);
  try {
    if (!takeExclusively(open.db) || !isCurrent()) return 'in-use';
    const successor = writeSuccessor(file, open, source);
    try {
      await check({ path: join(dirname(file.path), successor.name), key: successor.key });
    } catch (cause) {
      removeSuccessors(file);
      overwriteKeyFile(file.keyPath, { current: open.key, next: undefined });
      throw cause;
    }
    putInPlace(file, open, successor);
    return 'replaced';
  } finally {
    source.close();
    if (open.db.open) open.db.close();
  }
}

/**
 * Puts a copy where no ledger is, under a new key in a new key file. The key is on the disk before the
 * name is, so that a kill leaves no ledger that nobody can open.
 */
export async function placeLedger(
  file: LedgerFile,
  from: SealedCopy,
  check: Replacement['check'],
): Promise<void> {
  const key = newKey();
  const path = `${file.path}.1`;
  const source = openRaw(from.path, from.key);
  try {
    removeSuccessors(file);
    const epoch = epochOf(source) + 1;
    copyLedger(source, path, key, { settle: (schema) => beginEpoch(source, schema, epoch) });
    await check({ path, key });
    createKeyFile(file.keyPath, key);
    throughGate(file.path, 'alone', () => renameSync(path, file.path));
    syncFolder(dirname(file.path));
  } catch (cause) {
    removeSuccessors(file);
    throw cause;
  } finally {
    source.close();
  }
}

function epochOf(db: Db): number {
  return Number(db.prepare("SELECT value FROM meta WHERE name = 'epoch'").pluck().get());
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

function writeSuccessor(file: LedgerFile, open: OpenFile, from: Db): Successor {
  const folder = dirname(file.path);
  const next = newKey();
  overwriteKeyFile(file.keyPath, { current: open.key, next });
  removeSuccessors(file);
  const epoch = epochOf(open.db) + 1;
  const name = `${basename(file.path)}.${epoch}`;
  try {
    copyLedger(from, join(folder, name), next, { settle: (schema) => beginEpoch(from, schema, epoch) });
  } catch (error) {
    removeSuccessors(file);
    throw error;
  }
  return { name, key: next };
}

/** A file of its own starts without a byte of what was erased before. */
function beginEpoch(db: Db, schema: string, epoch: number): void {
  db.prepare(`UPDATE ${schema}.meta SET value = ? WHERE name = 'epoch'`).run(epoch);
  db.prepare(`UPDATE ${schema}.meta SET value = 0 WHERE name = 'bytes_pending'`).run();
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
