import { describe, expect, it } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { exitOf } from '../../src/ingest/report.ts';
import { suppressionDigest } from '../../src/people/digests.ts';
import type { Identifier } from '../../src/people/identifier.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import type { Store, Suppression } from '../../src/store/store.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { account, BEFORE, email, eraseRow, setAside, suppress } from './suppressing.ts';
import { aUser, type Desk, POLICY, users, usersFile, withDesk } from './table-loading.ts';

function messages(...rows: readonly Record<string, unknown>[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const LETTER = { id: 'm1', from: 71, to: 72, invited: null, body: 'I am 4711, write to u71@example.org' };

describe('a suppressed person', () => {
  it('does not come in with a row of their own', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2'), email('u2@example.org')]);
      const report = await desk.load('users.csv', usersFile(...users(3)));
      expect(report.imports).toMatchObject([
        { rows_read: 3, rows_kept: 2, rows_suppressed: 1, rows_rejected: 0 },
      ]);
      expect(exitOf(report)).toBe(6);
      expect(report.gate).toEqual([{ source: 'users', verdict: 'return', count: 1 }]);
      expect(await desk.record('users', '2')).toBeUndefined();
      expect(await desk.record('users', '3')).toBeDefined();
      const [waiting, ...others] = await setAside(desk.ledger);
      expect(others).toEqual([]);
      expect(waiting).toMatchObject({
        state: 'waiting',
        subject: 1,
        source: 'users',
        verdict: 'return',
        kinds: ['user_id', 'email'],
        times: 1,
        expiresOn: '2026-08-30',
      });
      expect(JSON.stringify(waiting)).not.toContain('u2@example.org');
    });
  });

  it('is still there where the export was taken after the erasure, and ordered away again once', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2')], { since: BEFORE });
      const first = await desk.load('users.csv', usersFile(...users(3)));
      expect(first.gate).toEqual([{ source: 'users', verdict: 'still-there', count: 1 }]);
      expect(exitOf(first)).toBe(6);
      const second = await desk.load('users.csv', usersFile(aUser(1), aUser(2, 'other'), aUser(3)), {
        day: 2,
      });
      expect(second.gate).toEqual([{ source: 'users', verdict: 'still-there', count: 1 }]);
      expect(await setAside(desk.ledger)).toMatchObject([{ state: 'waiting', times: 2, import: 2 }]);
      const orders = await desk.ledger.store.read((tx) => tx.entries('work-order'));
      expect(orders).toMatchObject([
        { state: 'ordered', source: 'users', action: 'delete', request: 3, subject: 1 },
      ]);
    });
  });

  it('is known by the key of a row that holds nothing of theirs any more', async () => {
    await withDesk(async (desk) => {
      await eraseRow(desk.ledger, 'payments', 'p1');
      const report = await desk.load(
        'payments.csv',
        'id,user,paid_on,memo\np1,,1/2/2026,a\np2,,1/2/2026,a\n',
      );
      expect(report.gate).toEqual([{ source: 'payments', verdict: 'return', count: 1 }]);
      expect(await desk.record('payments', 'p1')).toBeUndefined();
      expect(await desk.record('payments', 'p2')).toBeDefined();
      expect(await setAside(desk.ledger)).toMatchObject([{ kinds: ['row:payments'] }]);
    });
  });

  it('does not come in with a row that is set aside', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2'), account('77')]);
      const rows = [...users(150), aUser(77, 'x', 'never'), ...users(150, 300)];
      const { id, ...counts } = await desk.loaded('users.csv', usersFile(...rows));
      expect(counts).toMatchObject({ rows_read: 301, rows_kept: 298, rows_suppressed: 3, rows_rejected: 0 });
      expect(await desk.rejects(id)).toEqual([]);
    });
  });

  it('does not come in with a row that cannot be read', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('user-77'), email('ada@example.org')]);
      const good = Array.from({ length: 300 }, (_, index) => ({
        id: `m${index}`,
        from: 1,
        to: 2,
        body: 'a',
      }));
      const bad = [
        '{"id":"x1","from":"user-77",',
        '{"body":"mail Ada@Example.org today"',
        '{"body":"nobody special"',
      ];
      const { id } = await desk.loaded('messages.ndjson', `${messages(...good)}${bad.join('\n')}\n`);
      expect((await desk.rejects(id)).map(({ raw }) => raw)).toEqual([
        '[not kept: names somebody who may not come back]',
        '[not kept: names somebody who may not come back]',
        '{"body":"nobody special"',
      ]);
    });
  });

  it('whose row is here still counts as seen, and the row stays as it is', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(...users(3)));
      await suppress(desk.ledger, [account('2')], { reason: 'parental-stop' });
      const again = await desk.loaded('users.csv', usersFile(aUser(1), aUser(2, 'New Name'), aUser(3)), {
        day: 2,
      });
      expect(again).toMatchObject({ rows_updated: 0, rows_vanished: 0, rows_suppressed: 1 });
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'user 2' });
      expect(await desk.record('users', '2')).toMatchObject({ missed: 0, version: 1 });
    });
  });

  it('whose child is not to be collected any more leaves nothing at all', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2')], { reason: 'parental-stop' });
      const report = await desk.load('users.csv', usersFile(...users(3)));
      expect(report.imports).toMatchObject([{ rows_kept: 2, rows_suppressed: 1 }]);
      expect(report.gate).toEqual([]);
      expect(await setAside(desk.ledger)).toEqual([]);
    });
  });

  it('is not another one whose identifier has the same tag', async () => {
    await withDesk(async (desk) => {
      const act = { act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor };
      const { hasher, suppression } = desk.ledger.keys;
      const other = {
        kind: 'user_id',
        subject: 1,
        reason: 'erased' as const,
        request: 3,
        since: desk.ledger.now,
        until: undefined,
      };
      const digest = suppressionDigest(suppression, account('somebody else'));
      await desk.ledger.store.act(act, (tx) =>
        tx.addSuppressions([{ ...other, tag: hasher.tag(account('2')), digest }]),
      );
      expect(await desk.loaded('users.csv', usersFile(...users(3)))).toMatchObject({
        rows_kept: 3,
        rows_suppressed: 0,
      });
    });
  });
});

