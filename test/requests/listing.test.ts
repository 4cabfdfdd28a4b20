import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deskOf, type ListingFilter, listRequests } from '../../src/requests/listing.ts';
import { moved, noticed } from '../../src/requests/moves.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { initLedger, ledgerFiles } from '../../src/store/open.ts';
import type { Request } from '../../src/store/registers.ts';

const TODAY = '2026-06-15';
const now = `${TODAY}T09:00:00Z`;
const actor = { name: 'ada', login: 'ada' };
const POLICY = `
controller: { name: Lumen, contact: privacy@lumen.example, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, key: [id], subject: { user_id: id }, category: account }
categories:
  account: { on_delete: erase }
`;

const OPENED: Omit<Request, 'id'> = {
  state: 'received',
  subject: undefined,
  type: 'access',
  regime: 'gdpr',
  channel: undefined,
  requester: 'self',
  receivedOn: '2026-06-01',
  dueOn: undefined,
  openedAt: now,
  verification: { verified: false, method: undefined, matched: 0, needed: 0, tries: 0 },
  asked: undefined,
  parental: undefined,
  level: 'specific',
  plan: undefined,
  approval: undefined,
  history: [],
  notes: [],
  outcome: undefined,
};

type Given = Partial<Request> & { readonly withdrawn?: true };

// Their numbers, from 1 on.
const GIVEN: readonly Given[] = [
  { dueOn: '2026-07-01', type: 'delete' },
  { dueOn: '2026-06-14' },
  { dueOn: '2026-06-01', withdrawn: true },
  { dueOn: '2026-06-15', assignee: 'grace' },
  { dueOn: '2026-06-20', acknowledgeBy: '2026-06-10', assignee: 'grace' },
  { dueOn: undefined },
  { dueOn: '2026-06-30', withdrawn: true, type: 'delete' },
  { dueOn: '2026-06-14', type: 'delete' },
];

let folder: string;
let ledger: Ledger;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-listing-'));
  const files = ledgerFiles(join(folder, 'dsr.db'));
  ledger = await initLedger({
    files,
    policyText: POLICY,
    policyFile: 'dsr.yaml',
    actor,
    now,
    rehearsal: false,
  });
  await ledger.store.act({ act: 'test.opened', at: now, actor }, async (tx) => {
    for (const { withdrawn, ...given } of GIVEN) {
      const request = await tx.add('request', { ...OPENED, ...given });
      await tx.put('request', withdrawn ? moved(request, 'withdraw', ledger) : noticed(request));
    }
  });
});

afterAll(async () => {
  await ledger.store.close();
  rmSync(folder, { recursive: true });
});

describe('a listing shows who waits first, by the day of attention, then the others, newest first', () => {
  const cases: readonly (readonly [string, ListingFilter, number | undefined, readonly number[], number])[] =
    [
      ['all', {}, undefined, [5, 2, 8, 4, 1, 6, 7, 3], 8],
      ['the first three', {}, 3, [5, 2, 8], 8],
      ['more than those who wait', {}, 7, [5, 2, 8, 4, 1, 6, 7], 8],
      ['one state', { state: 'received' }, 2, [5, 2], 6],
      ['a state in which nobody waits', { state: 'withdrawn' }, 1, [7], 2],
      ['a state that none is in', { state: 'planned' }, undefined, [], 0],
      [
        'overdue: a late answer, or a late confirmation of receipt',
        { overdue: true },
        undefined,
        [5, 2, 8],
        3,
      ],
      ['overdue, of one type', { overdue: true, type: 'delete' }, undefined, [8], 1],
      ['one type, those that have ended too', { type: 'delete' }, 2, [8, 1], 3],
      ['one of staff', { assignee: 'grace' }, undefined, [5, 4], 2],
      ['one of staff, in another state', { assignee: 'grace', state: 'withdrawn' }, undefined, [], 0],
    ];
  test.each(cases)('%s', async (_, filter, limit, ids, total) => {
    const listing = await ledger.store.read((tx) => listRequests(tx, filter, TODAY, limit));
    expect(listing.requests.map(({ id }) => id)).toEqual(ids);
    expect(listing.total).toBe(total);
  });
});

test('the desk counts who waits by when somebody has to see to them', async () => {
  const desk = await ledger.store.read((tx) => deskOf(tx, TODAY, '2026-06-22', 2));
  expect(desk.first.map(({ id }) => id)).toEqual([5, 2]);
  expect(desk).toMatchObject({ past: 3, today: 1, week: 0, later: 2 });
  expect(desk.states).toEqual({ received: 6, withdrawn: 2 });
});
