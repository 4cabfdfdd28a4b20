import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderDigest } from '../helpers/folder-digest.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';
import { onTerminal, type Terminal } from '../helpers/terminal.ts';

const ENTER = '\r';
const CTRL_C = '\u0003';
const IDENTIFIER = 'The identifier from the letter, once more';

let cwd: string;

beforeEach(async () => {
  cwd = await makeService();
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** A verified request of somebody with a plan, so that a run is all that is left. */
async function planned(type: string, ...flags: readonly string[]): Promise<void> {
  for (const argv of [
    ['open', '--type', type, 'user_id:1'],
    ['verify', 'R-000001', '--method', 'account'],
    ['plan', 'R-000001', ...flags],
  ]) {
    const { exit, stderr } = await dsr(['request', ...argv], { cwd });
    expect([exit, stderr.includes('error')]).toEqual([0, false]);
  }
}

async function typeIdentifier(terminal: Terminal, words: string): Promise<void> {
  await terminal.answer(IDENTIFIER, words + ENTER);
}

describe('dsr request run on a terminal', () => {
  test('shows a masked picture of the person and the plan before it asks', async () => {
    await planned('delete');
    const terminal = onTerminal(['request', 'run', 'R-000001'], cwd);
    await typeIdentifier(terminal, 'email:ADA@example.org');
    await terminal.answer('Carry out this plan (delete)?', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    const shown = terminal.stderr();
    expect(shown).toContain('known by       user_id:…  username:a…  email:a…@example.org');
    expect(shown).toContain('last activity  2025-12-26, 10 days ago');
    expect(shown).toContain('paid           yes');
    expect(shown).toContain('under 18       no');
    expect(shown).toContain(
      'held           2 rows in messages, 1 row in payments, 1 row in users, 2 lines in access_log',
    );
    expect(shown).toMatch(/retain +payments +subject +1 +policy +2032-12-31/);
    expect(terminal.stdout()).toContain('erased here, ordered upstream');
    expect(terminal.stdout()).not.toContain('ada@');
  });

  test.each([
    ["another person's", 'email:bea@example.org'],
    ['nobody’s', 'email:nobody@example.org'],
    ['not an identifier', 'Ada Lovelace'],
    ['the subject id, which stands in no letter', 'S-000001'],
  ])('an identifier that is %s changes nothing', async (_name, words) => {
    await planned('delete');
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'run', 'R-000001'], cwd);
    await typeIdentifier(terminal, words);
    expect(await terminal.exit).toBe(4);
    expect(terminal.stderr()).toContain('that is no identifier of this person, so nothing was done');
    expect(await folderDigest(cwd)).toBe(before);
  });

  test.each([
    ['a confirmation that is not given', `n${ENTER}`, 4, 'not confirmed, so nothing was done'],
    ['Ctrl-C', CTRL_C, 130, 'interrupted'],
  ])('%s changes nothing', async (_name, keys, exit, words) => {
    await planned('delete');
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'run', 'R-000001'], cwd);
    await typeIdentifier(terminal, 'ada@example.org');
    await terminal.answer('Carry out this plan', keys);
    expect(await terminal.exit).toBe(exit);
    expect(terminal.stderr()).toContain(words);
    expect(await folderDigest(cwd)).toBe(before);
  });

  test('the question is whole under --quiet and --json, and the document stays alone on stdout', async () => {
    await planned('access');
    const terminal = onTerminal(['request', 'run', 'R-000001', '--quiet', '--json'], cwd);
    await typeIdentifier(terminal, '1');
    await terminal.answer('Carry out this plan (access)?', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stderr()).toContain('last activity');
    expect(JSON.parse(terminal.stdout())).toMatchObject({ schema_version: 1, request: { state: 'closed' } });
  });
});

describe('the guided commands on a terminal', () => {
  test('Ctrl-C says which request was opened, and how it goes on', async () => {
    const terminal = onTerminal(['delete', 'user_id:1'], cwd);
    await terminal.answer('How do you know who asks?', CTRL_C);
    expect(await terminal.exit).toBe(130);
    expect(terminal.stderr()).toContain('interrupted; R-000001 stays open');
    expect(terminal.stderr()).toContain('--request R-000001 goes on with it');
  });

  test('ask for all that was left out', async () => {
    const terminal = onTerminal(['edit'], cwd);
    await terminal.answer('Who?', `user_id:1${ENTER}`);
    await terminal.answer('What changes?', `users.zip=20095${ENTER}`);
    await terminal.answer('How do you know who asks?', `\u001b[B${ENTER}`);
    await terminal.answer('Data point 1 of 2, as name=value (email, born, zip)', `zip=10115${ENTER}`);
    await terminal.answer('Data point 2 of 2', `born=1990-12-10${ENTER}`);
    await typeIdentifier(terminal, 'ada@example.org');
    await terminal.answer('Carry out this plan (edit)?', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stdout()).toContain('changed here, ordered upstream');
    const { stdout } = await dsr(['access', 'user_id:1', '--method', 'account', '--yes'], { cwd });
    expect(stdout).toContain('packages/R-000002/data.json');
    expect(readFileSync(join(cwd, 'packages/R-000002/data.json'), 'utf8')).toContain('20095');
  });

  test('leave the request open where the operator stops, to be gone on with', async () => {
    const terminal = onTerminal(['delete', 'user_id:1', '--method', 'account'], cwd);
    await typeIdentifier(terminal, 'bea@example.org');
    expect(await terminal.exit).toBe(4);
    expect(terminal.stderr()).toContain('so nothing was done; R-000001 stays open');
    const again = onTerminal(['delete', '--request', 'R-000001'], cwd);
    await typeIdentifier(again, 'ada@example.org');
    await again.answer('Carry out this plan', `y${ENTER}`);
    expect(await again.exit).toBe(0);
    expect(again.stdout()).toContain('R-000001  delete  S-000001  ordered-upstream');
  });

  test('a person of whom nothing is held is confirmed by what was asked for', async () => {
    const terminal = onTerminal(['access', 'email:nobody@example.org', '--method', 'data-points'], cwd);
    await typeIdentifier(terminal, 'nobody@example.org');
    await terminal.answer('Carry out this plan', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stdout()).toContain('nothing held');
  });

  test('an erased person is still known by what was theirs', async () => {
    await dsr(['delete', 'user_id:1', '--method', 'account', '--yes'], { cwd });
    const terminal = onTerminal(['access', 'S-000001', '--method', 'account'], cwd);
    await typeIdentifier(terminal, 'email:ada@example.org');
    await terminal.answer('Carry out this plan', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stdout()).toMatch(/give +payments +1 +2032-12-31/);
  });
});
