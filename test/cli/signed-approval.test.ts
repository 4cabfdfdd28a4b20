import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerFiles } from '../../src/store/open.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { dsr } from '../helpers/program.ts';
import { newSshSigner, type SshSigner } from '../helpers/ssh-sign.ts';

const POLICY = (grace: SshSigner, henry: SshSigner) => `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, category: account }
categories: { account: { on_delete: erase } }
staff:
  ada: { roles: [planner] }
  grace: { roles: [approver], keys: ["${grace.line}"] }
  henry: { roles: [approver], keys: ["${henry.line}"] }
  ivo: { roles: [approver] }
four_eyes: { types: [delete], signed: true }
`;

const grace = newSshSigner();
const henry = newSshSigner();

let folder: string;
let plan: string;
let line: string;

const run = (words: readonly string[], actor: string, stdin?: string) =>
  dsr([...words, '--actor', actor], { cwd: folder, ...(stdin === undefined ? {} : { stdin }) });
const approve = (actor: string, armor: string, digest = plan) =>
  run(['request', 'approve', 'R-000001', '--plan', digest, '--signature', '-', '--json'], actor, armor);
const digest = () => ledgerDigest(ledgerFiles(join(folder, 'dsr.db')));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dsr-test-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY(grace, henry));
  writeFileSync(join(folder, 'users.csv'), 'id\n1\n');
  await run(['init', '--policy', 'policy.yaml'], 'ada');
  await run(['ingest', 'users.csv', '--taken-at', '2026-01-02T00:00:00Z'], 'ada');
  await run(['request', 'open', '--type', 'delete', 'user_id:1'], 'ada');
  await run(['request', 'verify', 'R-000001', '--method', 'account'], 'ada');
  plan = JSON.parse((await run(['request', 'plan', 'R-000001', '--json'], 'ada')).stdout).plan.digest;
  line = (await run(['request', 'approve', 'R-000001', '--plan', plan, '--print'], 'grace')).stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is printed is one line of exactly this plan of this ledger', () => {
  expect(line).toMatch(
    new RegExp(
      `^\\{"approve":"R-000001","ledger":"dsr\\.ledger/[0-9a-f]{32}","plan":"${plan}","version":1\\}\\n$`,
    ),
  );
});

test.each<[string, () => Promise<{ readonly exit: number; readonly stderr: string }>, string]>([
  [
    'no signature at all',
    () => run(['request', 'approve', 'R-000001', '--plan', plan, '--json'], 'grace'),
    'signature-required',
  ],
  ['the key of somebody else', () => approve('grace', henry.sign(line)), 'wrong-key'],
  ['somebody in another’s name', () => approve('henry', grace.sign(line)), 'wrong-key'],
  ['an approver without a key', () => approve('ivo', grace.sign(line)), 'no-key-of-theirs'],
  ['another namespace', () => approve('grace', grace.sign(line, 'git')), 'wrong-namespace'],
  [
    'another request',
    () => approve('grace', grace.sign(line.replace('R-000001', 'R-000002'))),
    'bad-signature',
  ],
  [
    'another ledger',
    () => approve('grace', grace.sign(line.replace(/ledger\/../, 'ledger/zz'))),
    'bad-signature',
  ],
  ['another plan', () => approve('grace', grace.sign(line), `sha256:${'0'.repeat(64)}`), 'plan-not-current'],
  ['an armor that was cut', () => approve('grace', grace.sign(line).slice(0, 200)), 'bad-signature'],
  ['nothing', () => approve('grace', ''), 'bad-signature'],
  ['who planned, with a key of their own', () => approve('ada', grace.sign(line)), 'lacks-role'],
])('%s is refused, and nothing changes', async (_name, act, code) => {
  const before = await digest();
  const { exit, stderr } = await act();
  expect({ exit, code: JSON.parse(stderr).error.code }).toEqual({ exit: 4, code });
  expect(await digest()).toBe(before);
});

test('an approval signed with the approver’s own key counts, and says whose key it was', async () => {
  const { exit, stdout } = await approve('grace', grace.sign(line));
  expect(exit).toBe(0);
  expect(JSON.parse(stdout).request).toMatchObject({
    state: 'approved',
    approval: { plan, actor: 'grace', by: 'signature', key: expect.stringMatching(/^SHA256:.{43}$/) },
  });
  expect((await run(['request', 'show', 'R-000001'], 'ada')).stdout).toContain('grace, signed with SHA256:');
  const carried = await run(['request', 'run', 'R-000001', '--plan', plan, '--yes', '--json'], 'ada');
  expect(carried.exit).toBe(0);
  const register = await run(['report', 'register', '--json'], 'ada');
  expect(JSON.parse(register.stdout).rows[0].approval).toBe('signature');
});
