import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Reader } from '../../../src/store/store.ts';
import { BackedUp, ERASED_VALUES, plainBytes, YES } from './backed-up-ledger.ts';

function rowsOf(ledger: BackedUp, source: string): Promise<Record<string, Record<string, unknown>>> {
  return ledger.within(({ store }) =>
    store.read(async (tx) =>
      Object.fromEntries(
        (await tx.listRecords({ source }, 0, 100)).map((row) => [row.key, Object.fromEntries(row.fields)]),
      ),
    ),
  );
}

function read<T>(ledger: BackedUp, fn: (tx: Reader) => Promise<T>): Promise<T> {
  return ledger.within(({ store }) => store.read(fn));
}

async function actsOf(
  ledger: BackedUp,
): Promise<readonly { act: string; facts?: Record<string, unknown> }[]> {
  return read(ledger, async (tx) => (await tx.auditRows(0, 1000)).map(({ entry }) => JSON.parse(entry)));
}

/** What has to be so after every restore that knows what was done since the backup. */
async function expectAllDoneAgain(ledger: BackedUp): Promise<void> {
  const bytes = ledger.bytes();
  expect(ERASED_VALUES.filter((value) => bytes.includes(value))).toEqual([]);
  expect(bytes).toContain('ubeab7002');
  // What was nobody's then, and another's, stays.
  expect(bytes).toContain('ckcidzz778899');
  expect(Object.keys(await rowsOf(ledger, 'clicks'))).toEqual(['k2']);
  const users = await rowsOf(ledger, 'users');
  expect(users).toEqual({
    ubeab7002: { id: 'ubeab7002', email: 'bea.moved@example.org', name: 'Beatrix Marlowe' },
    ucidc7003: { id: 'ucidc7003', email: 'cid.underhold@example.org', name: 'Cid Underhold' },
    // Came after the backup; what was corrected in it is not forgotten.
    udeed7004: { id: 'udeed7004', email: 'dee.later@example.org', name: 'Dee Sooner' },
  });
  expect(await rowsOf(ledger, 'payments')).toMatchObject({
    p1: { id: 'p1', amount: '9.99' },
    p2: { note: 'none' },
  });
  // What a law keeps stays, whenever it came.
  const payments = await read(ledger, (tx) => tx.listRecords({ state: 'retained' }, 0, 10));
  expect(payments).toMatchObject([
    { key: 'p1', retained: { until: '2032-12-31', basis: 'legal-obligation: tax' } },
    { key: 'p9', retained: { until: '2033-12-31', basis: 'legal-obligation: tax' } },
  ]);
  // What a purge had taken of Bea is data of the backup; what it had taken of Ada is an erased person's.
  expect(Object.keys(await rowsOf(ledger, 'visits'))).toEqual(['v2']);
  expect(await rowsOf(ledger, 'messages')).toMatchObject({ m1: { from: '', body: 'hello from [erased]' } });
  const reached = await ledger.within(({ store, keys }) =>
    store.read((tx) =>
      tx.recordsReached([
        keys.hasher.reach({ kind: 'user_id', value: 'uadaq7001' }),
        keys.hasher.reach({ kind: 'email', value: 'ada.quillfeather@example.org' }),
      ]),
    ),
  );
  expect(reached).toEqual([]);
  expect(await read(ledger, (tx) => tx.rejects(1))).toEqual([]);
}

function leftovers(ledger: BackedUp): readonly string[] {
  return readdirSync(ledger.folder).filter((name) => /^dsr\.db\.(\d|restoring|books)/.test(name));
}