describe('a new account with the address of an erased person', () => {
  const erased = [account('2'), email('u9@example.org')];

  it('is doubtful as long as the old account is not confirmed gone', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, erased, { since: BEFORE });
      const report = await desk.load('users.csv', usersFile(aUser(1), aUser(9)));
      expect(report.imports).toMatchObject([{ rows_kept: 1, rows_suppressed: 1 }]);
      expect(report.gate).toEqual([{ source: 'users', verdict: 'doubtful', count: 1 }]);
      expect(exitOf(report)).toBe(6);
      expect(await desk.record('users', '9')).toBeUndefined();
      expect(await setAside(desk.ledger)).toMatchObject([{ verdict: 'doubtful', kinds: ['email'] }]);
    });
  });

  it('comes in once it is, and stays in', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, erased, { since: BEFORE });
      await eraseRow(desk.ledger, 'users', '2', { since: BEFORE });
      const report = await desk.load('users.csv', usersFile(aUser(1), aUser(9)));
      expect(report.imports).toMatchObject([{ rows_kept: 2, rows_suppressed: 0 }]);
      expect(report.gate).toEqual([{ source: 'users', verdict: 'new-sign-up', count: 1 }]);
      expect(exitOf(report)).toBe(0);
      expect(await desk.fields('users', '9')).toMatchObject({ email: 'u9@example.org' });
      expect(await setAside(desk.ledger)).toEqual([]);
      const imports = await desk.ledger.store.read((tx) => tx.imports());
      expect(imports[0]?.counts).toMatchObject({ rows_kept: 2, rows_suppressed: 0 });
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(9, 'renamed')), { day: 2 });
      expect(again.imports).toMatchObject([{ rows_updated: 1, rows_suppressed: 0, rows_vanished: 0 }]);
      expect(await desk.fields('users', '9')).toMatchObject({ name: 'renamed' });
    });
  });

  it('is doubtful in an export from before the erasure', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, erased);
      await eraseRow(desk.ledger, 'users', '2');
      const report = await desk.load('users.csv', usersFile(aUser(1), aUser(9)));
      expect(report.gate).toEqual([{ source: 'users', verdict: 'doubtful', count: 1 }]);
    });
  });

  it('is doubtful where two new accounts claim it', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, erased, { since: BEFORE });
      await eraseRow(desk.ledger, 'users', '2', { since: BEFORE });
      const twin = aUser(10).replace('u10@', 'u9@');
      const report = await desk.load('users.csv', usersFile(aUser(1), aUser(9), twin));
      expect(report.gate).toEqual([{ source: 'users', verdict: 'doubtful', count: 2 }]);
      expect(await desk.records('users')).toHaveLength(1);
    });
  });

  it('is no question where the account was here before: a shared address never decides', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('users.csv', usersFile(aUser(1), aUser(9)));
      await suppress(desk.ledger, erased, { since: BEFORE });
      const again = await desk.load('users.csv', usersFile(aUser(1), aUser(9, 'renamed')), { day: 2 });
      expect(again.imports).toMatchObject([{ rows_updated: 1, rows_vanished: 0, rows_suppressed: 0 }]);
      expect(again.gate).toEqual([]);
      expect(await desk.fields('users', '9')).toMatchObject({ name: 'renamed' });
    });
  });
});

