import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const policy = `
controller: { name: Example, contact: privacy@example.org, zone: America/Los_Angeles, regimes: [ccpa] }
effective: 2025-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: email }
    category: account
    fields: { id: user.unique_id, email: user.contact.email }
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  server_log: { on_delete: erase }
`;

// Some 20 MB: more than is read without a worker.
const lines = 200_000;

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the single executable', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dsr-package-'));
    execFileSync(process.execPath, ['.ci/package.js'], { cwd: root, stdio: 'pipe' });
  }, 180_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('starts in an empty folder with an empty environment and leaves nothing there', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(dsr('--version').trim()).toBe(version);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('makes an encrypted ledger with the driver it brings along', () => {
    writeFileSync(join(folder, 'dsr.yaml'), policy);
    dsr('init', '--policy', 'dsr.yaml');
    expect(readFileSync(join(folder, 'dsr.db')).subarray(0, 6).toString('latin1')).not.toBe('SQLite');
  });

  test('loads a table', () => {
    writeFileSync(join(folder, 'users.csv'), 'id,email\n1,ada@example.org\n2,bob@example.org\n');
    expect(ingest('users.csv')).toMatchObject({ source: 'users', rows_read: 2, rows_kept: 2 });
  });

  test('loads a log with its workers', () => {
    const line = (n: number) =>
      `192.0.2.${n % 250} - user${n % 5000} [01/Mar/2025:10:${String(n % 60).padStart(2, '0')}:00 +0000] ` +
      `"GET /page/${n} HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n`;
    writeFileSync(join(folder, 'access.log'), Array.from({ length: lines }, (_, n) => line(n)).join(''));
    expect(ingest('access.log')).toMatchObject({ source: 'access_log', rows_read: lines, rows_kept: lines });
  });

  test('erases a person, and is its own prover', () => {
    const said = dsr('delete', 'user_id:1', '--method', 'account', '--yes', '--json');
    expect(JSON.parse(said)).toMatchObject({ bytes: 'proven', proofs: [{ state: 'clean' }] });
    expect(JSON.parse(dsr('prove', 'R-000001', '--json'))).toMatchObject({ clean: true, not_searched: [] });
    expect(dsr('--help')).not.toContain('prover');
  });

  function ingest(file: string): unknown {
    const { imports } = JSON.parse(dsr('ingest', file, '--json')) as { imports: unknown[] };
    return imports[0];
  }

  function dsr(...args: readonly string[]): string {
    return execFileSync(join(root, 'build/dsr'), args, { cwd: folder, env: {}, encoding: 'utf8' });
  }
});
