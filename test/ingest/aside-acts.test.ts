import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/base/errors.ts';
import { closedOrder } from '../../src/duties/outbox.ts';
import {
  admitAside,
  dropAside,
  explainAside,
  listGate,
  releaseSuppressions,
} from '../../src/ingest/aside-acts.ts';
import { rowIdentifier } from '../../src/people/digests.ts';
import type { WorkOrder } from '../../src/store/registers.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { account, BEFORE, email, eraseRow, setAside, suppress } from './suppressing.ts';
import { aUser, type Desk, POLICY, usersFile, withDesk } from './table-loading.ts';

const GUESTS = POLICY.replace(
  'categories:\n',
  `  guests:
    files: "guests*.csv"
    format: csv
    mode: append
    key: id
    subject: { email: email }
    date: day
    category: account
categories:
`,
);

const guests = (...rows: readonly string[]) => `id,email,day\n${rows.map((row) => `${row}\n`).join('')}`;

/** An erased person 2, and a new account with their address while theirs is not confirmed gone. */
async function withDoubt(fn: (desk: Desk) => Promise<void>): Promise<void> {
  await withDesk(async (desk) => {
    await suppress(desk.ledger, [account('2'), email('u9@example.org')], { since: BEFORE });
    await desk.loaded('guests.csv', guests('g1,u9@example.org,2026-03-01', 'g2,u9@example.org,2026-04-02'));
    await desk.loaded('users.csv', usersFile(aUser(1), aUser(9)));
    await fn(desk);
  }, GUESTS);
}

async function lastEntry({ ledger }: Desk): Promise<Record<string, unknown>> {
  const rows = await ledger.store.read((tx) => tx.auditRows(0, 1000));
  return JSON.parse(rows.at(-1)?.entry ?? '{}') as Record<string, unknown>;
}

async function refusal(desk: Desk, fn: () => Promise<unknown>): Promise<string> {
  const before = await ledgerDigest(desk.files);
  const error = await fn().then(
    () => undefined,
    (cause: UserError) => cause,
  );
  expect(await ledgerDigest(desk.files)).toBe(before);
  return `${error?.code} ${error?.exit}`;
}

describe('a row that was set aside', () => {
  it('comes in when staff let it in, with what waits for the account since the erasure, and no older row', async () => {
    await withDoubt(async (desk) => {
      const waiting = await setAside(desk.ledger);
      expect(waiting.map(({ source, verdict }) => [source, verdict])).toEqual([
        ['guests', 'doubtful'],
        ['guests', 'doubtful'],
        ['users', 'doubtful'],
      ]);
      const admission = await admitAside(desk.ledger, 3, 'new-account');
      expect(admission).toMatchObject({ noted: 1, linked: 1, cancelled: 0 });
      expect(await desk.fields('users', '9')).toMatchObject({ email: 'u9@example.org' });
      expect(await desk.record('guests', 'g2')).toBeDefined();
      expect(await desk.record('guests', 'g1')).toBeUndefined();
      expect(await setAside(desk.ledger)).toMatchObject([
        { state: 'waiting', row: waiting[0]?.row },
        { state: 'admitted' },
        { state: 'admitted', decidedBy: 'tester' },
      ]);
      const isSealed = (await setAside(desk.ledger)).map(({ sealed }) => sealed !== undefined);
      expect(isSealed).toEqual([true, false, false]);
      expect(await lastEntry(desk)).toMatchObject({
        act: 'suppression.admitted',
        reason: 'new-account',
        subject: expect.stringMatching(/^[0-9a-f]{64}$/),
        facts: { row: 3, source: 'users', verdict: 'doubtful', noted: 1, linked: 1 },
      });
      expect(JSON.stringify(await lastEntry(desk))).not.toContain('u9@');
    });
  });

  it('that was let in is free ever after, and its later rows too', async () => {
    await withDoubt(async (desk) => {
      await admitAside(desk.ledger, 3, 'new-account');
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(9, 'renamed')), { day: 2 });
      expect(again.imports).toMatchObject([{ rows_updated: 1, rows_suppressed: 0 }]);
      const more = await desk.load('guests-2.csv', guests('g3,u9@example.org,2026-05-01'), { day: 2 });
      expect(more.imports).toMatchObject([{ rows_kept: 1, rows_suppressed: 0 }]);
      const twin = aUser(10).replace('u10@', 'u9@');
      const third = await desk.load('users.csv', usersFile(aUser(1), aUser(9), twin), { day: 3 });
      expect(third.gate).toEqual([{ source: 'users', verdict: 'doubtful', count: 1 }]);
    });
  });

  it('that is no account comes in alone, and what it met stays suppressed', async () => {
    await withDoubt(async (desk) => {
      expect(await admitAside(desk.ledger, 1, 'hers')).toMatchObject({ noted: 0, linked: 0 });
      expect(await desk.record('guests', 'g1')).toBeDefined();
      expect(await desk.record('guests', 'g2')).toBeUndefined();
      const file = guests('g1,u9@example.org,2026-03-03', 'g3,u9@example.org,2026-05-01');
      const again = await desk.load('guests-2.csv', file, { day: 2 });
      expect(again.imports).toMatchObject([{ rows_updated: 1, rows_kept: 0, rows_suppressed: 1 }]);
    });
  });

  it('of an erased person may be let in too, and then nobody has to erase it upstream', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2'), rowIdentifier('users', '2')]);
      await desk.loaded('users.csv', usersFile(aUser(1), aUser(2)));
      const orders = () => desk.ledger.store.read((tx) => tx.entries('work-order'));
      expect(await orders()).toMatchObject([{ state: 'ordered' }]);
      expect(await admitAside(desk.ledger, 1, 'wants-back')).toMatchObject({ noted: 2, cancelled: 1 });
      expect(await orders()).toMatchObject([{ state: 'cancelled' }]);
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(2, 'renamed')), { day: 2 });
      expect(again.imports).toMatchObject([{ rows_updated: 1, rows_suppressed: 0 }]);
    });
  });

  it('that staff drop loses what it held and is not asked about again', async () => {
    await withDoubt(async (desk) => {
      await dropAside(desk.ledger, 3, 'same-person');
      expect(await lastEntry(desk)).toMatchObject({ act: 'suppression.dropped', reason: 'same-person' });
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(9, 'renamed')), { day: 2 });
      expect(again.gate).toEqual([]);
      expect(again.imports).toMatchObject([{ rows_kept: 0, rows_suppressed: 1 }]);
      expect((await setAside(desk.ledger))[2]).toMatchObject({
        state: 'dropped',
        times: 2,
        decidedBy: 'tester',
      });
      expect((await setAside(desk.ledger))[2]?.sealed).toBeUndefined();
      expect(await desk.record('users', '9')).toBeUndefined();
    });
  });

  it('that staff drop stays out when the old account is gone: it is no new sign-up any more', async () => {
    await withDoubt(async (desk) => {
      await eraseRow(desk.ledger, 'users', '2', { since: BEFORE });
      await dropAside(desk.ledger, 3, 'same-person');
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(9, 'renamed')), { day: 2 });
      expect(again.imports).toMatchObject([{ rows_kept: 0, rows_suppressed: 1 }]);
      expect(await desk.record('users', '9')).toBeUndefined();
      expect((await setAside(desk.ledger))[2]).toMatchObject({ state: 'dropped' });
    });
  });

  it('is decided once, and a number that is none is not found', async () => {
    await withDoubt(async (desk) => {
      await dropAside(desk.ledger, 3, 'same-person');
      expect(await refusal(desk, () => admitAside(desk.ledger, 3, 'again'))).toBe('decided-already 4');
      expect(await refusal(desk, () => dropAside(desk.ledger, 3, 'again'))).toBe('decided-already 4');
      expect(await refusal(desk, () => admitAside(desk.ledger, 9, 'again'))).toBe('no-such-row 5');
    });
  });

  it('is explained by what it met, and only a reason shows what it holds in the audit log', async () => {
    await withDoubt(async (desk) => {
      const before = await ledgerDigest(desk.files);
      const explained = await explainAside(desk.ledger, 3, undefined);
      expect(await ledgerDigest(desk.files)).toBe(before);
      expect(explained).toMatchObject({ isAccount: true, met: [{ kind: 'email', subject: 1, request: 3 }] });
      expect(explained.content?.fields.get('email')).toBe('u9@example.org');
      await explainAside(desk.ledger, 3, 'look');
      expect(await lastEntry(desk)).toMatchObject({ act: 'suppression.revealed', reason: 'look' });
    });
  });
});