describe('a row with several people, one of them suppressed', () => {
  const cases: readonly (readonly [
    string,
    readonly Identifier[],
    Suppression['reason'],
    object | undefined,
  ])[] = [
    [
      'loses an author who is anonymised',
      [account('71'), email('u71@example.org')],
      'erased',
      { id: 'm1', from: null, to: 72, invited: null, body: 'I am 4711, write to u71@example.org' },
    ],
    ['keeps a recipient whom the policy keeps', [account('72')], 'erased', { ...LETTER }],
    [
      'loses such a recipient when a parent stopped the collection',
      [account('72')],
      'parental-stop',
      { ...LETTER, to: null },
    ],
  ];

  it.each(cases)('%s', async (_, identifiers, reason, expected) => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, identifiers, { reason });
      const counts = await desk.loaded('messages.ndjson', messages(LETTER));
      expect(await desk.fields('messages', 'm1')).toEqual(expected);
      const isChanged = JSON.stringify(expected) !== JSON.stringify(LETTER);
      const suppressed = isChanged ? 1 : 0;
      expect(counts).toMatchObject({ rows_kept: 1 - suppressed, rows_suppressed: suppressed });
      const reached = await desk.ledger.store.read((tx) =>
        tx.recordsReached(identifiers.map((identifier) => desk.ledger.keys.hasher.reach(identifier))),
      );
      expect(reached).toHaveLength(isChanged ? 0 : 1);
    });
  });

  it('waits for a decision where the policy erases it with that person, known only by an address', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [email('guest@example.org')]);
      const report = await desk.load(
        'messages.ndjson',
        messages({ ...LETTER, invited: 'Guest@Example.org' }),
      );
      expect(report.imports).toMatchObject([{ rows_kept: 0, rows_suppressed: 1 }]);
      expect(report.gate).toEqual([{ source: 'messages', verdict: 'doubtful', count: 1 }]);
      expect(await desk.record('messages', 'm1')).toBeUndefined();
    });
  });

  it('has the words of an identifier struck out of its texts', async () => {
    await withDesk(async (desk) => {
      const row = { ...LETTER, from: 'ada-lovelace' };
      await suppress(desk.ledger, [account('ada-lovelace')]);
      await desk.loaded(
        'messages.ndjson',
        messages({ ...row, body: 'so says ada-lovelace, ada-lovelaces not' }),
      );
      expect(await desk.fields('messages', 'm1')).toMatchObject({
        from: null,
        body: 'so says [erased], ada-lovelaces not',
      });
    });
  });

  it('is not updated once it is here', async () => {
    await withDesk(async (desk) => {
      await desk.loaded('messages-1.ndjson', messages(LETTER));
      await suppress(desk.ledger, [account('71')]);
      const again = await desk.loaded('messages-2.ndjson', messages({ ...LETTER, body: 'new' }), { day: 2 });
      expect(again).toMatchObject({ rows_updated: 0, rows_suppressed: 1 });
      expect(await desk.fields('messages', 'm1')).toMatchObject({ body: LETTER.body, from: 71 });
    });
  });
});

/** The ledger, in which something happens between the first look at it and the load. */
function meddled(desk: Desk, meddle: () => Promise<unknown>): Ledger {
  const { store } = desk.ledger;
  const load: Store['load'] = async (start) => {
    await meddle();
    return store.load(start);
  };
  return {
    ...desk.ledger,
    store: Object.assign(Object.create(store) as Store, {
      load,
      read: store.read.bind(store),
      act: store.act.bind(store),
    }),
  };
}

