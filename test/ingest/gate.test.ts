import { describe, expect, it } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { exitOf } from '../../src/ingest/report.ts';
import { suppressionDigest } from '../../src/people/digests.ts';
import type { Identifier } from '../../src/people/identifier.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import type { Store, Suppression } from '../../src/store/store.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { aUser, type Desk, POLICY, users, usersFile, withDesk } from './table-loading.ts';

async function suppress(
  ledger: Ledger,
  identifiers: readonly Identifier[],
  reason: Suppression['reason'] = 'erased',
): Promise<void> {
  const { hasher, suppression } = ledger.keys;
  const act = { act: 'test.done', at: ledger.now, actor: ledger.actor };
  await ledger.store.act(act, (tx) =>
    tx.addSuppressions(
      identifiers.map((identifier) => ({
        kind: identifier.kind,
        subject: 1,
        reason,
        request: 3,
        since: ledger.now,
        until: undefined,
        tag: hasher.tag(identifier),
        digest: suppressionDigest(suppression, identifier),
      })),
    ),
  );
}

const account = (value: string): Identifier => ({ kind: 'user_id', value });
const email = (value: string): Identifier => ({ kind: 'email', value });

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
      expect(await desk.record('users', '2')).toBeUndefined();
      expect(await desk.record('users', '3')).toBeDefined();
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
      await suppress(desk.ledger, [account('2')], 'parental-stop');
      const again = await desk.loaded('users.csv', usersFile(aUser(1), aUser(2, 'New Name'), aUser(3)), {
        day: 2,
      });
      expect(again).toMatchObject({ rows_updated: 0, rows_vanished: 0, rows_suppressed: 1 });
      expect(await desk.fields('users', '2')).toMatchObject({ name: 'user 2' });
      expect(await desk.record('users', '2')).toMatchObject({ missed: 0, version: 1 });
    });
  });

  it('may come back under a new account with the old address', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [account('2'), email('u9@example.org')]);
      expect(await desk.loaded('users.csv', usersFile(aUser(9)))).toMatchObject({
        rows_kept: 1,
        rows_suppressed: 0,
      });
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
      await suppress(desk.ledger, identifiers, reason);
      const counts = await desk.loaded('messages.ndjson', messages(LETTER));
      expect(await desk.fields('messages', 'm1')).toEqual(expected);
      const isChanged = JSON.stringify(expected) !== JSON.stringify(LETTER);
      expect(counts).toMatchObject({ rows_kept: 1, rows_suppressed: isChanged ? 1 : 0 });
      const reached = await desk.ledger.store.read((tx) =>
        tx.recordsReached(identifiers.map((identifier) => desk.ledger.keys.hasher.reach(identifier))),
      );
      expect(reached).toHaveLength(isChanged ? 0 : 1);
    });
  });

  it('stays out where the policy erases it with that person', async () => {
    await withDesk(async (desk) => {
      await suppress(desk.ledger, [email('guest@example.org')]);
      const row = { ...LETTER, invited: 'Guest@Example.org' };
      expect(await desk.loaded('messages.ndjson', messages(row))).toMatchObject({
        rows_kept: 0,
        rows_suppressed: 1,
      });
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
          tx.addPolicy({ version: 2, digest: 'sha256:00', appliedAt: ledger.now, text: POLICY }),
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

it('log lines of a suppressed person stay out', async () => {
  await withDesk(async (desk) => {
    await suppress(desk.ledger, [{ kind: 'username', value: 'ada' }]);
    const line = (user: string, second: number) =>
      `203.0.113.9 - ${user} [24/Dec/2025:10:00:0${second} +0000] "GET /a HTTP/1.1" 200 10 "-" "agent"\n`;
    const loaded = await desk.loaded('access.log', line('ada', 1) + line('bea', 2) + line('Ada', 3));
    expect(loaded).toMatchObject({ rows_read: 3, rows_kept: 1, rows_suppressed: 2 });
  });
});
