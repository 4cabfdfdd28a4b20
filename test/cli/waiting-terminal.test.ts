import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderDigest } from '../helpers/folder-digest.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';
import { onTerminal } from '../helpers/terminal.ts';

const ENTER = '\r';
const IDENTIFIER = 'The identifier from the letter, once more';

let cwd: string;

beforeEach(async () => {
  cwd = await makeService();
  appendFileSync(join(cwd, 'policy.yaml'), 'waiting: { period: P3D }\n');
  await run('policy', 'apply', 'policy.yaml');
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function run(...argv: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await dsr(argv, { cwd });
  expect([exit, stderr.includes('error')]).toEqual([0, false]);
  return stdout;
}

describe('a waiting time on a terminal', () => {
  test('is begun by the guided deletion, after the same questions, and moved with the request', async () => {
    const guided = onTerminal(['delete', 'user_id:1', '--method', 'account'], cwd);
    await guided.answer(IDENTIFIER, `ada@example.org${ENTER}`);
    await guided.answer('Start the waiting time of this plan (delete)?', `y${ENTER}`);
    expect(await guided.exit).toBe(0);
    expect(guided.stdout()).toContain('waits until 2026-01-08');
    expect(guided.stdout()).not.toContain('ada@');

    const before = await folderDigest(cwd);
    const early = onTerminal(['request', 'run', 'R-000001'], cwd);
    expect(await early.exit).toBe(4);
    expect(early.stderr()).not.toContain(IDENTIFIER);
    expect(await folderDigest(cwd)).toBe(before);

    const moving = onTerminal(['request', 'reassign', 'R-000001'], cwd);
    await moving.answer('Who?', `user_id:2${ENTER}`);
    await moving.answer('Why?', `wrong-person${ENTER}`);
    expect(await moving.exit).toBe(0);
    const { request } = JSON.parse(await run('request', 'show', 'R-000001', '--json'));
    expect(request).toMatchObject({ state: 'received', subject: 'S-000002', verified: false });
    expect(await run('subject', 'find', 'user_id:1')).not.toContain('restricted');
  });

  test('is not begun where the identifier is not theirs', async () => {
    await run('request', 'open', '--type', 'delete', 'user_id:1');
    await run('request', 'verify', 'R-000001', '--method', 'account');
    await run('request', 'plan', 'R-000001');
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'run', 'R-000001'], cwd);
    await terminal.answer(IDENTIFIER, `bea@example.org${ENTER}`);
    expect(await terminal.exit).toBe(4);
    expect(await folderDigest(cwd)).toBe(before);
  });
});
