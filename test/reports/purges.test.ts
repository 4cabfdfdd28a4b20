import { expect, test } from 'vitest';
import { planPurge, runPurge } from '../../src/retention/purge.ts';
import { add, cellsOf, NOW, reportedLedger, rowsOf } from './reported-ledger.ts';

test('a purge is listed group by group, as it was carried out', async () => {
  const ledger = await reportedLedger();
  const { plan } = await runPurge(ledger, await planPurge(ledger));
  const rows = await rowsOf(ledger, 'purges');
  expect(rows.every((row) => row.purge === 1 && row.at === NOW && row.plan === plan.digest)).toBe(true);
  expect(cellsOf(rows, 'source', 'category', 'count', 'run_protected', 'run_bytes')).toEqual([
    ['payments', 'payments', 2, 0, 'scrubbed'],
    ['web_log', 'server_log', 3, 0, 'scrubbed'],
  ]);
  await ledger.store.close();
});

test('a purge without a group is one row, and days outside the period are left out', async () => {
  const ledger = await reportedLedger();
  for (const at of ['2026-06-01T03:59:59Z', '2026-06-01T04:00:00Z']) {
    await add(ledger, 'purge', {
      state: 'done',
      subject: undefined,
      at,
      plan: 'sha256:00',
      applied: [],
      protectedCount: 4,
      bytes: 'not-needed',
    });
  }
  const rows = await rowsOf(ledger, 'purges', { from: '2026-06-01', to: undefined });
  expect(cellsOf(rows, 'purge', 'source', 'action', 'count', 'run_protected')).toEqual([
    [2, undefined, 'none', 0, 4],
  ]);
  await ledger.store.close();
});
