import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ledgerFiles } from '../../src/store/open.ts';
import { ledgerDigest } from '../helpers/ledger-digest.ts';
import { dsr } from '../helpers/program.ts';
import { hasTmux, Tmux } from '../helpers/tmux.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, category: account }
categories: { account: { on_delete: erase } }
`;

describe.skipIf(!hasTmux)('the desk in a real terminal (left out where tmux is not installed)', () => {
  let cwd: string;
  let terminal: Tmux | undefined;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'dsr-desk-'));
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    expect((await dsr(['init', '--policy', 'policy.yaml'], { cwd })).exit).toBe(0);
  });

  afterEach(() => terminal?.close());

  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  /** Answers one question after the other, each once it stands on the screen. */
  async function answer(
    at: Tmux,
    answers: readonly (readonly [question: string, keys: string])[],
  ): Promise<void> {
    for (const [question, keys] of answers) {
      await at.until(question);
      at.type(keys);
      at.press('Enter');
    }
  }

  test('Ctrl-C in the middle of the questions leaves the ledger and the terminal as they were', async () => {
    const files = ledgerFiles(join(cwd, 'dsr.db'), undefined);
    const before = await ledgerDigest(files);
    terminal = new Tmux(['request', 'open', '--type', 'delete'], cwd);
    await answer(terminal, [['Who?', 'email:ada@example.org']]);
    await terminal.until('Who asks?');
    expect(terminal.showsCursor()).toBe(false);
    terminal.press('C-c');
    await terminal.until('[exit 130]');
    expect(terminal.showsCursor()).toBe(true);
    expect(await ledgerDigest(files)).toBe(before);
  }, 60_000);

  test('a request is opened by its questions, a wrong day corrected while typing, and then it is due', async () => {
    terminal = new Tmux(['request', 'open'], cwd);
    await terminal.until('What do they ask for?');
    terminal.press('Down');
    terminal.press('Enter');
    await answer(terminal, [
      ['Who?', 'email:ada@example.org'],
      ['Who asks?', ''],
    ]);
    await terminal.until('On which day did it come in?');
    terminal.type('2999-01-01');
    await terminal.until('[that is after today');
    terminal.press('Enter');
    await terminal.until('> that is after today');
    terminal.press('C-u');
    terminal.type('2026-01-05');
    terminal.press('Enter');
    await answer(terminal, [
      ['How did it come in?', ''],
      ['the strictest of the policy', ''],
      ['answer by       2026-02-05', 'y'],
    ]);
    await terminal.until('[exit 0]');
    expect(terminal.screen()).toContain('R-000001  delete  nobody known  received  due 2026-02-05');
    terminal.close();

    terminal = new Tmux([], cwd, { columns: 80 });
    await terminal.until('[exit 0]');
    expect(terminal.screen()).toMatch(
      /^overdue \d+ days +R-000001 +delete +received +dsr request verify R-000001$/m,
    );
    expect(terminal.screen({ colors: true })).toContain('\u001b[31moverdue');
  }, 60_000);
});
