import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { aUser, POLICY, USERS_HEADER, users, usersFile, withDesk } from './table-loading.ts';

const HEADER_TWICE = 'id,email,email_ok,born,created,name,password_hash,cache,id';
const dump = '-- MySQL dump 10.13\nDROP TABLE IF EXISTS `users`;\nINSERT INTO `users` VALUES (1);\n';

interface Refusal {
  readonly code: string;
  readonly message: string;
}

const refusals: readonly (readonly [string, string, () => string | Uint8Array, Refusal])[] = [
  [
    'an unknown column',
    'users.csv',
    () => `${USERS_HEADER},twitter\n${aUser(1)},@ada\n`,
    { code: 'unknown-column', message: 'users.csv:1:57: the policy does not name the column "twitter"' },
  ],
  [
    'an unknown member of a JSON row',
    'messages.ndjson',
    () => '{"id":1,"from":1,"to":2,"body":"a"}\n{"id":2,"from":1,"to":2,"body":"b","mood":"sad"}\n',
    { code: 'unknown-column', message: 'messages.ndjson:2: the policy does not name the column "mood"' },
  ],
  [
    'a missing key column',
    'users.csv',
    () =>
      'email,email_ok,born,created,name,password_hash,cache\na@example.org,1,1990-01-01,2026-01-01,Ada,x,y\n',
    { code: 'missing-column', message: 'users.csv:1: the key column "id" is missing' },
  ],
  [
    'missing columns',
    'users.csv',
    () => 'id,email,name\n1,a@example.org,Ada\n',
    { code: 'missing-column', message: 'users.csv:1: the column "email_ok" is missing, and 2 more' },
  ],
  [
    'a file without its header, of which nothing is shown',
    'payments-x.csv',
    () => 'p1,4711,1/2/2026,Ada Secret\np2,2,1/3/2026,b\n',
    { code: 'unknown-column', message: 'payments-x.csv:1: none of the columns is one of source payments' },
  ],
  [
    'a duplicate natural key within one snapshot',
    'users.csv',
    () => usersFile(...users(20), aUser(7, 'another')),
    { code: 'duplicate-key', message: 'users.csv:22: a second row has the key of line 8' },
  ],
  [
    'the same row twice within one snapshot',
    'users.csv',
    () => usersFile(aUser(1), aUser(1)),
    { code: 'duplicate-key', message: 'users.csv:3: a second row has the key of line 2' },
  ],
  [
    'a column twice',
    'users.csv',
    () => `${HEADER_TWICE}\n${aUser(1)},1\n`,
    { code: 'csv-header', message: 'users.csv:1:57: this column has the same name as column 1' },
  ],
  [
    '__proto__ as a column',
    'users.csv',
    () => `${USERS_HEADER},__proto__\n${aUser(1)},1\n`,
    { code: 'csv-header', message: 'users.csv:1:57: a column may not be named __proto__' },
  ],
  ['an empty file', 'users.csv', () => '', { code: 'empty-file', message: 'users.csv: is empty' }],
  [
    'a file of blank lines',
    'users.csv',
    () => '\n\n',
    { code: 'empty-file', message: 'users.csv: holds no header and no rows' },
  ],
  [
    'a SQL dump where CSV is expected',
    'users.csv',
    () => dump,
    { code: 'not-csv', message: 'users.csv:1: looks like a SQL dump' },
  ],
  [
    'a gz that ends early',
    'users.csv.gz',
    () => gzipSync(usersFile(...users(5000))).subarray(0, 20_000),
    { code: 'gz-truncated', message: 'the gzip data ends early' },
  ],
  [
    'a quote that is never closed',
    'users.csv',
    () => usersFile(...users(3), '4,"u4@example.org,1'),
    {
      code: 'csv-quote-open',
      message: 'users.csv:5: a quote opened in this row is not closed before the file ends',
    },
  ],
  [
    'a file that no source matches',
    'notes.txt',
    () => 'hello\n',
    { code: 'no-source', message: 'notes.txt: no source of the policy matches this file name' },
  ],
];

