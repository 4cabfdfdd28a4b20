import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderDigest } from '../helpers/folder-digest.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';
import { onTerminal } from '../helpers/terminal.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';
const HOW = 'How do you know who asks?';

let cwd: string;

beforeEach(async () => {
  cwd = await makeService();
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function opened(...flags: readonly string[]): Promise<void> {
  const { exit, stderr } = await dsr(['request', 'open', '--type', 'access', 'user_id:1', ...flags], { cwd });
  expect([exit, stderr]).toEqual([0, expect.any(String)]);
}

describe('dsr request verify on a terminal', () => {
  test('asks for the code that was sent, which stands on no command line', async () => {
    await opened();
    const { stdout } = await dsr(['request', 'code', 'R-000001', '--to', 'email'], { cwd });
    const code = /^ *(\d{8})$/m.exec(stdout)?.[1] ?? '';
    const terminal = onTerminal(['request', 'verify', 'R-000001'], cwd);
    await terminal.answer(HOW, DOWN + DOWN + ENTER);
    await terminal.answer('The code, as they gave it', code + ENTER);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stdout()).toContain('R-000001 verified: 1 of 1');
  });

  test('asks for the declaration that the law wants before any point, and a no is no try', async () => {
    await opened('--regime', 'ccpa');
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'verify', 'R-000001', '--method', 'data-points'], cwd);
    await terminal.answer('signed a declaration under penalty of perjury?', `n${ENTER}`);
    for (const point of ['email=ada@example.org', 'born=1990-12-10', 'zip=10115'])
      await terminal.answer('of 3, as name=value', point + ENTER);
    expect(await terminal.exit).toBe(4);
    expect(terminal.stderr()).toContain('11 CCR §7062(c)');
    expect(await folderDigest(cwd)).toBe(before);
  });

  test('asks whether the password was shown again, and notes it', async () => {
    await opened('--regime', 'ccpa');
    const terminal = onTerminal(['request', 'verify', 'R-000001', '--method', 'account', '--json'], cwd);
    await terminal.answer('Have they shown their password again?', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(JSON.parse(terminal.stdout()).request.verification.reauthenticated).toBe(true);
  });

  test('Ctrl-C leaves nothing behind', async () => {
    await opened();
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'verify', 'R-000001'], cwd);
    await terminal.answer(HOW, CTRL_C);
    expect(await terminal.exit).toBe(130);
    expect(await folderDigest(cwd)).toBe(before);
  });
});
