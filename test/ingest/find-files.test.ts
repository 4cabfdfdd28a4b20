import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestPaths } from '../../src/ingest/ingest.ts';
import { exitOf } from '../../src/ingest/report.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { aUser, POLICY, users, usersFile, withDesk } from './table-loading.ts';

const PAYMENTS = 'id,user,paid_on,memo\np1,1,1/2/2026,a\n';

describe('a folder', () => {
  it('gives every file that the policy maps, oldest export first, and says what it left', async () => {
    await withDesk(async (desk) => {
      desk.write('users-b.csv', usersFile(aUser(1, 'newer')), 2);
      desk.write('users-c.csv', usersFile(aUser(1, 'older')), 1);
      desk.write('payments.csv', PAYMENTS, 2);
      desk.write('notes.txt', 'hello');
      mkdirSync(join(desk.folder, 'exports', 'users.csv'));
      const report = await ingestPaths(desk.ledger, [join(desk.folder, 'exports')]);
      expect(report.imports.map(({ file }) => file)).toEqual(['users-c.csv', 'payments.csv', 'users-b.csv']);
      expect(report.skipped).toEqual([
        { file: 'notes.txt', reason: 'no source of the policy matches its name' },
        { file: 'users.csv', reason: 'a folder' },
      ]);
      expect(await desk.fields('users', '1')).toMatchObject({ name: 'newer' });
      expect(exitOf(report)).toBe(0);
    });
  });

  it('loaded twice is the same as once', async () => {
    await withDesk(async (desk) => {
      desk.write('users-b.csv', usersFile(aUser(1, 'newer')), 2);
      desk.write('users-c.csv', usersFile(aUser(1, 'older')), 1);
      await ingestPaths(desk.ledger, [join(desk.folder, 'exports')]);
      const before = await ledgerDigest(desk.files);
      const again = await ingestPaths(desk.ledger, [join(desk.folder, 'exports')]);
      expect(again.imports.map(({ alreadyLoaded }) => alreadyLoaded)).toEqual([true, true]);
      expect(exitOf(again)).toBe(0);
      expect(await ledgerDigest(desk.files)).toBe(before);
    });
  });

  it('of which nothing is mapped is refused; an empty one is not', async () => {
    await withDesk(async (desk) => {
      const exports = join(desk.folder, 'exports');
      mkdirSync(exports);
      expect(exitOf(await ingestPaths(desk.ledger, [exports]))).toBe(0);
      desk.write('notes.txt', 'hello');
      const report = await ingestPaths(desk.ledger, [exports]);
      expect(report.errors).toMatchObject([{ file: 'exports', error: { code: 'no-source', exit: 65 } }]);
    });
  });
});

describe('a path', () => {
  it('that is a link, a pipe, a device or nothing is refused, and the others go in', async () => {
    await withDesk(async (desk) => {
      const real = desk.write('users.csv', usersFile(...users(2)));
      const at = (name: string) => join(desk.folder, 'exports', name);
      symlinkSync(real, at('users-link.csv'));
      execFileSync('mkfifo', [at('users-pipe.csv')]);
      const paths = [at('users-link.csv'), at('users-pipe.csv'), at('users-none.csv'), real];
      const report = await ingestPaths(desk.ledger, [...paths, '/dev/null'], { source: 'users' });
      expect(report.imports.map(({ file }) => file)).toEqual(['users.csv']);
      expect(report.errors.map(({ file, error }) => [file, error.code, error.exit])).toEqual([
        ['users-none.csv', 'file-missing', 5],
        ['null', 'not-a-file', 65],
        ['users-link.csv', 'not-a-file', 65],
        ['users-pipe.csv', 'not-a-file', 65],
      ]);
      expect(exitOf(report)).toBe(3);
    });
  });

  it('that two sources match needs --source', async () => {
    const policy = POLICY.replace('files: "payments*.csv"', 'files: ["payments*.csv", "users-x*.csv"]');
    await withDesk(async (desk) => {
      const found = await desk.refused('users-x.csv', usersFile(...users(2)));
      expect(found).toMatchObject({
        code: 'several-sources',
        exit: 65,
        hint: '--source NAME says which: users, payments',
        isUnchanged: true,
      });
      expect(await desk.loaded('users-x.csv', usersFile(...users(2)), { source: 'users' })).toMatchObject({
        source: 'users',
        rows_kept: 2,
      });
    }, policy);
  });

  it('of another name goes in with --source; an unknown source is an error of the call', async () => {
    await withDesk(async (desk) => {
      expect(await desk.loaded('people.txt', usersFile(...users(2)), { source: 'users' })).toMatchObject({
        source: 'users',
        file: 'people.txt',
      });
      await expect(desk.load('people.txt', '', { source: 'nobody' })).rejects.toMatchObject({
        code: 'unknown-source',
        exit: 5,
      });
    });
  });

  it('with control characters in its name is shown without them', async () => {
    await withDesk(async (desk) => {
      const report = await desk.load('users\u001b[2J.csv', usersFile(...users(2)));
      expect(report.imports).toMatchObject([{ file: 'users\\u{1b}[2J.csv' }]);
    });
  });
});

describe('taken_at', () => {
  const policy = POLICY.replace(
    'files: "users*.csv"',
    'files: "users*.csv"\n    taken_at: "users-YYYY-MM-DD.csv"',
  );

  it('is in the name, or the time of the file, which is never later than now; the flag outweighs both', async () => {
    await withDesk(async (desk) => {
      expect(await desk.loaded('users-2026-03-04.csv', usersFile(...users(1)))).toMatchObject({
        takenAt: '2026-03-04T00:00:00Z',
      });
      expect(await desk.loaded('users.csv', usersFile(...users(2)), { day: 3 })).toMatchObject({
        takenAt: '2026-05-03T00:00:00Z',
      });
      expect(await desk.loaded('users.csv', usersFile(...users(3)), { day: 300 })).toMatchObject({
        takenAt: desk.ledger.now,
      });
      const flag = { takenAt: '2026-07-01T10:00:00Z' };
      expect(await desk.loaded('users-2026-03-05.csv', usersFile(...users(4)), flag)).toMatchObject(flag);
    }, policy);
  });
});

describe('exit codes', () => {
  const good = usersFile(...users(2));

  it('all failed: what they failed with, unusable input first', async () => {
    await withDesk(async (desk) => {
      desk.write('users.csv', 'nonsense,x\n1,2\n');
      const exports = join(desk.folder, 'exports');
      const one = await ingestPaths(desk.ledger, [join(exports, 'users.csv'), join(exports, 'nothing')]);
      expect(exitOf(one)).toBe(65);
      expect(exitOf(await ingestPaths(desk.ledger, [join(exports, 'nothing')]))).toBe(5);
    });
  });

  it('some of several failed: 3', async () => {
    await withDesk(async (desk) => {
      desk.write('users.csv', good);
      desk.write('payments.csv', 'nonsense,x\n1,2\n');
      const report = await ingestPaths(desk.ledger, [join(desk.folder, 'exports')]);
      expect(exitOf(report)).toBe(3);
      expect(report.imports).toHaveLength(1);
      expect(report.errors).toMatchObject([{ file: 'payments.csv', error: { code: 'unknown-column' } }]);
    });
  });
});