describe('a file is refused whole, exit 65, and the ledger is as before', () => {
  it.each(refusals)('%s', async (_, name, content, refusal) => {
    await withDesk(async (desk) => {
      await desk.loaded('payments.csv', 'id,user,paid_on,memo\np1,1,1/2/2026,a\n');
      const found = await desk.refused(name, content(), { day: 2 });
      expect(found).toMatchObject({ code: refusal.code, exit: 65, isUnchanged: true });
      expect(found.message).toContain(refusal.message);
      expect(found.message).toContain(name);
    });
  });

  it('more bad rows than the limit, with the first places and no cell', async () => {
    await withDesk(async (desk) => {
      const rows = [
        ...users(98),
        aUser(99, 'Secret Name', 'soon'),
        ',nobody@example.org,1,1990-01-01,2026-01-01,x,y,z',
      ];
      const found = await desk.refused('users.csv', usersFile(...rows));
      expect(found).toMatchObject({
        code: 'too-many-rejects',
        exit: 65,
        message: 'users.csv: 2 of 100 rows cannot be read, and the limit is 1%',
        problems: [
          { file: 'users.csv', line: 100, message: 'bad date in column "created"' },
          { file: 'users.csv', line: 101, message: 'missing key' },
        ],
        isUnchanged: true,
      });
      expect(JSON.stringify(found)).not.toContain('nobody');
      expect(JSON.stringify(found)).not.toContain('Secret');
      const options = { maxRejects: { rows: 1 } };
      expect(await desk.refused('users.csv', usersFile(...rows), options)).toMatchObject({
        code: 'too-many-rejects',
        isUnchanged: true,
      });
      expect(await desk.loaded('users.csv', usersFile(...rows), { maxRejects: { rows: 2 } })).toMatchObject({
        rows_kept: 98,
        rows_rejected: 2,
      });
    });
  });

  it('one bad row where none is allowed', async () => {
    await withDesk(async (desk) => {
      const file = usersFile(...users(1000), aUser(1001, 'x', '2026-02-30'));
      expect(await desk.refused('users.csv', file, { maxRejects: { rows: 0 } })).toMatchObject({
        code: 'too-many-rejects',
        message: 'users.csv: 1 of 1001 rows cannot be read, and the limit is 0',
        isUnchanged: true,
      });
    });
  });

  it('in a thread as well as here', async () => {
    await withDesk(async (desk) => {
      const rows = users(20_000);
      const double = await desk.refused('users.csv', usersFile(...rows, aUser(3)));
      expect(double).toMatchObject({
        code: 'duplicate-key',
        message: 'users.csv:20002: a second row has the key of line 4',
        isUnchanged: true,
      });
      const damaged = gzipSync(
        `${USERS_HEADER}\n`.concat(
          [...rows, ...rows]
            .map(
              (_, index) =>
                `${aUser(index)}${Math.random()}${Math.random()}${Math.random()}${Math.random()}\n`,
            )
            .join(''),
        ),
        { level: 1 },
      );
      expect(damaged.length).toBeGreaterThan(1 << 20);
      expect(await desk.refused('users.csv.gz', damaged.subarray(0, -9))).toMatchObject({
        code: 'gz-truncated',
        exit: 65,
        isUnchanged: true,
      });
    });
  });
});

const asides: readonly (readonly [string, string, string])[] = [
  ['a bad date', aUser(500, 'x', '2026-13-01'), 'bad date in column "created"'],
  ['a bad birth date', '500,a@example.org,1,31.12.1990,2026-01-01,x,y,z', 'bad date in column "born"'],
  ['a NUL byte', aUser(500, 'x\0y'), 'NUL byte'],
  ['another control character', aUser(500, 'x\u001by'), 'control character in column "name"'],
  ['an empty key', aUser(''), 'missing key'],
  ['a key of spaces', aUser('  '), 'missing key'],
  ['a field too many', `${aUser(500)},more`, '9 fields where the header has 8'],
  ['a quote inside a field', aUser(500, 'x"y'), 'a quote inside a field without quotes'],
];