describe('a restore beside a live ledger', () => {
  it('brings the data back and does again what was done since', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    const control = plainBytes(ledger.path('one.db'), (await ledger.keys()).key);
    expect(ERASED_VALUES.filter((value) => !control.includes(value))).toEqual([]);
    const before = await read(ledger, (tx) => tx.auditHead());
    const files = readFileSync(ledger.path('one.db'));

    const outcome = await ledger.restore();

    expect(outcome.stderr).toBe('');
    expect(outcome.exit).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ state: 'restored', audit_size: before.size + 1 });
    await expectAllDoneAgain(ledger);
    expect((await actsOf(ledger)).at(-1)).toMatchObject({
      act: 'ledger.restored',
      facts: {
        backup_size: (await ledger.keys()).audit.size,
        persons: 3,
        corrected_rows: 1,
        erased_lines: 3,
      },
    });
    expect((await ledger.json('audit', 'verify')).ok).toBe(true);
    expect(leftovers(ledger)).toEqual([]);
    expect(readFileSync(ledger.path('one.db'))).toEqual(files);
  });

  it('is the same when it is done twice', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    expect((await ledger.restore()).exit).toBe(0);
    expect((await ledger.restore()).exit).toBe(0);
    await expectAllDoneAgain(ledger);
  });

  it('brings back what a purge had taken of others, and goes on counting', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    const counted = await ledger.json('imports');
    await ledger.restore();
    ledger.now = '2026-01-27T09:00:00Z';
    const outcome = await ledger.run('ingest', 'users-2026-01-10.csv', '--json');
    const again = JSON.parse(outcome.stdout) as { imports: { id: number }[] };
    // The number of the import that was undone stays its own.
    const last = Math.max(...(counted.imports as { id: number }[]).map(({ id }) => id));
    expect(again.imports[0]?.id).toBe(last + 1);
  });

  it('does not bring back what a law kept until a day that is over', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    ledger.now = '2033-01-02T09:00:00Z';
    await ledger.run('purge', '--yes');
    expect(Object.keys(await rowsOf(ledger, 'payments'))).toEqual(['p2', 'p9']);
    expect((await ledger.restore()).exit).toBe(0);
    expect(Object.keys(await rowsOf(ledger, 'payments'))).toEqual(['p2', 'p9']);
  });

  it('indexes the rows by the mapping that is in force now', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    const policy = readFileSync(ledger.path('dsr.yaml'), 'utf8');
    const mapped = policy
      .replace('email: email }', 'email: email, username: name }')
      .replace('fields: [name]', '');
    writeFileSync(ledger.path('dsr.yaml'), mapped);
    await ledger.done('policy', 'apply', 'dsr.yaml');
    expect((await ledger.restore()).exit).toBe(0);
    const found = await ledger.json('subject', 'find', 'username:cid underhold');
    expect(found.subjects).toMatchObject([{ records: { users: 1 } }]);
  });

  it('keeps a child out of use whose parent has stopped it since', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.make();
    ledger.now = '2026-01-06T09:00:00Z';
    const child = 'user_id:ucidc7003';
    const parent = ['--parent', 'user_id:ubeab7002'];
    await ledger.done('parent', 'link', child, 'user_id:ubeab7002', '--reason', 'registration-form');
    await ledger.done('consent', 'record', child, ...parent, '--step', 'registration');
    await ledger.run('parental-review', child, ...parent, '--action', 'stop', '--yes');
    const restricted = () => read(ledger, (tx) => tx.listRecords({ state: 'restricted' }, 0, 10));
    const before = (await restricted()).map(({ key }) => key);
    expect(before).toContain('ucidc7003');
    const outcome = await ledger.restore();
    expect(outcome.stderr).toBe('');
    expect((await restricted()).map(({ key }) => key)).toEqual(before);
  });

  it('leaves everything as it was where another connection is open', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    const store = SqliteStore.open({ path: ledger.path('dsr.db'), keyPath: ledger.path('dsr.db.key') });
    const head = await store.read((tx) => tx.auditHead());
    const outcome = await ledger.restore();
    expect(outcome.exit).toBe(11);
    expect(await store.read((tx) => tx.auditHead())).toEqual(head);
    await store.close();
    expect(leftovers(ledger)).toEqual([]);
    expect(Object.keys(await rowsOf(ledger, 'visits'))).toEqual([]);
    expect((await ledger.restore()).exit).toBe(0);
  });
});

it('what a restore that died has left goes with the next scrub', { timeout: 240_000 }, async () => {
  const ledger = await BackedUp.make();
  const left = ['dsr.db.restoring', 'dsr.db.restoring-wal', 'dsr.db.books'];
  for (const name of left) writeFileSync(ledger.path(name), 'ciphertext');
  await ledger.run('delete', 'user_id:uadaq7001', ...YES);
  expect(leftovers(ledger)).toEqual([]);
});

/** Moves all of a ledger away, as a broken disk would. */
function lose(ledger: BackedUp, names = ['dsr.db', 'dsr.db.key', 'dsr.db.secrets']): void {
  mkdirSync(ledger.path('lost'), { recursive: true });
  for (const name of names) renameSync(ledger.path(name), ledger.path(`lost/${name}`));
}

