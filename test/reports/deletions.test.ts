import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../src/store/ledger.ts';
import type { WorkOrder } from '../../src/store/registers.ts';
import { add, anOutcome, aRequest, cellsOf, NOW, rowsOf, unloadedLedger } from './reported-ledger.ts';

let ledger: Ledger;

beforeEach(async () => {
  ledger = await unloadedLedger();
});

afterEach(async () => {
  await ledger.store.close();
});

const erased = {
  source: 'users',
  category: 'account',
  action: 'erase',
  count: 1,
  basis: undefined,
  until: undefined,
};
const kept = {
  source: 'payments',
  category: 'payments',
  action: 'retain',
  count: 2,
  basis: 'legal-obligation: tax',
  until: '2033-12-31',
};
const outcome = anOutcome({ applied: [erased, kept], orders: 3, bytes: 'pending' });

test('each group of a deletion is a row, with the orders upstream of its source', async () => {
  const { id } = await add(
    ledger,
    'request',
    aRequest({ type: 'delete', state: 'ordered-upstream', outcome }),
  );
  for (const state of ['ordered', 'confirmed', 'confirmed', 'ended'])
    await add(ledger, 'work-order', anOrder(id, state));
  await add(ledger, 'work-order', anOrder(id + 1, 'ordered'));
  const common = {
    request: 'R-000001',
    type: 'delete',
    state: 'ordered-upstream',
    applied_on: '2026-05-19',
    bytes: 'pending',
  };
  const orders = (open: number, confirmed: number, ended: number) => ({
    source_orders_open: open,
    source_orders_confirmed: confirmed,
    source_orders_ended: ended,
  });
  expect(await rowsOf(ledger, 'deletions')).toEqual([
    { ...common, ...erased, ...orders(1, 2, 1) },
    { ...common, ...kept, ...orders(0, 0, 0) },
  ]);
});

test('a deletion that a parent asked for is one; other requests and those not carried out are none', async () => {
  const parental = (action: 'delete' | 'review') => ({ action, parent: 2 });
  await add(ledger, 'request', aRequest({ type: 'parental-review', parental: parental('review'), outcome }));
  await add(ledger, 'request', aRequest({ type: 'parental-review', parental: parental('delete'), outcome }));
  await add(ledger, 'request', aRequest({ type: 'access', outcome }));
  await add(ledger, 'request', aRequest({ type: 'delete' }));
  const rows = await rowsOf(ledger, 'deletions');
  expect(cellsOf(rows, 'request', 'action')).toEqual([
    ['R-000002', 'erase'],
    ['R-000002', 'retain'],
  ]);
});

test('the period is that of the day on which it was applied', async () => {
  await add(ledger, 'request', aRequest({ type: 'delete', outcome }));
  expect(await rowsOf(ledger, 'deletions', { from: '2026-05-19', to: '2026-05-19' })).toHaveLength(2);
  expect(await rowsOf(ledger, 'deletions', { from: '2026-05-20', to: undefined })).toEqual([]);
});

test('no key of a row and no person is named', async () => {
  const { id } = await add(ledger, 'request', aRequest({ type: 'delete', outcome }));
  await add(ledger, 'work-order', anOrder(id, 'ordered'));
  expect(JSON.stringify(await rowsOf(ledger, 'deletions'))).not.toMatch(/key-of-ada|S-0/);
});

function anOrder(request: number, state: string): Omit<WorkOrder, 'id'> {
  const order = {
    source: 'users',
    digest: 'd1'.repeat(32),
    tag: 1,
    sealed: 'key-of-ada',
    fields: [],
    action: 'delete' as const,
    record: undefined,
  };
  return { ...order, state, request, subject: 1, orderedAt: NOW, endedAt: undefined };
}