describe('what happens while a file loads undoes it', () => {
  const meddling: readonly (readonly [string, string, (desk: Desk) => Promise<unknown>])[] = [
    ['a suppression', 'gate-changed', (desk) => suppress(desk.ledger, [account('5')])],
    [
      'another policy',
      'policy-changed',
      ({ ledger }) =>
        ledger.store.act({ act: 'policy.applied', at: ledger.now, actor: ledger.actor }, (tx) =>
          tx.addPolicy({ version: 2, digest: 'sha256:00', appliedAt: ledger.now, text: POLICY, files: {} }),
        ),
    ],
    [
      'another import',
      'import-meanwhile',
      (desk) => desk.loaded('payments.csv', 'id,user,paid_on,memo\np1,1,1/2/2026,a\n'),
    ],
  ];

  it.each(meddling)('%s', async (_, code, meddle) => {
    await withDesk(async (desk) => {
      const path = desk.write('users.csv', usersFile(...users(30)), 2);
      let between = '';
      const ledger = meddled(desk, async () => {
        await meddle(desk);
        between = await ledgerDigest(desk.files);
      });
      const { errors } = await ingestPaths(ledger, [path]);
      expect(errors).toMatchObject([{ error: { code, exit: 11 } }]);
      expect(await ledgerDigest(desk.files)).toBe(between);
    });
  });
});

describe('log lines of a suppressed person', () => {
  const ADA: Identifier = { kind: 'username', value: 'ada' };
  const line = (user: string, second: number, path = '/a') =>
    `203.0.113.9 - ${user} [24/Dec/2025:10:00:0${second} +0000] "GET ${path} HTTP/1.1" 200 10 "-" "agent"\n`;
  const counted = POLICY.replace(
    'server_log: { on_delete: erase }',
    'server_log: { on_delete: { count_by: [hour, path, status] } }',
  );

  it('stay out where a deletion leaves nothing of them', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [ADA]);
      const loaded = await desk.loaded('access.log', line('ada', 1) + line('bea', 2) + line('Ada', 3));
      expect(loaded).toMatchObject({ rows_read: 3, rows_kept: 1, rows_suppressed: 2 });
      expect(await desk.ledger.store.read((tx) => tx.eventCounts())).toEqual([]);
    });
  });

  it('become counts where a deletion counts them, with what names people hidden', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [ADA]);
      const lines = line('ada', 1) + line('ada', 2) + line('ada', 3, '/journal/ada') + line('bea', 4);
      const loaded = await desk.loaded('access.log', lines);
      expect(loaded).toMatchObject({ rows_read: 4, rows_kept: 1, rows_suppressed: 3 });
      const counts = await desk.ledger.store.read((tx) => tx.eventCounts('access_log'));
      expect(counts.map(({ path, status, count }) => ({ path, status, count }))).toEqual([
        { path: '/a', status: 200, count: 2 },
        { path: '/journal/:id', status: 200, count: 1 },
      ]);
    }, counted);
  });

  it('are by a device alone only those from before the erasure: it passes on to other people', async () => {
    const browsers = counted.replace(
      'subject: { username: user }',
      'subject: { username: user, cookie: query.sid }',
    );
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [{ kind: 'cookie', value: 'c1' }], { since: '2025-12-24T10:00:03Z' });
      const lines = line('-', 2, '/a?sid=c1') + line('bea', 2, '/a?sid=c1') + line('-', 3, '/a?sid=c1');
      const loaded = await desk.loaded('access.log', lines);
      expect(loaded).toMatchObject({ rows_read: 3, rows_kept: 2, rows_suppressed: 1 });
    }, browsers);
  });

  it('leave not even a count where a parent stopped the collection', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [ADA], { reason: 'parental-stop' });
      const loaded = await desk.loaded('access.log', line('ada', 1) + line('bea', 2));
      expect(loaded).toMatchObject({ rows_kept: 1, rows_suppressed: 1 });
      expect(await desk.ledger.store.read((tx) => tx.eventCounts())).toEqual([]);
    }, counted);
  });

  it('are those of the new account from the erasure on, where one was let in under the name', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [ADA], { since: '2025-12-24T10:00:02Z' });
      await desk.ledger.store.act({ act: 'test.done', at: desk.ledger.now, actor: desk.ledger.actor }, (tx) =>
        tx.putSuppression({ id: 1, until: undefined, admitted: { row: 'ff', at: desk.ledger.now } }),
      );
      const loaded = await desk.loaded('access.log', line('ada', 1) + line('ada', 2) + line('ada', 3));
      expect(loaded).toMatchObject({ rows_kept: 2, rows_suppressed: 1 });
      const [count, ...others] = await desk.ledger.store.read((tx) => tx.eventCounts());
      expect(others).toEqual([]);
      expect(count).toMatchObject({ path: '/a', count: 1 });
    }, counted);
  });
});
