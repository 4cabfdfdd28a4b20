import { createHmac } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeyFile } from '../../src/store/key-files.ts';
import { type Db, openRaw } from '../../src/store/sqlite/connection.ts';
import { dsr } from '../helpers/program.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", taken_at: "users-YYYY-MM-DD.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, verify: { usable: [email] }, category: account }
  payments: { files: "payments*.csv", taken_at: "payments-YYYY-MM-DD.csv", format: csv, mode: append, key: id, subject: { user_id: user }, date: paid_on, category: payments, fields: [amount] }
categories:
  account: { on_delete: erase }
  payments: { on_delete: retain, keep: [{ fields: [id, amount, paid_on], basis: tax, for: P5Y, from: end-of-year, source: law }] }
`;

const APPLIED = '2026-01-05T09:00:00Z';
// The file's last day is 2028-01-05, that of the digests 2029-01-05.
const FILE_LAST = '2028-01-05T09:00:00Z';
const FILE_OVER = '2028-01-06T09:00:00Z';
const ALL_OVER = '2029-01-06T09:00:00Z';

let cwd: string;

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'dsr-forget-'));
  writeFileSync(join(cwd, 'policy.yaml'), POLICY);
  writeFileSync(
    join(cwd, 'users-2026-01-01.csv'),
    'id,email\n1,ada@example.org\n2,bea@example.org\n3,cid@example.org\n',
  );
  await run(APPLIED, 'init', '--policy', 'policy.yaml');
  writeFileSync(join(cwd, 'payments-2026-01-01.csv'), 'id,user,paid_on,amount\np1,2,2025-11-20,9.99\n');
  await run(APPLIED, 'ingest', 'users-2026-01-01.csv', 'payments-2026-01-01.csv');
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a command that has to end with 0, and gives its document. */
async function run(now: string, ...argv: readonly string[]) {
  const { exit, stdout, stderr } = await dsr([...argv, '--json'], { cwd, now });
  expect({ argv, exit, stderr }).toMatchObject({ exit: 0 });
  return JSON.parse(stdout);
}

/** Erases ada for good: a hold comes and goes, the order is confirmed, the request is closed. */
async function eraseAda(): Promise<void> {
  await run(APPLIED, 'subject', 'find', 'user_id:1');
  await run(APPLIED, 'hold', 'place', 'user_id:1', '--matter', '2026-7', '--reason', 'litigation');
  await run(APPLIED, 'hold', 'release', 'H-000001', '--reason', 'settled');
  await run(APPLIED, 'delete', 'user_id:1', '--method', 'account', '--yes', '--note', 'by letter');
  await run(APPLIED, 'work', 'confirm', '1', '--reason', 'seen-in-admin-tool');
}

function withDb<T>(fn: (db: Db) => T): T {
  const path = join(cwd, 'dsr.db');
  const db = openRaw(path, readKeyFile(`${path}.key`).current);
  try {
    return fn(db);
  } finally {
    db.close();
  }
}

/** Audit entries that the nonces tie to a subject. */
function tiedTo(subject: number): readonly number[] {
  return withDb((db) => {
    const rows = db
      .prepare<[], { seq: number; nonce: Uint8Array; entry: string }>(
        'SELECT n.seq, n.nonce, a.entry FROM audit_nonce n JOIN audit a ON a.seq = n.seq ORDER BY n.seq',
      )
      .all();
    const name = (nonce: Uint8Array) =>
      createHmac('sha256', nonce).update(`subject:${subject}`).digest('hex');
    return rows.filter(({ nonce, entry }) => JSON.parse(entry).subject === name(nonce)).map(({ seq }) => seq);
  });
}

/** Where a subject or request is still named, beside the audit entries. */
function mentionsOf(subject: number, request: number): readonly string[] {
  return withDb((db) => {
    const count = (sql: string, ...values: readonly number[]) =>
      Number(
        db
          .prepare<unknown[]>(sql)
          .pluck()
          .get(...values),
      );
    const found: Readonly<Record<string, number>> = {
      subject: count('SELECT count(*) FROM subject WHERE id = ?', subject),
      suppression: count('SELECT count(*) FROM suppression WHERE subject = ?', subject),
      'suppression of the request': count('SELECT count(*) FROM suppression WHERE request = ?', request),
      fingerprint: count(
        'SELECT count(*) FROM fingerprint WHERE subject = ? OR request = ?',
        subject,
        request,
      ),
      nonce: count('SELECT count(*) FROM audit_nonce WHERE subject = ?', subject),
      retained: count('SELECT count(*) FROM record WHERE retained_for = ?', subject),
      registers: count(
        `SELECT count(*) FROM register WHERE subject = ? OR (kind = 'request' AND id = ?) OR body ->> '$.request' = ?
         OR body ->> '$.parent' = ? OR body ->> '$.other' = ?`,
        subject,
        request,
        request,
        subject,
        subject,
      ),
    };
    return Object.keys(found).filter((place) => found[place] !== 0);
  });
}

/** Every byte of the ledger's file, decrypted. */
function plainImage(): Buffer {
  const copy = join(cwd, 'copy.db');
  withDb((db) => db.pragma('wal_checkpoint(TRUNCATE)'));
  copyFileSync(join(cwd, 'dsr.db'), copy);
  const db = openRaw(copy, readKeyFile(join(cwd, 'dsr.db.key')).current);
  db.pragma('journal_mode=DELETE');
  db.rekey(Buffer.alloc(0));
  db.close();
  const image = readFileSync(copy);
  rmSync(copy);
  return image;
}

test('while its period runs nothing of a request file goes', async () => {
  await eraseAda();
  expect((await run(FILE_LAST, 'purge', '--dry-run')).overdue).toEqual([]);
});

test('the file goes after its period; while its digests run the person can still be found', async () => {
  await eraseAda();
  const dry = await run(FILE_OVER, 'purge', '--dry-run');
  expect(dry.overdue).toEqual([
    {
      source: 'dsr',
      category: 'request-file',
      action: 'forget',
      count: 1,
      reason: 'file-ended',
      basis: null,
      until: null,
    },
  ]);
  const done = await run(FILE_OVER, 'purge', '--yes', '--plan', dry.plan.digest);
  expect(done.applied).toEqual([
    expect.objectContaining({ category: 'request-file', action: 'forget:file-ended', count: 1 }),
  ]);
  expect(mentionsOf(1, 1)).toEqual(['subject', 'suppression', 'nonce', 'registers']);
  const shown = await dsr(['request', 'show', 'R-000001'], { cwd, now: FILE_OVER });
  expect(shown.exit).toBe(5);
  expect(shown.stderr).toContain('the file of this request has ended');
  expect((await run(FILE_OVER, 'subject', 'find', 'user_id:1')).subjects[0].subject).toBe('S-000001');
  // Who is looked for has a nonce again; the next purge finds nothing due.
  expect((await run(FILE_OVER, 'purge', '--dry-run')).overdue).toEqual([]);
});

test('when all is over no entry can be tied to the person, and every proof still verifies', async () => {
  await eraseAda();
  await run(APPLIED, 'certificate', 'issue', 'R-000001', '--out', 'ada.json');
  writeFileSync(
    join(cwd, 'old.checkpoint'),
    (await dsr(['audit', 'checkpoint'], { cwd, now: APPLIED })).stdout,
  );
  const tied = tiedTo(1);
  expect(tied.length).toBeGreaterThan(1);
  const nonces = withDb((db) =>
    db.prepare<[], Buffer>('SELECT nonce FROM audit_nonce WHERE subject = 1').pluck().all(),
  );
  // The control: in this image the nonces can be found.
  expect(nonces.every((nonce) => plainImage().includes(nonce))).toBe(true);

  await run(FILE_OVER, 'purge', '--yes');
  await run(ALL_OVER, 'purge', '--yes');

  expect(tiedTo(1)).toEqual([]);
  expect(mentionsOf(1, 1)).toEqual([]);
  const image = plainImage();
  expect(nonces.filter((nonce) => image.includes(nonce))).toEqual([]);
  expect(image.includes('by letter')).toBe(false);
  expect((await run(ALL_OVER, 'audit', 'verify')).ok).toBe(true);
  expect((await run(ALL_OVER, 'audit', 'verify', '--since', 'old.checkpoint')).ok).toBe(true);
  expect((await run(ALL_OVER, 'certificate', 'verify', 'ada.json')).ok).toBe(true);
  expect((await run(ALL_OVER, 'purge', '--dry-run')).overdue).toEqual([]);
});

test('numbers that were forgotten are never given again', async () => {
  await eraseAda();
  await run(FILE_OVER, 'purge', '--yes');
  await run(ALL_OVER, 'purge', '--yes');
  const { request } = await run(ALL_OVER, 'request', 'open', '--type', 'access', 'user_id:2');
  expect(request).toMatchObject({ id: 'R-000002', subject: 'S-000002' });
});

test('a hold on the person, placed after the end, keeps the file', async () => {
  await run(APPLIED, 'request', 'open', '--type', 'access', 'user_id:2');
  await run(APPLIED, 'request', 'withdraw', 'R-000001', '--reason', 'changed-mind');
  await run(FILE_LAST, 'hold', 'place', 'user_id:2', '--matter', '2028-1', '--reason', 'litigation');
  expect((await run(FILE_OVER, 'purge', '--dry-run')).overdue).toEqual([]);
  await run(FILE_OVER, 'hold', 'release', 'H-000001', '--reason', 'settled');
  expect((await run(FILE_OVER, 'purge', '--yes')).applied).toHaveLength(1);
});

test('an order that is still open upstream keeps the file', async () => {
  await run(APPLIED, 'delete', 'user_id:1', '--method', 'account', '--yes');
  expect(
    (await run(ALL_OVER, 'purge', '--dry-run')).overdue.map(({ reason }: { reason: string }) => reason),
  ).not.toContain('file-ended');
});

test('a correction that still lies over a row keeps the file, whoever confirmed it upstream', async () => {
  await run(
    APPLIED,
    'edit',
    'user_id:2',
    '--set',
    'users.email=new@example.org',
    '--method',
    'account',
    '--yes',
  );
  await run(APPLIED, 'work', 'confirm', '1', '--reason', 'seen-in-admin-tool');
  expect((await run(APPLIED, 'request', 'show', 'R-000001')).request.state).toBe('closed');
  expect((await run(ALL_OVER, 'purge', '--dry-run')).overdue).toEqual([]);
});

test('rows that are still restricted for a request keep its file', async () => {
  await run(APPLIED, 'request', 'open', '--type', 'edit', 'user_id:2');
  await run(APPLIED, 'request', 'verify', 'R-000001', '--method', 'account');
  await run(APPLIED, 'request', 'dispute', 'R-000001', '--field', 'users.email', '--reason', 'letter');
  await run(APPLIED, 'request', 'withdraw', 'R-000001', '--reason', 'changed-mind');
  expect((await run(FILE_OVER, 'purge', '--dry-run')).overdue).toEqual([]);
  await run(
    FILE_OVER,
    'request',
    'dispute',
    'R-000001',
    '--end',
    '--told-on',
    '2028-01-06',
    '--reason',
    'told',
  );
  expect((await run(ALL_OVER, 'purge', '--yes')).applied).toHaveLength(1);
});

test('while a row is retained for somebody they can be found; then nothing is left of them', async () => {
  await run(APPLIED, 'delete', 'user_id:2', '--method', 'account', '--yes');
  await run(APPLIED, 'work', 'confirm', '1', '2', '--reason', 'seen-in-admin-tool');
  await run(ALL_OVER, 'purge', '--yes');
  const { subjects } = await run(ALL_OVER, 'subject', 'find', 'email:bea@example.org');
  expect(subjects).toEqual([expect.objectContaining({ subject: 'S-000001', records: { payments: 1 } })]);
  expect(mentionsOf(1, 1)).toEqual(['subject', 'suppression', 'nonce', 'retained']);

  const later = '2031-01-01T09:00:00Z';
  await run(later, 'purge', '--yes');
  expect(mentionsOf(1, 1)).not.toContain('retained');
  await run(later, 'purge', '--yes');
  expect(mentionsOf(1, 1)).toEqual([]);
});

test('who still has an account keeps their number when their request file ends', async () => {
  await run(APPLIED, 'request', 'open', '--type', 'access', 'user_id:2', '--note', 'rang from 415-344-0056');
  await run(APPLIED, 'request', 'withdraw', 'R-000001', '--reason', 'changed-mind');
  await run(ALL_OVER, 'purge', '--yes');
  expect(mentionsOf(1, 1)).toEqual(['subject']);
  expect((await run(ALL_OVER, 'subject', 'find', 'user_id:2')).subjects[0].subject).toBe('S-000001');
  expect(plainImage().includes('415-344-0056')).toBe(false);
});

test('a package of an ended file goes from the disk first, then the file', async () => {
  await run(APPLIED, 'access', 'user_id:2', '--method', 'account', '--yes', '--out', 'answer');
  const first = await run(FILE_OVER, 'purge', '--yes');
  expect(first.applied).toEqual([
    expect.objectContaining({ category: 'package', action: 'forget:file-ended' }),
  ]);
  expect(() => readFileSync(join(cwd, 'answer/data.json'))).toThrow('ENOENT');
  const second = await run(FILE_OVER, 'purge', '--yes');
  expect(second.applied).toEqual([expect.objectContaining({ category: 'request-file', count: 1 })]);
  expect(mentionsOf(1, 1)).toEqual(['subject']);
});

test('a plan of what is to be forgotten is void once that has changed', async () => {
  await run(APPLIED, 'request', 'open', '--type', 'access', 'user_id:2');
  await run(APPLIED, 'request', 'withdraw', 'R-000001', '--reason', 'changed-mind');
  const { plan } = await run(FILE_OVER, 'purge', '--dry-run');
  await run(FILE_OVER, 'hold', 'place', 'user_id:2', '--matter', '2028-1', '--reason', 'litigation');
  const { exit, stderr } = await dsr(['purge', '--yes', '--plan', plan.digest], { cwd, now: FILE_OVER });
  expect(exit).toBe(4);
  expect(stderr).toContain('what is due');
  expect((await run(FILE_OVER, 'request', 'show', 'R-000001')).request.state).toBe('withdrawn');
});
