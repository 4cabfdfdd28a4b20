import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';

let cwd: string;

beforeEach(async () => {
  cwd = await makeService();
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...argv: readonly string[]) => dsr(argv, { cwd });
const deleteAda = (...flags: readonly string[]) =>
  run('delete', 'user_id:1', '--method', 'account', '--yes', ...flags);

/** While this connection is open the ledger's file cannot be exchanged. */
async function openBeside() {
  const files = ledgerFiles(join(cwd, 'dsr.db'));
  const actor = { name: 'other', login: 'other' };
  const { store } = await openLedger({
    files,
    actor,
    now: '2026-01-05T09:00:00Z',
    asOf: false,
    write: false,
  });
  await store.read((tx) => tx.info());
  return store;
}

describe('the answer of a deletion', () => {
  test('says where it was erased, what stays and why, and never more than is true', async () => {
    const { stdout } = await deleteAda();
    expect(stdout).toContain('erased here, ordered upstream\nerased here, bytes proven\n');
    expect(stdout).not.toContain('bytes pending');
    expect(stdout.match(/erased(?! here)/g)).toBeNull();
    expect(stdout).toContain('payments: 1, only id, paid_on, amount\n    why: tax; until: 2032-12-31');
    expect(stdout).toContain('messages: 1\n    why: another-party; until: the other party deletes it');
    expect(stdout).toContain('also stays: suppression-digests (4)');
    expect(stdout).toMatch(/\ncheckpoint \d+ [0-9a-f]{64}\n$/);
  });

  test('says that bytes are pending while the ledger could not be scrubbed, and the next purge proves them', async () => {
    const beside = await openBeside();
    const { exit, stdout } = await deleteAda();
    expect(exit).toBe(11);
    expect(stdout).toContain(
      'erased here, ordered upstream\nerased here, bytes pending: another process has the ledger open',
    );
    expect(await run('purge', '--yes', '--json')).toMatchObject({ exit: 11 });
    await beside.close();
    const { stdout: shown } = await run('request', 'show', 'R-000001', '--json');
    expect(JSON.parse(shown)).toMatchObject({ outcome: { bytes: 'pending' } });
    const purged = await run('purge', '--yes', '--json');
    expect(purged.exit).toBe(0);
    expect(JSON.parse(purged.stdout)).toMatchObject({
      bytes_delay: null,
      proofs: [{ request: 'R-000001', state: 'clean' }],
    });
    const { stdout: then } = await run('request', 'show', 'R-000001', '--json');
    expect(JSON.parse(then)).toMatchObject({ outcome: { bytes: 'proven' } });
  });

  test('holds in JSON all that scripts are promised', async () => {
    const { stdout } = await deleteAda('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      request: {
        id: 'R-000001',
        type: 'delete',
        state: 'ordered-upstream',
        subject: 'S-000001',
        verified: true,
      },
      answer: ['erased here, ordered upstream', 'erased here, bytes proven'],
      plan: { digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), policy_version: 1, changes: [] },
      applied: [
        { source: 'messages', action: 'anonymise', count: 1 },
        { source: 'messages', action: 'keep', count: 1 },
        { source: 'payments', action: 'retain', count: 1, basis: 'tax', until: '2032-12-31' },
        { source: 'users', action: 'erase', count: 1, basis: null, until: null },
        { source: 'access_log', action: 'anonymise', count: 2 },
      ],
      artifacts: [],
      permitted_remains: [
        { source: 'messages', basis: 'another-party', until: null },
        { source: 'payments', fields: ['id', 'paid_on', 'amount'], basis: 'tax', until: '2032-12-31' },
      ],
      also_remains: [
        { what: 'request-file' },
        { what: 'work-orders', count: 4 },
        { what: 'suppression-digests' },
      ],
      orders: 4,
      bytes: 'proven',
      bytes_delay: null,
      packages: [],
      proofs: [{ request: 'R-000001', state: 'clean', found: { residue: 0 } }],
      nothing_held: false,
      checkpoint: {
        size: expect.any(Number),
        root: expect.stringMatching(/^[0-9a-f]{64}$/),
        note: expect.stringMatching(/^dsr\.ledger\/[0-9a-f]{32}\n\d+\n/),
      },
    });
    expect(stdout).not.toMatch(/ada|10115|203\.0/);
  });

  test('is the same the second time, and then nothing was left to erase', async () => {
    await deleteAda();
    const { stdout } = await deleteAda('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      request: { subject: 'S-000001', state: 'closed' },
      answer: ['nothing erased here: what is held stays'],
      orders: 0,
      bytes: 'not-needed',
    });
  });
});

test('no command leaves a personal value in the audit log', async () => {
  await run(
    'edit',
    'email:ada@example.org',
    '--set',
    'users.email=new@example.org',
    '--method',
    'account',
    '--yes',
  );
  await run('access', 'email:nobody@example.org', '--method', 'data-points', '--match', 'zip=10115', '--yes');
  await run('delete', 'email:new@example.org', '--method', 'account', '--note', 'Ada wrote', '--yes');
  const files = ledgerFiles(join(cwd, 'dsr.db'));
  const actor = { name: 'auditor', login: 'auditor' };
  const { store } = await openLedger({
    files,
    actor,
    now: '2026-01-05T09:00:00Z',
    asOf: false,
    write: false,
  });
  const rows = await store.read((tx) => tx.auditRows(0, 100));
  await store.close();
  const acts = rows.map(({ entry }) => (JSON.parse(entry) as { act: string }).act);
  expect(acts).toContain('request.verification-tried');
  expect(acts.filter((act) => act === 'request.applied')).toHaveLength(2);
  expect(rows.map(({ entry }) => entry).join('\n')).not.toMatch(/ada|new@|nobody|10115|wrote/i);
});
