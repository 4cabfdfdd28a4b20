import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { cellsOf, reportedLedger, rowsOf } from './reported-ledger.ts';

test('each import is a row with its counts, and what was never loaded is said', async () => {
  const ledger = await reportedLedger();
  const rows = await rowsOf(ledger, 'imports');
  expect(cellsOf(rows, 'source', 'state', 'rows_read', 'age_days', 'newest').toSorted()).toEqual([
    ['messages', 'loaded', 1, 6, true],
    ['payments', 'loaded', 4, 6, true],
    ['surveys', 'never-loaded', undefined, undefined, undefined],
    ['users', 'loaded', 3, 6, true],
    ['web_log', 'loaded', 5, 6, true],
  ]);
  expect(rows.find(({ source }) => source === 'web_log')).toMatchObject({
    bytes: 378,
    first_line_at: '2026-01-01T10:00:00Z',
    last_line_at: '2026-06-02T10:00:00Z',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  await ledger.store.close();
});

test('only the newest export of a source is the newest, and no file name is told', async () => {
  const ledger = await reportedLedger();
  const file = join(dirname(ledger.path), 'payments-of-ada.csv');
  writeFileSync(file, 'id,user_id,paid_at,amount\n5,1,2026-01-01,9\n');
  await ingestPaths(ledger, [file], { takenAt: '2026-06-12T00:00:00Z' });
  const rows = await rowsOf(ledger, 'imports');
  const payments = rows.filter(({ source }) => source === 'payments');
  expect(cellsOf(payments, 'age_days', 'newest')).toEqual([
    [6, false],
    [4, true],
  ]);
  expect(JSON.stringify(rows)).not.toContain('ada');
  await ledger.store.close();
});

test('the period is that of the loading', async () => {
  const ledger = await reportedLedger();
  const loaded = async (from: string) =>
    cellsOf(await rowsOf(ledger, 'imports', { from, to: undefined }), 'state').flat();
  expect(await loaded('2026-06-15')).toEqual(['loaded', 'loaded', 'loaded', 'loaded', 'never-loaded']);
  expect(await loaded('2026-06-16')).toEqual(['never-loaded']);
  await ledger.store.close();
});