describe('a row is set aside with line and reason, and the rest goes in', () => {
  it.each(asides)('%s', async (_, row, reason) => {
    await withDesk(async (desk) => {
      const loaded = await desk.loaded('users.csv', usersFile(...users(120), row, ...users(120, 200)));
      expect(loaded).toMatchObject({ rows_read: 241, rows_kept: 240, rows_rejected: 1 });
      expect(await desk.rejects(loaded.id)).toMatchObject([{ line: 122, reason }]);
      expect(await desk.record('users', '319')).toMatchObject({ line: 242 });
    });
  });

  it('broken UTF-8', async () => {
    await withDesk(async (desk) => {
      const broken = Buffer.concat([
        Buffer.from('p500,1,1/2/2026,caf'),
        Buffer.from([0xe9]),
        Buffer.from('\n'),
      ]);
      const rows = Array.from({ length: 150 }, (_, index) => `p${index},1,1/2/2026,a\n`).join('');
      const loaded = await desk.loaded(
        'payments.csv',
        Buffer.concat([Buffer.from(`id,user,paid_on,memo\n${rows}`), broken]),
      );
      expect(loaded).toMatchObject({ rows_kept: 150, rows_rejected: 1 });
      expect(await desk.rejects(loaded.id)).toEqual([
        { line: 152, reason: 'broken utf-8', raw: 'p500,1,1/2/2026,caf\\xe9' },
      ]);
    });
  });

  it('a line of 100 MB, which is not held', async () => {
    await withDesk(async (desk) => {
      const path = join(desk.folder, 'exports', 'payments.csv');
      mkdirSync(join(desk.folder, 'exports'));
      const out = createWriteStream(path);
      out.write('id,user,paid_on,memo\np0,1,1/2/2026,');
      const piece = Buffer.alloc(10 << 20, 'x');
      for (let i = 0; i < 10; i += 1)
        if (!out.write(piece)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
      out.end(`\n${Array.from({ length: 150 }, (_, index) => `p${index + 1},1,1/2/2026,a\n`).join('')}`);
      await finished(out);
      const { imports } = await ingestPaths(desk.ledger, [path]);
      expect(imports).toMatchObject([{ rows_read: 151, rows_kept: 150, rows_rejected: 1 }]);
      const [aside] = await desk.rejects(1);
      expect(aside).toMatchObject({ line: 2, reason: 'longer than 1 MiB' });
      expect(aside?.raw.length).toBeLessThanOrEqual(4096);
      expect(process.memoryUsage().rss).toBeLessThan(1_000_000_000);
    });
  });

  it('JSON rows of one line, each of them', async () => {
    const policy = POLICY.replace(
      '    files: "messages*.ndjson"\n    format: ndjson',
      '    files: "messages*.json"\n    format: json',
    );
    await withDesk(async (desk) => {
      const good = Array.from({ length: 300 }, (_, index) => `{"id":${index},"from":1,"to":2,"body":"a"}`);
      const bad = ['{"id":null,"body":"b"}', '{"id":"x","__proto__":1}', '{"id":"y","body":"\\u0000"}'];
      const loaded = await desk.loaded('messages.json', `[${[...good, ...bad].join(',')}]`);
      expect(loaded).toMatchObject({ rows_kept: 300, rows_rejected: 3 });
      expect((await desk.rejects(loaded.id)).map(({ line, reason }) => [line, reason])).toEqual([
        [1, 'missing key'],
        [1, 'a member named __proto__'],
        [1, 'NUL character'],
      ]);
    }, policy);
  });
});

it('a refused file leaves the one loaded before it untouched, and the right one goes in after it', async () => {
  await withDesk(async (desk) => {
    await desk.loaded('users.csv', usersFile(...users(50)));
    const before = await ledgerDigest(desk.files);
    await desk.load('users.csv', usersFile(...users(49), aUser(3)), { day: 2 });
    expect(await ledgerDigest(desk.files)).toBe(before);
    expect(await desk.loaded('users.csv', usersFile(...users(51)), { day: 2 })).toMatchObject({
      rows_kept: 1,
      rows_vanished: 0,
    });
  });
});