describe('a release', () => {
  it('lets in what was doubtful, drops old rows that waited, and names the last copy from before', async () => {
    await withDoubt(async (desk) => {
      await eraseRow(desk.ledger, 'payments', 'p1', { since: BEFORE });
      await desk.loaded('payments.csv', 'id,user,paid_on,memo\np1,,1/2/2026,a\n');
      expect(await setAside(desk.ledger)).toHaveLength(4);
      const release = await releaseSuppressions(desk.ledger, { subject: 1 }, 'wants-back');
      expect(release.released).toHaveLength(3);
      expect(release).toMatchObject({ entered: 3, copiesUntil: undefined });
      expect(await desk.record('users', '9')).toBeDefined();
      expect(await desk.record('payments', 'p1')).toBeUndefined();
      const { suppressions, waiting } = await desk.ledger.store.read((tx) => listGate(tx, undefined));
      expect({ suppressions, waiting }).toEqual({ suppressions: [], waiting: [] });
      expect(await lastEntry(desk)).toMatchObject({
        act: 'suppression.released',
        facts: { released: 3, entered: 3 },
      });
    });
  });

  it('lets a row come in that was gone upstream, and orders it away no more', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2'), rowIdentifier('users', '2')], { since: BEFORE });
      const orders = () => desk.ledger.store.read((tx) => tx.entries('work-order'));
      await desk.loaded('users.csv', usersFile(aUser(1), aUser(2)));
      const [order] = (await orders()) as readonly [WorkOrder];
      const gone = { ...closedOrder(order, 'confirmed', desk.ledger, 'import'), orderedAt: BEFORE };
      const act = { act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor };
      await desk.ledger.store.act(act, (tx) => tx.put('work-order', gone));
      await releaseSuppressions(desk.ledger, { subject: 1 }, 'wants-back');
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(2, 'back')), { day: 2 });
      expect(again).toMatchObject({ verdicts: [], imports: [{ rows_kept: 1, rows_suppressed: 0 }] });
      expect(await orders()).toMatchObject([{ state: 'confirmed' }]);
    });
  });

  it('of one suppression leaves the others', async () => {
    await withDoubt(async (desk) => {
      const release = await releaseSuppressions(desk.ledger, { id: 1 }, 'number-reassigned');
      expect(release).toMatchObject({ released: [{ id: 1, kind: 'user_id' }], entered: 0 });
      expect(await setAside(desk.ledger)).toHaveLength(3);
      expect(
        await refusal(desk, () => releaseSuppressions(desk.ledger, { id: 1 }, 'number-reassigned')),
      ).toBe('not-suppressed 5');
    });
  });
});
