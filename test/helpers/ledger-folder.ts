import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createKeyFile, newKey } from '../../src/store/key-files.ts';
import { createLedgerFile } from '../../src/store/sqlite/create.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { LedgerFile } from '../../src/store/sqlite/swap.ts';
import type { ActEntry, LoadEnd } from '../../src/store/store.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dsr-test-'));
  folders.push(folder);
  return folder;
}

/** An empty ledger with its key file. */
export function emptyLedger(folder = temporaryFolder()): LedgerFile {
  const file = { path: join(folder, 'dsr.db'), keyPath: join(folder, 'dsr.db.key') };
  const key = newKey();
  createKeyFile(file.keyPath, key);
  createLedgerFile(file.path, key, {
    ledger: 'ab'.repeat(16),
    createdAt: '2026-01-01T00:00:00Z',
    rehearsal: true,
  });
  return file;
}

/** Runs fn with an open store and closes it, whatever happens. */
export async function withStore<T>(file: LedgerFile, fn: (store: SqliteStore) => Promise<T>): Promise<T> {
  const store = SqliteStore.open(file);
  try {
    return await fn(store);
  } finally {
    await store.close();
  }
}

/** An audit entry for tests that are about something else. */
export function anAct(act = 'test.done'): ActEntry {
  return { act, at: '2026-01-02T00:00:00Z', actor: { name: 'tester', login: 'tester' } };
}

/** The end of a snapshot's load, for tests that are about something else. */
export const SNAPSHOT_END: LoadEnd = {
  sha256: 'aa',
  bytes: 10,
  head: 'bb',
  continues: undefined,
  minAt: undefined,
  maxAt: undefined,
  counts: {
    rows_read: 0,
    rows_kept: 0,
    rows_updated: 0,
    rows_vanished: 0,
    rows_rejected: 0,
    rows_suppressed: 0,
  },
  snapshot: true,
  reachOf: () => [],
  isAfterEdit: () => true,
};
