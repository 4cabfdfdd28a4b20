import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { widthOf } from '../../src/cli/table.ts';
import { noticed } from '../../src/requests/moves.ts';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import type { Request } from '../../src/store/registers.ts';
import { capture, dsr } from '../helpers/program.ts';
import { aRequest } from '../helpers/request.ts';

const NOW = '2026-01-05T09:00:00Z';

/** Of every urgency one, and enough for another page. */
const REQUESTS: readonly Partial<Request>[] = [
  { type: 'delete', dueOn: '2026-01-01', assignee: 'grace' },
  { type: 'opt-out', state: 'verified', dueOn: '2026-01-05' },
  { state: 'planned', dueOn: '2026-01-09', plan: 'sha256:00' },
  {
    type: 'parental-review',
    parental: { action: 'describe', parent: 2 },
    state: 'awaiting-verification',
    dueOn: '2026-02-04',
  },
  { state: 'denied', dueOn: '2025-12-01' },
  ...Array.from({ length: 20 }, () => ({ dueOn: '2026-02-05', subject: undefined })),
];

let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'dsr-desk-'));
  const { exit, stderr } = await dsr(['init'], { cwd });
  expect([exit, stderr.includes('error')]).toEqual([0, false]);
  const actor = { name: 'tester', login: 'tester' };
  const files = ledgerFiles(join(cwd, 'dsr.db'), undefined);
  const ledger = await openLedger({ files, actor, now: NOW, asOf: false, write: true });
  await ledger.store.act({ act: 'test.done', at: NOW, actor }, async (tx) => {
    for (const change of REQUESTS) await tx.add('request', noticed(aRequest(change)));
  });
  await ledger.store.close();
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** What `dsr` prints on a terminal. */
async function onScreen(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const stdout = capture(100, true);
  const stdin = Object.assign(capture(), { isTTY: false });
  const streams = { stdin: stdin as never, stdout, stderr: capture(), env, cwd };
  expect(await main(argv, { ...streams, now: () => new Date(NOW), login: () => 'tester' })).toBe(0);
  return stdout.text();
}

describe('dsr alone', () => {
  test('shows what is due, the most urgent first, with the next command for each', async () => {
    const { exit, stdout, stderr } = await dsr([], { cwd });
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('2026-01-05: 1 past their day, 1 today, 1 within 7 days, 21 later');
    const [head, ...rows] = stdout.split('\n').slice(2, 7);
    expect(head?.split(/ {2,}/)).toEqual([
      'when',
      'owed',
      'request',
      'type',
      'state',
      'who',
      'assignee',
      'next',
    ]);
    expect(rows[0]).toMatch(
      /^overdue 4 days +answer +R-000001 +delete +received +S-000001 +grace +dsr request verify R-000001$/,
    );
    expect(rows[1]).toMatch(/^today .* dsr request letter R-000002 --kind answer$/);
    expect(rows[2]).toMatch(/^in 4 days .* dsr request run R-000003$/);
    expect(rows[3]).toMatch(/^in 30 days .* parental-review describe .* dsr request verify R-000004$/);
    expect(stdout).toContain('… and 4 more: dsr request list');
    expect(stdout).toContain(
      'requests: 21 received, 1 awaiting-verification, 1 verified, 1 planned, 1 denied',
    );
    expect(stdout).toMatch(/dsr --help has every command.*\n$/);
  });

  test('as a document it has what is due, and how many requests are in each state', async () => {
    const { stdout } = await dsr(['--json'], { cwd });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema_version: 1,
      today: '2026-01-05',
      waiting: { past: 1, today: 1, within_7_days: 1, later: 21 },
      counts: { received: 21, denied: 1 },
    });
    expect(document.due).toHaveLength(20);
    expect(document.due[0]).toMatchObject({
      id: 'R-000001',
      urgency: 'overdue',
      attention_on: '2026-01-01',
      days_left: -4,
      owed: 'answer',
      next: 'dsr request verify R-000001',
    });
  });

  test('where there is no ledger it is the help, unless a ledger was named', async () => {
    const nowhere = await dsr([], { cwd: tmpdir() });
    expect([nowhere.exit, nowhere.stderr]).toEqual([0, '']);
    expect(nowhere.stdout).toContain('Usage: dsr');
    const named = await dsr(['--ledger', 'other.db'], { cwd });
    expect([named.exit, named.stdout]).toEqual([10, '']);
    const asJson = await dsr(['--json'], { cwd: tmpdir() });
    expect([asJson.exit, JSON.parse(asJson.stderr).error.code]).toEqual([10, 'no-ledger']);
  });

  test.each([['foo'], ['--foo'], ['request', 'lst']])(
    'words that are no command stay a mistake: %s',
    async (...argv) => {
      expect((await dsr(argv, { cwd })).exit).toBe(2);
    },
  );
});

describe('urgency in colours', () => {
  const ESCAPE = '\u001b[';

  test('overdue is red, today and this week yellow, the rest plain; the words stay', async () => {
    const lines = (await onScreen([])).split('\n');
    expect(lines.find((line) => line.includes('R-000001'))).toMatch(
      /^\u001b\[31moverdue 4 days.*\u001b\[39m$/,
    );
    for (const name of ['R-000002', 'R-000003'])
      expect(lines.find((line) => line.includes(name))).toMatch(
        /^\u001b\[33m(?:today|in 4 days).*\u001b\[39m$/,
      );
    expect(lines.find((line) => line.includes('R-000004'))).not.toContain(ESCAPE);
    expect(await onScreen(['request', 'list'])).toContain('\u001b[31mR-000001');
  });

  test.each([
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['--no-color', ['--no-color'], {}],
    ['a document', ['--json'], {}],
  ])('%s has none', async (_name, argv, env) => {
    expect(await onScreen(argv, env)).not.toContain(ESCAPE);
    expect(await onScreen(['request', 'list', ...argv], env)).not.toContain(ESCAPE);
  });

  test('a pipe has none', async () => {
    expect((await dsr([], { cwd })).stdout).not.toContain(ESCAPE);
  });
});

describe.each([60, 80, 120, 200])('in a window of %i columns', (columns) => {
  test.each([[[]], [['request', 'list', '--all']], [['request', 'show', 'R-000004']], [['status']]])(
    'no line of a table wraps: dsr %j',
    async (argv) => {
      const { exit, stdout } = await dsr(argv, { cwd, columns });
      expect(exit).toBe(0);
      // A headline is no table.
      const rows = stdout.split('\n').slice(argv[1] === 'show' ? 1 : 0);
      for (const line of rows) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      if (argv.length === 0) expect(stdout).toMatch(/overdue 4 days.*R-000001.*dsr request/);
    },
  );
});

test('dsr request list has who waits first, and how long the answer has', async () => {
  const { stdout } = await dsr(['request', 'list', '--limit', '22'], { cwd });
  const [head, first] = stdout.split('\n');
  expect(head?.split(/ {2,}/)).toEqual([
    'request',
    'type',
    'state',
    'who',
    'received',
    'due',
    'days left',
    'assignee',
    'next',
  ]);
  expect(first?.split(/ {2,}/)).toEqual([
    'R-000001',
    'delete',
    'received',
    'S-000001',
    '2026-01-05',
    '2026-01-01',
    'overdue 4 days',
    'grace',
    'verify',
  ]);
  expect(stdout).toContain('… and 3 more: --all shows them');
});
