import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderDigest } from '../helpers/folder-digest.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';
import { hasTmux, Tmux } from '../helpers/tmux.ts';

describe.skipIf(!hasTmux)('in a real terminal (left out where tmux is not installed)', () => {
  let cwd: string;
  let terminal: Tmux | undefined;

  beforeEach(async () => {
    cwd = await makeService();
  });

  afterEach(() => {
    terminal?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  test('a deletion is guided: the wrong identifier stops it, the right one carries it out', async () => {
    terminal = new Tmux(['delete'], cwd);
    await terminal.until('Who?');
    terminal.type('email:ada@example.org');
    terminal.press('Enter');
    await terminal.until('How do you know who asks?');
    terminal.press('Enter');
    await terminal.until('The identifier from the letter, once more');
    expect(terminal.screen()).toContain('email:a…@example.org');
    terminal.type('bea@example.org');
    terminal.press('Enter');
    await terminal.until('[exit 4]');
    expect(terminal.screen()).toContain('so nothing was done; R-000001 stays open');
    terminal.close();

    terminal = new Tmux(['delete', '--request', 'R-000001'], cwd);
    await terminal.until('The identifier from the letter, once more');
    terminal.type('ada@example.org');
    terminal.press('Enter');
    await terminal.until('Carry out this plan (delete)?');
    terminal.type('y');
    terminal.press('Enter');
    await terminal.until('[exit 0]');
    expect(terminal.screen()).toContain('erased here, ordered upstream');
    const { stdout } = await dsr(['request', 'show', 'R-000001', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ request: { state: 'ordered-upstream' } });
  }, 60_000);

  test('Ctrl-C at a question ends with 130, and nothing has changed', async () => {
    for (const argv of [
      ['open', '--type', 'delete', 'user_id:1'],
      ['verify', 'R-000001', '--method', 'account'],
      ['plan', 'R-000001'],
    ])
      await dsr(['request', ...argv], { cwd });
    const before = await folderDigest(cwd);
    terminal = new Tmux(['request', 'run', 'R-000001'], cwd);
    await terminal.until('The identifier from the letter, once more');
    terminal.press('C-c');
    await terminal.until('[exit 130]');
    expect(await folderDigest(cwd)).toBe(before);
  }, 60_000);
});
