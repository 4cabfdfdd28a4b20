import { initLedger, ledgerFiles } from '../../src/store/open.ts';
import type { NewReject } from '../../src/store/store.ts';

/** One export as the ledger holds it; the first column is the key. */
export interface LoadedExport {
  readonly source: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly rejects?: readonly NewReject[];
}

const actor = { name: 'tester', login: 'tester' };
const now = '2026-01-02T10:00:00Z';

/** Makes a ledger with one export in it, through the Store alone; its rows are reached by nothing. */
export async function makeLoadedLedger(
  path: string,
  policyText: string,
  loaded: LoadedExport,
): Promise<void> {
  const files = ledgerFiles(path);
  const ledger = await initLedger({
    files,
    policyText,
    policyFile: 'dsr.yaml',
    actor,
    now,
    rehearsal: false,
  });
  const { rows, rejects = [], source, file, columns } = loaded;
  const start = { source, file, columns, takenAt: '2026-01-01T02:00:00Z', loadedAt: now, policyVersion: 1 };
  const load = await ledger.store.load(start);
  await load.putRecords(
    rows.map((row, index) => ({
      key: row[0] ?? '',
      line: index + 2,
      at: undefined,
      body: JSON.stringify(row),
      reach: [],
    })),
  );
  await load.putRejects(rejects, '2026-04-01');
  await load.publish(endOf(rows.length, rejects.length), { act: 'import.published', at: now, actor });
  await ledger.store.close();
}

function endOf(kept: number, rejected: number) {
  return {
    sha256: 'ab'.repeat(32),
    bytes: 40,
    head: 'cd'.repeat(32),
    continues: undefined,
    minAt: undefined,
    maxAt: undefined,
    snapshot: true,
    reachOf: () => [],
    isAfterEdit: () => true,
    counts: {
      rows_read: kept + rejected,
      rows_kept: kept,
      rows_updated: 0,
      rows_vanished: 0,
      rows_rejected: rejected,
      rows_suppressed: 0,
    },
  };
}