describe('a ledger that was lost', () => {
  it('is made again with its journal, under a new origin', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    await ledger.done('journal', 'dsr.journal');
    const journal = readFileSync(ledger.path('dsr.journal'));
    const { id, origin } = await read(ledger, (tx) => tx.info());
    const size = (await read(ledger, (tx) => tx.auditHead())).size - 1;
    const noted = (await ledger.run('key', 'public')).stdout.trim();
    lose(ledger);
    ledger.now = '2026-01-27T09:00:00Z';

    const outcome = await ledger.restore('--journal', 'dsr.journal');

    expect(outcome.stderr).toBe('');
    expect(outcome.exit).toBe(0);
    await expectAllDoneAgain(ledger);
    expect(await read(ledger, (tx) => tx.info())).toMatchObject({ id, origin: `${origin}/2` });
    expect((await actsOf(ledger)).at(-1)).toMatchObject({
      act: 'ledger.recovered',
      facts: {
        previous_origin: origin,
        previous_size: size,
        lost_from: size + 1,
        lost_to: null,
        journal: true,
      },
    });
    expect((await ledger.run('audit', 'verify')).stdout).toContain('recovered');
    // The key that an auditor noted before the loss goes on to be good.
    expect((await ledger.run('audit', 'export', 'exported')).exit).toBe(0);
    const exported = await ledger.run('audit', 'verify', '--export', 'exported', '--key', noted);
    expect([exported.exit, exported.stdout]).toEqual([0, expect.stringContaining('recovered')]);
    expect(leftovers(ledger)).toEqual([]);
    expect(readFileSync(ledger.path('dsr.journal'))).toEqual(journal);
    for (const name of ['dsr.db', 'dsr.db.key', 'dsr.db.secrets'])
      expect(statSync(ledger.path(name)).mode & 0o777).toBe(0o600);
    // Answers go on, and a second loss gets the next name.
    expect((await ledger.run('access', 'user_id:ubeab7002', ...YES, '--out', 'out')).exit).toBe(0);
    lose(ledger, ['dsr.db', 'dsr.db.key']);
    expect((await ledger.restore('--journal', 'dsr.journal')).exit).toBe(0);
    expect((await read(ledger, (tx) => tx.info())).origin).toBe(`${origin}/2`);
  });

  it('answers nobody without a journal until every source was loaded afresh', {
    timeout: 240_000,
  }, async () => {
    const ledger = await BackedUp.lived();
    lose(ledger);
    ledger.now = '2026-01-27T09:00:00Z';
    const refused = await ledger.restore();
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain('restored-without-journal');
    expect(existsSync(ledger.path('dsr.db'))).toBe(false);

    expect((await ledger.restore('--gap')).exit).toBe(6);
    expect((await ledger.run('audit', 'verify')).exit).toBe(0);
    expect(await ledger.json('backup', 'list')).toMatchObject({
      backups: [{ file: 'one.db', state: 'kept' }],
    });
    const asked = ['access', 'user_id:ubeab7002', ...YES, '--out', 'out', '--json'];
    const blocked = await ledger.run(...asked);
    expect(blocked.exit).toBe(4);
    expect(blocked.stderr).toContain('restored-without-journal');
    expect(existsSync(ledger.path('out'))).toBe(false);

    const sources = ['clicks', 'users', 'payments', 'visits', 'messages', 'access_log'];
    for (const [index, source] of sources.entries()) {
      expect((await ledger.run(...asked)).stderr).toContain(source);
      writeFileSync(ledger.path(`fresh-${index}`), FRESH[source] ?? '');
      await ledger.done(
        'ingest',
        `fresh-${index}`,
        '--source',
        source,
        '--taken-at',
        '2026-01-27T12:00:00Z',
        '--max-vanished',
        '100%',
      );
    }
    expect((await ledger.run(...asked)).exit).toBe(0);
  });

  it.each([
    ['its key file', ['dsr.db'], 4, 'left-of-another'],
    ['a write-ahead log', ['dsr.db', 'dsr.db.key'], 4, 'left-of-another'],
  ] as const)('is not made again beside %s', { timeout: 240_000 }, async (what, names, exit, code) => {
    const ledger = await BackedUp.make();
    await ledger.done('journal', 'dsr.journal');
    lose(ledger, [...names]);
    if (what === 'a write-ahead log') writeFileSync(ledger.path('dsr.db-wal'), 'frames');
    const outcome = await ledger.restore('--journal', 'dsr.journal');
    expect(outcome.exit).toBe(exit);
    expect(outcome.stderr).toContain(code);
    expect(existsSync(ledger.path('dsr.db'))).toBe(false);
  });

  it('does not write over the secrets of another ledger', { timeout: 240_000 }, async () => {
    const [ledger, other] = [await BackedUp.make(), await BackedUp.make()];
    await ledger.done('journal', 'dsr.journal');
    lose(ledger);
    const secrets = readFileSync(other.path('dsr.db.secrets'));
    writeFileSync(ledger.path('dsr.db.secrets'), secrets, { mode: 0o600 });
    const outcome = await ledger.restore('--journal', 'dsr.journal');
    expect(outcome.exit).toBe(20);
    expect(outcome.stderr).toContain('secrets-foreign');
    expect(readFileSync(ledger.path('dsr.db.secrets'))).toEqual(secrets);
    expect(existsSync(ledger.path('dsr.db'))).toBe(false);
  });
});

