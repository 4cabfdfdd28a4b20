import { newKey } from '../key-files.ts';
import type { SealedCopy, Store } from '../store.ts';
import { configure, openRaw } from './connection.ts';
import { copyLedger } from './copy.ts';
import { requireSchema } from './schema.ts';
import { SqliteStore } from './sqlite-store.ts';
import { removeStaged } from './staged-files.ts';

/** A copy to work on: its key is kept nowhere, so that what a kill leaves of it is nobody's to read. */
export interface StagedCopy {
  readonly store: SqliteStore;
  readonly copy: SealedCopy;
}

/** Copies a file in the form of a ledger to `path`, at this program's schema; the file itself stays as it is. */
export async function stageCopy(from: SealedCopy, path: string): Promise<StagedCopy> {
  return stage(path, async (copy) => {
    // Nothing is set on this connection: it would change the file.
    const source = openRaw(from.path, from.key);
    try {
      copyLedger(source, copy.path, copy.key);
    } finally {
      source.close();
    }
  });
}

/** Copies the books of an open ledger to `path`, as a journal holds them. */
export async function stageBooks(store: Store, path: string): Promise<StagedCopy> {
  return stage(path, async (copy) => {
    await store.copyTo(copy, 'journal');
  });
}

async function stage(path: string, write: (copy: SealedCopy) => Promise<void>): Promise<StagedCopy> {
  removeStaged(path);
  const copy = { path, key: newKey() };
  try {
    await write(copy);
    return { store: openStaged(copy), copy };
  } catch (cause) {
    removeStaged(path);
    throw cause;
  }
}

function openStaged({ path, key }: SealedCopy): SqliteStore {
  const db = openRaw(path, key);
  try {
    configure(db);
    requireSchema(db);
    const store = SqliteStore.overCopy(path, { db, key });
    store.removeDeadImports();
    return store;
  } catch (cause) {
    db.close();
    throw cause;
  }
}
