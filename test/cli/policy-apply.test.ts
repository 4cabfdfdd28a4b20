import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import { folderDigest } from '../helpers/folder-digest.ts';
import { makeLoadedLedger } from '../helpers/loaded-ledger.ts';
import { dsr } from '../helpers/program.ts';

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
    fields: [nick]
    category: account
categories:
  account: { on_delete: erase }
`;

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-apply-'));
  await makeLoadedLedger(join(folder, 'dsr.db'), policyText, {
    source: 'users',
    file: 'users.csv',
    columns: ['id', 'nick'],
    rows: [
      ['1', 'Ada'],
      ['2', 'Bob'],
    ],
  });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function apply(text: string) {
  writeFileSync(join(folder, 'dsr.yaml'), text);
  return dsr(['policy', 'apply', '--json', '--reason', 'new-notice'], { cwd: folder });
}

async function open() {
  const files = ledgerFiles(join(folder, 'dsr.db'));
  const actor = { name: 'tester', login: 'tester' };
  return openLedger({ files, actor, now: '2026-01-05T09:00:00Z', asOf: false, write: false });
}

test('rows are found by what the new policy maps', async () => {
  const { stdout } = await apply(policyText.replace('user_id: id }', 'user_id: id, username: nick }'));
  expect(JSON.parse(stdout)).toMatchObject({ version: 2, reindexed: [{ source: 'users', rows: 2 }] });
  const ledger = await open();
  const digest = ledger.keys.hasher.reach({ kind: 'username', value: 'ada' });
  const found = await ledger.store.read((tx) => tx.recordsReached([digest]));
  const [last] = (await ledger.store.read((tx) => tx.auditRows(0, 100))).slice(-1);
  await ledger.store.close();
  expect(found.map(({ key }) => key)).toEqual(['1']);
  expect(JSON.parse(last?.entry ?? '')).toMatchObject({
    act: 'policy.applied',
    reason: 'new-notice',
    facts: { policy_version: 2, policy: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) },
  });
});

test('where the mapping is the same nothing is indexed again', async () => {
  const { stdout } = await apply(`${policyText}transfers: [to the US]\n`);
  expect(JSON.parse(stdout)).toMatchObject({ version: 2, changes: 1, reindexed: [] });
});

test.each([
  ['takes a source with data away', policyText.replaceAll('users', 'members'), /cannot leave the policy/],
  ['changes the key of one', policyText.replace('key: id', 'key: nick'), /cannot change its key/],
])('a policy that %s is refused and nothing changes', async (_name, text, message) => {
  writeFileSync(join(folder, 'dsr.yaml'), text);
  const before = await folderDigest(folder);
  const { exit, stdout, stderr } = await apply(text);
  expect([exit, stdout]).toEqual([4, '']);
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'source-has-data',
    message: expect.stringMatching(message),
  });
  expect(await folderDigest(folder)).toBe(before);
});
