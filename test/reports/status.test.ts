import { describe, expect, test } from 'vitest';
import { type StatusFacts, statusOf, type Trouble } from '../../src/reports/status.ts';
import type { Request, WorkOrder } from '../../src/store/registers.ts';
import { anOrder } from '../evidence/certificate/certified-ledger.ts';
import { anOutcome, aRequest } from './reported-ledger.ts';

const NOW = '2026-06-15T12:00:00Z';
const QUIET: StatusFacts = {
  now: NOW,
  zone: 'UTC',
  requests: [],
  orders: [],
  purges: [],
  proofs: [],
  setAside: [],
  checkpoints: [{ id: 1, state: 'issued', subject: undefined, at: NOW, size: 1, root: '', to: 'file' }],
  backups: [],
  journal: undefined,
  restores: [],
  bytesPending: false,
  createdAt: '2026-01-01T00:00:00Z',
  awaitedSources: [],
};

const request = (given: Partial<Request>): Request => ({ ...aRequest(given), id: 1 });
const order = (given: Partial<WorkOrder>): WorkOrder => ({ ...anOrder(given), id: 1 });
const erased = (bytes: 'pending' | 'scrubbed' | 'proven' | 'residue', id = 1): Request => ({
  ...request({ state: 'confirmed', outcome: anOutcome({ bytes }) }),
  id,
});
const backup = {
  id: 1,
  subject: undefined,
  file: 'b.db',
  sha256: '',
  auditSize: 1,
  at: '2026-05-01T00:00:00Z',
};
const row = {
  ...{ id: 1, subject: 1, source: 'users', import: 1, line: 2, row: '', kinds: [], against: [], times: 1 },
  ...{ at: NOW, expiresOn: '2026-09-01', decidedAt: undefined, decidedBy: undefined, sealed: 'x' },
} as const;

const journalOf = (day: string): StatusFacts['journal'] => ({
  ...{ id: 1, state: 'written', subject: undefined, file: 'j', auditSize: 1 },
  at: `${day}T12:00:00Z`,
});

test('where nothing is wrong nothing is said to be', () => {
  expect(statusOf(QUIET).troubles).toEqual([]);
  expect(statusOf({ ...QUIET, requests: [erased('proven')] }).troubles).toEqual([]);
});

const wrong: readonly (readonly [string, Trouble, Partial<StatusFacts>])[] = [
  ['a request past its last day', 'requests-overdue', { requests: [request({ dueOn: '2026-06-14' })] }],
  ['bytes that wait in the ledger', 'bytes-pending', { bytesPending: true }],
  ['bytes of an erasure that wait', 'bytes-pending', { requests: [erased('pending')] }],
  ['bytes that nobody has looked for', 'erasures-unproven', { requests: [erased('scrubbed')] }],
  ['bytes that were found', 'residue-found', { requests: [erased('residue')] }],
  [
    'a row that is still there upstream',
    'still-upstream',
    { orders: [order({ judged: { verdict: 'still-there', why: undefined, import: 2, at: NOW } })] },
  ],
  [
    'a row that waits for a decision',
    'rows-waiting',
    { setAside: [{ ...row, state: 'waiting', verdict: 'doubtful' }] },
  ],
  [
    'a checkpoint that left a week ago',
    'checkpoint-kept-back',
    {
      checkpoints: [
        {
          id: 1,
          state: 'issued',
          subject: undefined,
          at: '2026-06-08T12:00:00Z',
          size: 1,
          root: '',
          to: 'file',
        },
      ],
    },
  ],
  ['a ledger of which none has left', 'checkpoint-kept-back', { checkpoints: [] }],
  [
    'a backup past its last day',
    'backups-over',
    { backups: [{ ...backup, state: 'kept', expiresOn: '2026-06-14' }] },
  ],
  ['a journal that nobody has written anew for a week', 'journal-old', { journal: journalOf('2026-06-08') }],
  ['answers that wait for imports', 'answers-blocked', { awaitedSources: ['users'] }],
];

test.each(wrong)('%s is wrong', (_what, trouble, facts) => {
  expect(statusOf({ ...QUIET, ...facts }).troubles).toEqual([trouble]);
});

const right: readonly (readonly [string, Partial<StatusFacts>])[] = [
  ['a request on its last day', { requests: [request({ dueOn: '2026-06-15' })] }],
  ['one that was answered late', { requests: [request({ dueOn: '2026-06-14', outcome: anOutcome() })] }],
  ['one that was withdrawn', { requests: [request({ state: 'withdrawn', dueOn: '2026-06-14' })] }],
  ['an order that is open', { orders: [order({})] }],
  ['a row that was decided on', { setAside: [{ ...row, state: 'dropped', verdict: 'return' }] }],
  ['a ledger of six days', { checkpoints: [], createdAt: '2026-06-09T00:00:00Z' }],
  ['a journal of six days', { journal: journalOf('2026-06-09') }],
  ['a backup on its last day', { backups: [{ ...backup, state: 'kept', expiresOn: '2026-06-15' }] }],
  ['one that was marked as over', { backups: [{ ...backup, state: 'expired', expiresOn: '2026-06-14' }] }],
];

test.each(right)('%s is not', (_what, facts) => {
  expect(statusOf({ ...QUIET, ...facts }).troubles).toEqual([]);
});

describe('counts', () => {
  test('requests: open, due within a week, overdue', () => {
    const requests = [
      request({ dueOn: '2026-06-14' }),
      request({ dueOn: '2026-06-15' }),
      request({ dueOn: '2026-06-22' }),
      request({ dueOn: '2026-06-23' }),
      request({ dueOn: undefined }),
      request({ state: 'ordered-upstream', dueOn: '2026-06-01', outcome: anOutcome() }),
      request({ state: 'closed', outcome: anOutcome() }),
    ];
    expect(statusOf({ ...QUIET, requests }).requests).toEqual({ open: 6, dueSoon: 2, overdue: 1 });
  });

  test('erasures: what was looked for and not searched whole is told from what nobody has looked for', () => {
    const requests = [erased('scrubbed', 1), erased('scrubbed', 2), erased('proven', 3)];
    const figures = { files: 1, pages: 1, rows: 1, blocks: 1, bytes: 1 };
    const proof = {
      ...{ id: 1, state: 'incomplete', subject: undefined, at: NOW, epoch: 2, fingerprints: 1 },
      ...{ searched: figures, hits: { retained: 0, another: 0, residue: 0 }, places: [], notSearched: [] },
    };
    const { erasures } = statusOf({
      ...QUIET,
      requests,
      proofs: [
        { ...proof, request: 2 },
        { ...proof, request: 3 },
      ],
    });
    expect(erasures).toEqual({ pending: 0, scrubbed: 1, unproven: 1, residue: 0, proven: 1 });
  });

  test('orders: also where there are more than a call takes arguments', () => {
    const orders = Array.from({ length: 200_000 }, (_, id) => order({ id }));
    expect(statusOf({ ...QUIET, orders }).orders.open).toBe(200_000);
  });

  test('orders: how many are open, and for how long; ages of what never was are unknown, not 0', () => {
    const orders = [
      order({ orderedAt: '2026-06-01T00:00:00Z' }),
      order({ orderedAt: '2026-06-10T00:00:00Z' }),
      order({ orderedAt: '2026-01-10T00:00:00Z', state: 'confirmed' }),
    ];
    expect(statusOf({ ...QUIET, orders }).orders).toEqual({ open: 2, oldestDays: 14, stillThere: 0 });
    const { purge, journal, backup, orders: none } = statusOf(QUIET);
    expect([purge.days, journal.days, backup.days, none.oldestDays]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