const FRESH: Readonly<Record<string, string>> = {
  users: 'id,email,name\nubeab7002,bea.moved@example.org,Beatrix Marlowe\n',
  clicks: 'id,user,cookie,button\nk9,ubeab7002,ckbeazz778899,other\n',
  payments: 'id,user,paid,amount,note\np3,ubeab7002,2026-01-26,1.00,none\n',
  visits: 'id,user,at,place\nv3,ubeab7002,2026-01-26,marlowton\n',
  messages: 'id,from,to,body\nm3,ubeab7002,ucidc7003,hi\n',
  access_log: '203.0.113.2 - ubeab7002 [26/Jan/2026:10:00:01 +0000] "GET /b HTTP/1.1" 200 5 "-" "x"\n',
};

/** Flips one byte in the middle of a file. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('what is no use', () => {
  const table: readonly (readonly [string, (ledger: BackedUp) => Promise<void> | void, number, string])[] = [
    ['a backup with one changed byte', (ledger) => damage(ledger.path('one.db')), 20, 'backup-damaged'],
    [
      'a keys file with one changed byte',
      (ledger) => damage(ledger.path('one.db.keys')),
      65,
      'keys-not-opened',
    ],
    [
      'a keys file that is none',
      (ledger) => writeFileSync(ledger.path('one.db.keys'), 'x'),
      65,
      'keys-file-damaged',
    ],
    [
      'the identity of somebody else',
      async (ledger) => writeFileSync(ledger.path('identity.txt'), (await BackedUp.make()).identity),
      65,
      'keys-not-opened',
    ],
    [
      'a backup of another ledger',
      async (ledger) => {
        const other = await BackedUp.make();
        for (const name of ['one.db', 'one.db.keys', 'identity.txt'])
          writeFileSync(ledger.path(name), readFileSync(other.path(name)));
      },
      20,
      'backup-foreign',
    ],
    [
      'a backup that is not there',
      (ledger) => renameSync(ledger.path('one.db'), ledger.path('two.db')),
      5,
      'file-not-found',
    ],
  ];

  it.each(table)('is refused: %s', { timeout: 240_000 }, async (_name, spoil, exit, code) => {
    const ledger = await BackedUp.lived();
    await spoil(ledger);
    const before = [await read(ledger, (tx) => tx.auditHead()), readFileSync(ledger.path('dsr.db.key'))];
    const outcome = await ledger.restore();
    expect(outcome.exit).toBe(exit);
    expect(outcome.stderr).toContain(code);
    expect([await read(ledger, (tx) => tx.auditHead()), readFileSync(ledger.path('dsr.db.key'))]).toEqual(
      before,
    );
    expect(leftovers(ledger)).toEqual([]);
  });

  const journals: readonly (readonly [string, (ledger: BackedUp) => Promise<void> | void, number, string])[] =
    [
      [
        'a journal with one changed byte',
        (ledger) => damage(ledger.path('dsr.journal')),
        20,
        'journal-unusable',
      ],
      [
        'the journal of another ledger',
        async (ledger) => {
          const other = await BackedUp.make();
          await other.done('journal', 'dsr.journal');
          writeFileSync(ledger.path('dsr.journal'), readFileSync(other.path('dsr.journal')));
        },
        20,
        'journal-unusable',
      ],
      [
        'a journal older than the backup',
        async (ledger) => {
          await ledger.done('backup', 'later.db', '--recipient', ledger.recipient);
          for (const end of ['', '.keys'])
            renameSync(ledger.path(`later.db${end}`), ledger.path(`one.db${end}`));
        },
        65,
        'journal-older',
      ],
    ];

  it.each(journals)('is refused: %s', { timeout: 240_000 }, async (_name, spoil, exit, code) => {
    const ledger = await BackedUp.make();
    await ledger.done('journal', 'dsr.journal');
    await spoil(ledger);
    lose(ledger);
    const outcome = await ledger.restore('--journal', 'dsr.journal');
    expect(outcome.stderr).toContain(code);
    expect(outcome.exit).toBe(exit);
    expect(readdirSync(ledger.folder).filter((name) => /^dsr\.db(?!\.(gate|lock)$)/.test(name))).toEqual([]);
  });

  it('a backup of a line that is no longer this ledger’s', { timeout: 240_000 }, async () => {
    const ledger = await BackedUp.lived();
    await ledger.done('journal', 'dsr.journal');
    await ledger.run('subject', 'find', 'user_id:ubeab7002');
    await ledger.done('backup', 'later.db', '--recipient', ledger.recipient);
    lose(ledger);
    expect((await ledger.restore('--journal', 'dsr.journal')).exit).toBe(0);
    await ledger.run('ingest', 'users-2026-01-10.csv');
    for (let i = 0; i < 20; i += 1) await ledger.run('subject', 'find', 'user_id:ubeab7002');
    const outcome = await ledger.run('restore', 'later.db', '--identity', 'identity.txt', '--yes', '--json');
    expect(outcome.exit).toBe(20);
    expect(outcome.stderr).toContain('backup-of-another-line');
  });
});
