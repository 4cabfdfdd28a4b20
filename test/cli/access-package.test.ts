import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';

let cwd: string;
let folder: string;
let artifacts: readonly { readonly path: string; readonly sha256: string }[];

beforeAll(async () => {
  cwd = await makeService();
  const { exit, stdout, stderr } = await dsr(
    ['access', 'email:ada@example.org', '--method', 'account', '--yes', '--json'],
    { cwd },
  );
  expect([exit, stderr]).toEqual([0, '']);
  ({ artifacts } = JSON.parse(stdout));
  folder = join(cwd, 'packages/R-000001');
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('the package of an access', () => {
  test('holds everything that is theirs and nothing that is only others’', () => {
    expect(JSON.parse(read('data.json'))).toMatchObject({
      schema_version: 1,
      request: 'R-000001',
      nothing_held: false,
      sources: {
        users: [
          {
            roles: ['subject'],
            state: 'active',
            fields: { id: '1', name: 'ada', email: 'ada@example.org', zip: '10115' },
          },
        ],
        payments: [{ roles: ['subject'], fields: { id: 'p1', amount: '9.99' } }],
        messages: [
          { roles: ['author'], fields: { from: 1, to: 'person-1', body: 'from ada' } },
          { roles: ['recipient'], fields: { from: 'person-1', to: 1, body: 'from bea' } },
        ],
      },
      logs: {
        access_log: [
          '203.0.113.9 - ada [24/Dec/2025:10:00:00 +0000] "GET /a HTTP/1.1" 200 10 "-" "agent"',
          '203.0.113.9 - ada [26/Dec/2025:10:01:00 +0000] "GET /b HTTP/1.1" 200 10 "-" "agent"',
        ],
      },
    });
    const { sources, logs } = JSON.parse(read('data.json'));
    const rows = Object.fromEntries(
      Object.entries(sources).map(([name, list]) => [name, (list as unknown[]).length]),
    );
    expect(rows).toEqual({ messages: 2, payments: 1, users: 1 });
    expect(Object.keys(logs)).toEqual(['access_log']);
  });

  test('says the same in one CSV per source', () => {
    expect(readdirSync(join(folder, 'csv')).sort()).toEqual([
      '0001-access_log.csv',
      '0002-messages.csv',
      '0003-payments.csv',
      '0004-users.csv',
    ]);
    expect(read('csv/0003-payments.csv').replaceAll('"', '')).toBe(
      'role,state,basis,kept_until,id,user,paid_on,amount\r\nsubject,active,,,p1,1,2025-11-20,9.99\r\n',
    );
    expect(read('csv/0002-messages.csv')).not.toContain('between others');
  });

  test('has a manifest whose digests are those of its files, and the answer names all of them', () => {
    const manifest = JSON.parse(read('manifest.json'));
    expect(manifest).toMatchObject({ request: 'R-000001', subject: 'S-000001', policy_version: 1 });
    // The log before the entry that says that the package was begun.
    expect(manifest.checkpoint).toMatchObject({
      note: expect.stringContaining(`\n${manifest.checkpoint.size}\n`),
    });
    const files = (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => ({ path: name, sha256: sha256(readFileSync(join(folder, name))) }));
    const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
    const listed = manifest.files.map(({ path, sha256 }: { path: string; sha256: string }) => ({
      path,
      sha256,
    }));
    expect(listed.sort(byPath)).toEqual(files.filter(({ path }) => path !== 'manifest.json').sort(byPath));
    const answered = artifacts.map(({ path, sha256 }) => ({ path: path.slice(folder.length + 1), sha256 }));
    expect(answered.sort(byPath)).toEqual(files.sort(byPath));
  });

  test('is readable by its owner alone', () => {
    const names = ['.', ...(readdirSync(folder, { recursive: true }) as string[])];
    for (const name of names) {
      const stat = statSync(join(folder, name));
      expect([name, (stat.mode & 0o777).toString(8)]).toEqual([name, stat.isFile() ? '600' : '700']);
    }
  });

  test('has names without anything personal', () => {
    const names = (readdirSync(join(cwd, 'packages'), { recursive: true }) as string[]).join('\n');
    expect(names).not.toMatch(/ada|example/);
  });
});
