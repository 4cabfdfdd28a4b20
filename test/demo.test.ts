import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ledger } from '../src/store/ledger.ts';
import { ledgerFiles, openLedger } from '../src/store/open.ts';
import type { Outcome } from './helpers/program.ts';

const ROOT = resolve(import.meta.dirname, '..');
const REPORTS = ['register', 'deletions', 'retention', 'purges', 'imports', 'inventory'];
const isBuilt = existsSync(join(ROOT, 'dist/cli/main.js'));

const around = mkdtempSync(join(tmpdir(), 'dsr-demo-'));
const folder = join(around, 'demo');
afterAll(() => rmSync(around, { recursive: true, force: true }));

/** What the reader may have set for a ledger of their own; the demonstration must not follow it. */
const FOREIGN = { DSR_LEDGER: join(around, 'theirs.db'), DSR_NOW: '2031-01-01', DSR_ACTOR: '' };

/** A process group of its own, so that a command that is running dies with it. */
function startDemo(target: string): ChildProcess {
  return spawn(process.execPath, [join(ROOT, 'fixtures/demo.js'), target], {
    cwd: around,
    env: { ...process.env, ...FOREIGN },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', (code) => done({ exit: code ?? -1, stdout, stderr }));
  });
}

/** Runs the demonstration as far as a command, and kills it there. */
async function killDemoAt(command: string): Promise<void> {
  const child = startDemo(folder);
  const outcome = outcomeOf(child);
  child.stdout?.on('data', (text: string) => {
    if (text.includes(`$ dsr ${command}`)) process.kill(-Number(child.pid), 'SIGKILL');
  });
  await outcome;
}

describe.skipIf(!isBuilt)('npm run demo', () => {
  let outcome: Outcome;

  beforeAll(async () => {
    await killDemoAt('ingest');
    expect(existsSync(join(folder, 'dsr.db'))).toBe(true);
    outcome = await outcomeOf(startDemo(folder));
  }, 240_000);

  test('runs to its end, also over what an earlier run left behind', () => {
    expect(outcome.stderr).toBe('');
    expect(outcome.exit).toBe(0);
    expect(existsSync(FOREIGN.DSR_LEDGER)).toBe(false);
  });

  test('shows each command before what it says, and why another exit code than 0 is right', () => {
    expect(outcome.stdout.match(/^# .+\n\$ dsr .+\n {2}\S/gm)?.length).toBeGreaterThan(25);
    expect(outcome.stdout.match(/^ {2}\(exit code \d+, as it should be: .+\)$/gm)).toHaveLength(3);
    expect(outcome.stdout).toMatch(/access_log +access-2005-06-01\.log\.gz/);
    expect(outcome.stdout).toContain('erased here, ordered upstream');
    expect(outcome.stdout).toContain('old value again: the correction stays in force here');
    expect(outcome.stdout).toContain('nothing was due');
    expect(outcome.stdout).toContain('the audit log is as it was written');
  });

  test('masks the persons that it shows', () => {
    const said = outcome.stdout.replace(/^\$ dsr .+$/gm, '');
    expect(said).toContain('a…@example.org');
    expect(said.replaceAll(/\w…@example/g, '').match(/\S+@example\.\w+/g) ?? []).toEqual(
      // The closing advice.
      ['email:gwen.hollis@example.com'],
    );
  });

  test.each(REPORTS)('writes the report %s as CSV and JSON, and nobody is named in it', (name) => {
    const csv = textOf(`reports/csv/${name}.csv`);
    const json = textOf(`reports/json/${name}.json`);
    const rows: Record<string, string>[] = parse(csv, { columns: true });
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.parse(json)).toMatchObject({ schema_version: 1 });
    for (const text of [csv, json])
      expect(text).not.toMatch(/bruno|keller|lovejoy|sandoval|pe[nñ]a|@example/i);
  });

  test('says in the report of deletions what law keeps, and until when', () => {
    const rows: Record<string, string>[] = parse(textOf('reports/csv/deletions.csv'), { columns: true });
    const retained = rows.filter((row) => row.action === 'retain');
    expect(retained.map(({ source, basis, until }) => [source, basis, until])).toEqual([
      ['payments', 'legal-obligation: tax records', '2010-12-31'],
      ['payments', 'legal-obligation: tax records', '2011-12-31'],
    ]);
    expect(rows.filter((row) => row.request === 'R-000003').map((row) => row.action)).not.toContain('erase');
  });

  test('gives Ada a package whose manifest fits its files', () => {
    const { files } = JSON.parse(textOf('packages/R-000001/manifest.json')) as Manifest;
    expect(files.length).toBeGreaterThan(8);
    for (const { path, sha256 } of files)
      expect(digestOf(join(folder, 'packages/R-000001', path)), path).toBe(sha256);
  });

  test.skipIf(process.platform === 'win32')('writes files that only their owner can read', () => {
    const written = ['packages', 'reports'].flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, name, path),
      ),
    );
    const files = [
      ...written,
      ...['dsr.db', 'dsr.db.key', 'dsr.db.secrets'].map((name) => join(folder, name)),
    ];
    expect(files.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  });

  test('leaves a ledger that holds what the story says', async () => {
    const ledger = await openLedger({
      files: ledgerFiles(join(folder, 'dsr.db')),
      actor: { name: 'tester', login: 'tester' },
      now: '2005-09-06T00:00:00Z',
      asOf: true,
      write: false,
    });
    try {
      expect(await rowsOf(ledger)).toEqual({
        ada: 'active, Salem',
        bruno: 'gone',
        mika: 'restricted, San Francisco',
        dario: 'active, Oakland',
        quinn: 'gone',
      });
      expect(await retainedOf(ledger)).toEqual([
        ['payments', ['id', 'paid_on', 'payer_name', 'item', 'amount', 'currency']],
        ['payments', ['id', 'paid_on', 'payer_name', 'item', 'amount', 'currency']],
      ]);
    } finally {
      await ledger.store.close();
    }
  });
});

test('a folder that is not the demonstration’s own is left alone', async () => {
  const theirs = join(around, 'theirs');
  mkdirSync(theirs);
  writeFileSync(join(theirs, 'letter.txt'), 'mine');
  const { exit, stdout, stderr } = await outcomeOf(startDemo(theirs));
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toContain('theirs is there already and was not made by this demonstration');
  expect(readdirSync(theirs)).toEqual(['letter.txt']);
});

interface Manifest {
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

function textOf(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

const CAST = { ada: '1001', bruno: '1002', mika: '1004', dario: '1006', quinn: '1010' };

/** State and city of each account row of the cast. */
async function rowsOf({ store }: Ledger): Promise<Record<string, string>> {
  const entries = await store.read((tx) =>
    Promise.all(
      Object.entries(CAST).map(async ([name, key]) => {
        const row = await tx.recordByKey('users', key);
        return [name, row === undefined ? 'gone' : `${row.state}, ${row.fields.get('city')}`];
      }),
    ),
  );
  return Object.fromEntries(entries);
}

/** Source and fields of all that is retained. */
async function retainedOf({ store }: Ledger): Promise<readonly (readonly [string, readonly string[]])[]> {
  const rows = await store.read((tx) => tx.listRecords({ state: 'retained' }, 0, 100));
  return rows.map(({ source, fields }) => [source, [...fields.keys()]]);
}
