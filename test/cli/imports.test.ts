import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import { folderDigest } from '../helpers/folder-digest.ts';
import { makeLoadedLedger } from '../helpers/loaded-ledger.ts';
import { dsr } from '../helpers/program.ts';

const actor = { name: 'tester', login: 'tester' };
const raw = '17;"Ada Lovelace;ada@example.org\u001b[2J';
const policyText = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id }
    category: account
  orders:
    files: "orders*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    category: account
categories:
  account: { on_delete: erase }
`;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-imports-'));
  await makeLoadedLedger(join(folder, 'dsr.db'), policyText, {
    source: 'users',
    file: 'users-2026-01-01.csv',
    columns: ['id'],
    rows: [['1']],
    rejects: [{ line: 3, reason: 'quote-not-closed', raw }],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...argv: readonly string[]) => dsr(argv, { cwd: folder, now: '2026-01-05T09:00:00Z' });

describe('dsr imports', () => {
  test('shows what was loaded when, and the age of each source', async () => {
    const { exit, stdout, stderr } = await run('imports');
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'import  source  file                  taken       read  kept  set aside',
        '     1  users   users-2026-01-01.csv  2026-01-01     2     1          1',
        '',
        'source  newest export (UTC)  days old',
        'users   2026-01-01 02:00            4',
        'orders  never loaded',
        '',
      ].join('\n'),
    );
  });

  test('says the same in JSON', async () => {
    const { stdout } = await run('imports', '--json');
    expect(JSON.parse(stdout)).toEqual({
      schema_version: 1,
      imports: [
        {
          id: 1,
          file: 'users-2026-01-01.csv',
          source: 'users',
          sha256: 'ab'.repeat(32),
          bytes: 40,
          taken_at: '2026-01-01T02:00:00Z',
          loaded_at: '2026-01-02T10:00:00Z',
          policy_version: 1,
          continues: null,
          rows_read: 2,
          rows_kept: 1,
          rows_updated: 0,
          rows_vanished: 0,
          rows_rejected: 1,
          rows_suppressed: 0,
        },
      ],
      sources: [
        { source: 'users', taken_at: '2026-01-01T02:00:00Z', age_days: 4 },
        { source: 'orders', taken_at: null, age_days: null },
      ],
    });
  });
});

describe('dsr imports rejects', () => {
  test('shows place and reason, and only the length of what the row held', async () => {
    const before = await folderDigest(folder);
    const text = await run('imports', 'rejects', '1');
    expect(text.stdout).toBe('line  reason            raw\n   3  quote-not-closed  … (36 characters)\n');
    const json = await run('imports', 'rejects', '1', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      revealed: false,
      rejects: [{ line: 3, reason: 'quote-not-closed', raw: '… (36 characters)', expires_on: '2026-04-01' }],
    });
    expect(await folderDigest(folder)).toBe(before);
  });

  test('shows nothing more for --reveal without a reason', async () => {
    const before = await folderDigest(folder);
    const { exit, stdout, stderr } = await run('imports', 'rejects', '1', '--reveal');
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('Ada');
    expect(await folderDigest(folder)).toBe(before);
  });

  test('shows the row for a reason, safe for a terminal, and puts that on record', async () => {
    const { exit, stdout } = await run('imports', 'rejects', '1', '--reveal', '--reason', 'fix-export');
    expect(exit).toBe(0);
    expect(stdout).toBe('line 3  quote-not-closed\n  17;"Ada Lovelace;ada@example.org\\u{1b}[2J\n');
    const { stdout: json } = await run(
      'imports',
      'rejects',
      '1',
      '--reveal',
      '--reason',
      'fix-export',
      '--json',
    );
    expect(JSON.parse(json).rejects).toEqual([
      { line: 3, reason: 'quote-not-closed', raw, expires_on: '2026-04-01' },
    ]);
    expect(await lastEntry()).toMatchObject({
      act: 'rejects.revealed',
      reason: 'fix-export',
      actor: 'tester',
      facts: { import: 1, rows: 1 },
    });
  });

  test('an import that is none is not found', async () => {
    const { exit, stderr } = await run('imports', 'rejects', '2');
    expect([exit, stderr]).toEqual([
      5,
      'dsr: error: there is no import 2\ndsr: hint: dsr imports lists them\n',
    ]);
  });
});

async function lastEntry(): Promise<unknown> {
  const files = ledgerFiles(join(folder, 'dsr.db'));
  const ledger = await openLedger({ files, actor, now: '2026-01-05T09:00:00Z', asOf: false, write: false });
  const rows = await ledger.store.read((tx) => tx.auditRows(0, 100));
  await ledger.store.close();
  return JSON.parse(rows.at(-1)?.entry ?? '{}');
}
