import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../src/store/ledger.ts';
import type { Request } from '../../src/store/registers.ts';
import { add, aMove, anOutcome, aRequest, cellsOf, rowsOf, unloadedLedger } from './reported-ledger.ts';

let ledger: Ledger;

beforeEach(async () => {
  ledger = await unloadedLedger();
});

afterEach(async () => {
  await ledger.store.close();
});

test('a request is a row of ids, dates and codes', async () => {
  await add(ledger, 'request', aRequest());
  expect(await rowsOf(ledger, 'register')).toEqual([
    {
      request: 'R-000001',
      type: 'access',
      action: undefined,
      level: 'specific',
      state: 'verified',
      regime: 'gdpr',
      requester: 'self',
      channel: 'mail',
      received_on: '2026-05-01',
      acknowledge_by: undefined,
      acknowledged_on: undefined,
      due_on: '2026-06-01',
      extension_reason: undefined,
      paused_days: undefined,
      answered_on: undefined,
      days: 45,
      late: true,
      outcome: 'open',
      denial_basis: [],
      burden: undefined,
      fee: undefined,
      verified: true,
      verification_method: 'match',
      approval: undefined,
      appeal: undefined,
      appeal_received_on: undefined,
      appeal_decided_on: undefined,
      duplicate_of: undefined,
      reasons: [],
    },
  ]);
});

// A day ends when it ends in New York, five hours behind in winter, four in summer.
const answer = aMove('applied', '2026-06-02T03:59:59Z');
const remain = {
  source: 'payments',
  category: 'payments',
  count: 1,
  fields: ['id'],
  basis: 'tax',
  until: '2033-12-31',
};
const nothing = anOutcome({ applied: [] });

test.each<[string, Partial<Request>, readonly unknown[]]>([
  ['open and due later', { dueOn: '2026-06-15' }, ['open', undefined, 45, false]],
  ['open and without a limit in law', { dueOn: undefined }, ['open', undefined, 45, undefined]],
  [
    'answered on the last day',
    { state: 'closed', history: [answer], outcome: anOutcome() },
    ['answered', '2026-06-01', 31, false],
  ],
  [
    'answered a day late',
    { state: 'closed', dueOn: '2026-05-31', history: [answer], outcome: anOutcome() },
    ['answered', '2026-06-01', 31, true],
  ],
  [
    'answered before it was closed',
    { state: 'closed', history: [answer, aMove('closed', '2026-06-10T00:00:00Z')], outcome: anOutcome() },
    ['answered', '2026-06-01', 31, false],
  ],
  [
    'deleted but for what the law keeps',
    { type: 'delete', state: 'closed', history: [answer], outcome: anOutcome({ remains: [remain] }) },
    ['answered-in-part', '2026-06-01', 31, false],
  ],
  [
    'answered: nothing held',
    { state: 'closed', history: [answer], outcome: nothing },
    ['nothing-held', '2026-06-01', 31, false],
  ],
  [
    'a parent told what there is',
    {
      type: 'parental-review',
      parental: { action: 'describe', parent: 2 },
      state: 'closed',
      history: [answer],
      outcome: nothing,
    },
    ['answered', '2026-06-01', 31, false],
  ],
  [
    'a parent told that nothing is held',
    {
      type: 'parental-review',
      parental: { action: 'review', parent: 2 },
      state: 'closed',
      history: [answer],
      outcome: nothing,
    },
    ['nothing-held', '2026-06-01', 31, false],
  ],
  [
    'denied',
    { state: 'denied', history: [aMove('denied', '2026-05-03T12:00:00Z', 'no-match')] },
    ['denied', '2026-05-03', 2, false],
  ],
  [
    'withdrawn',
    { state: 'withdrawn', history: [aMove('withdrawn', '2026-05-03T12:00:00Z')] },
    ['withdrawn', undefined, undefined, false],
  ],
])('%s', async (_name, given, expected) => {
  await add(ledger, 'request', aRequest(given));
  const rows = await rowsOf(ledger, 'register');
  expect(cellsOf(rows, 'outcome', 'answered_on', 'days', 'late')).toEqual([expected]);
});

test('the reasons are the codes of its history, each once', async () => {
  const history = [
    aMove('received', '2026-05-01T00:00:00Z'),
    ...['no-id', 'no-id', 'fraud'].map((code) => aMove('denied', '2026-05-02T00:00:00Z', code)),
  ];
  await add(ledger, 'request', aRequest({ history }));
  expect(cellsOf(await rowsOf(ledger, 'register'), 'reasons')).toEqual([[['no-id', 'fraud']]]);
});

test('words in the place of a code are not repeated', async () => {
  const words = 'Ada rang, ada@example.org';
  await add(
    ledger,
    'request',
    aRequest({
      channel: words,
      requester: words,
      history: [aMove('received', '2026-05-01T00:00:00Z', words)],
    }),
  );
  const rows = await rowsOf(ledger, 'register');
  expect(cellsOf(rows, 'channel', 'requester', 'reasons')).toEqual([['other', 'other', ['other']]]);
  expect(JSON.stringify(rows)).not.toMatch(/ada/i);
});

test('the period is that of the receipt, both days included', async () => {
  for (const receivedOn of ['2026-04-30', '2026-05-01', '2026-05-02', '2026-05-03']) {
    await add(ledger, 'request', aRequest({ receivedOn }));
  }
  const received = async (from?: string, to?: string) =>
    cellsOf(await rowsOf(ledger, 'register', { from, to }), 'request').flat();
  expect(await received('2026-05-01', '2026-05-02')).toEqual(['R-000002', 'R-000003']);
  expect(await received('2026-05-03')).toEqual(['R-000004']);
  expect(await received(undefined, '2026-04-30')).toEqual(['R-000001']);
});
