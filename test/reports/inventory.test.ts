import { afterEach, beforeEach, expect, test } from 'vitest';
import { inventoryTable } from '../../src/reports/inventory.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { cellsOf, FORMULAS, reportedLedger, rowsOf } from './reported-ledger.ts';

let ledger: Ledger;

beforeEach(async () => {
  ledger = await reportedLedger();
});

afterEach(async () => {
  await ledger.store.close();
});

test('every column of every source is there, those that are never stored too', async () => {
  const rows = await rowsOf(ledger, 'inventory');
  const columnsOf = (name: string) =>
    cellsOf(
      rows.filter(({ source }) => source === name),
      'column',
      'handling',
    );
  expect(columnsOf('users')).toEqual([
    ...['id', 'email', 'confirmed', 'name', 'status', ...FORMULAS].map((column) => [column, 'stored']),
    ['password', 'never'],
    ['theme', 'ignored'],
  ]);
  expect(
    columnsOf('web_log')
      .flat()
      .filter((cell) => cell !== 'stored'),
  ).toEqual(['host', 'ident', 'user', 'time', 'path', 'status', 'bytes', 'referrer', 'agent', 'query.sid']);
});

test.each([
  [
    'users',
    'id',
    { identifiers: ['user_id'], roles: ['subject'], uses: ['key'], kept_on_deletion: ['P3Y legal-claims'] },
  ],
  ['users', 'email', { identifiers: ['email'], verifies: true, visible: false, data_category: undefined }],
  ['users', 'confirmed', { identifiers: [], uses: ['confirmation'] }],
  ['users', 'name', { visible: true, verifies: false, data_category: 'user.name' }],
  ['users', 'status', { uses: ['ground'], kept_on_deletion: [] }],
  ['payments', 'paid_at', { uses: ['retention-date'], expires_after: 'P7Y', expires_by: 'law', rows: 4 }],
  ['messages', 'to', { identifiers: ['user_id'], roles: ['recipient'], origin: 'the app' }],
  ['messages', 'body', { free_text: true, on_deletion: ['author: anonymise', 'recipient: keep'] }],
  ['web_log', 'query.sid', { identifiers: ['cookie'], type: 'log', rows: 5 }],
  ['web_log', 'host', { on_deletion: ['subject: erase', 'counted by hour, status'], purposes: [] }],
  ['surveys', 'email', { rows: 0, category: 'account' }],
])('%s.%s', async (source, column, expected) => {
  const rows = await rowsOf(ledger, 'inventory');
  expect(rows.find((row) => row.source === source && row.column === column)).toMatchObject(expected);
});

test('a category carries its purposes, their bases and who gets it', async () => {
  const rows = await rowsOf(ledger, 'inventory');
  const category = rows.filter(({ source }) => source === 'users');
  expect(
    new Set(cellsOf(category, 'purposes', 'legal_bases', 'recipients').map((cells) => JSON.stringify(cells))),
  ).toEqual(new Set(['[["service","contact"],["contract","consent"],["card-processor"]]']));
});

test('a source that the policy no longer names is listed while rows of it are left', async () => {
  const figures = {
    source: 'gone',
    records: 2,
    restricted: 0,
    retained: 0,
    undated: 0,
    events: 0,
    oldestAt: 0,
    newestAt: 0,
  };
  const { rows } = inventoryTable(ledger.policy, [figures, { ...figures, source: 'empty', records: 0 }]);
  expect(cellsOf(rows.slice(-1), 'source', 'type', 'category', 'rows')).toEqual([
    ['gone', 'not-in-policy', undefined, 2],
  ]);
});
