import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { STARTER_POLICY } from '../../../src/policy/starter.ts';
import { initLedger, ledgerFiles } from '../../../src/store/open.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { dsr } from '../../helpers/program.ts';
import { AuditFile, writeEntry } from './audit-file.ts';

const files = () => ledgerFiles(path);
let path: string;

beforeEach(async () => {
  path = join(temporaryFolder(), 'dsr.db');
  const actor = { name: 'tester', login: 'tester' };
  const about = {
    policyText: STARTER_POLICY,
    policyFile: 'dsr.yaml',
    now: '2026-01-05T09:00:00Z',
    rehearsal: false,
  };
  const ledger = await initLedger({ files: files(), actor, ...about });
  await ledger.store.close();
});

function verify(...words: readonly string[]) {
  return dsr(['audit', 'verify', ...words], { cwd: dirname(path) });
}

test('a log as it was written ends with 0', async () => {
  const { exit, stdout } = await verify('--json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    schema_version: 1,
    ok: true,
    size: 1,
    root: expect.stringMatching(/^[0-9a-f]{64}$/),
    problems: [],
    problem_count: 0,
    recovered: [],
  });
  expect((await verify()).stdout).toMatch(
    /^the audit log is as it was written\nentries {2}1\nroot {5}[0-9a-f]{64}\n$/,
  );
});

test('a changed entry ends with 20 and is named', async () => {
  const forged = new AuditFile(files());
  writeEntry(forged.db, 1, Buffer.from(forged.entry(1).toString().replace('tester', 'nobody')));
  forged.db.close();
  const { exit, stdout } = await verify('--json');
  expect(exit).toBe(20);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    problem_count: 2,
    problems: [
      { seq: 1, code: 'leaf-differs' },
      { seq: null, code: 'root-differs' },
    ],
  });
  const text = await verify();
  expect(text.exit).toBe(20);
  expect(text.stdout).toContain('entry 1: the stored leaf is not that of the entry');
});

test('a removed entry ends with 20', async () => {
  const forged = new AuditFile(files());
  forged.db.exec('DELETE FROM audit');
  forged.db.close();
  const { exit, stdout } = await verify('--json');
  expect(exit).toBe(20);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, size: 0, problems: [{ code: 'size-differs' }] });
});
