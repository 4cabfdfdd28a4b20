import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, test } from 'vitest';
import { REPORT_NAMES } from '../../src/reports/prepare.ts';
import { ledgerFiles, openLedger } from '../../src/store/open.ts';
import { type CallOptions, dsr } from '../helpers/program.ts';
import { add, aRequest, NOW, unloadedLedger } from './reported-ledger.ts';

let folder: string;

beforeEach(async () => {
  const ledger = await unloadedLedger();
  folder = dirname(ledger.path);
  await add(ledger, 'request', aRequest());
  await ledger.store.close();
});

function report(words: readonly string[], options: CallOptions = {}) {
  return dsr(['report', ...words], { cwd: folder, now: NOW, ...options });
}

const checkpoint = async () =>
  (await dsr(['audit', 'checkpoint', '--unrecorded'], { cwd: folder, now: NOW })).stdout;
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('without --out the report is on standard output, CSV where nothing else is said', async () => {
  const { exit, stdout } = await report(['register']);
  expect(exit).toBe(0);
  expect(parse(stdout, { columns: true })).toMatchObject([{ request: 'R-000001', days: '45' }]);
});

test('--format json is a document of its own', async () => {
  const { stdout } = await report(['register', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    schema_version: 1,
    report: 'register',
    rows: [{ request: 'R-000001' }],
  });
});

test('with --json the rows are in the one document, whatever the format', async () => {
  const { stdout } = await report(['register', '--format', 'csv', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    schema_version: 1,
    report: 'register',
    rows: [{ request: 'R-000001' }],
  });
});

test('--as-of is the instant of the report, on any ledger; the clock is never printed', async () => {
  const words = ['register', '--format', 'json', '--as-of', '2026-05-11T12:00:00Z'];
  const [early, late] = [await report(words), await report(words, { now: '2027-01-01T00:00:00Z' })];
  expect(early.stdout).toBe(late.stdout);
  expect(JSON.parse(early.stdout)).toMatchObject({
    as_of: '2026-05-11T12:00:00Z',
    rows: [{ days: 10, late: false }],
  });
  expect((await report(['register', '--format', 'json'])).stdout).not.toContain('2026-06-15');
});

test('--out writes a new file for its owner alone, and says its digest', async () => {
  const path = join(folder, 'register.csv');
  const { exit, stdout } = await report(['register', '--out', 'register.csv']);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${sha256(path)}  register.csv\n` });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toBe((await report(['register'])).stdout);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});

test('with --json and --out the document lists the artifacts', async () => {
  const path = join(folder, 'register.json');
  const { stdout } = await report(['register', '--format', 'json', '--out', path, '--json']);
  expect(JSON.parse(stdout)).toEqual({
    schema_version: 1,
    report: 'register',
    format: 'json',
    artifacts: [{ path, sha256: sha256(path) }],
    checkpoint: expect.objectContaining({ note: await checkpoint() }),
  });
});

test('each report comes with the newest checkpoint, and none is an entry in the log', async () => {
  const note = await checkpoint();
  const [csv, json] = [await report(['register']), await report(['register', '--format', 'json'])];
  expect(csv.stderr).toBe(`checkpoint of the audit log:\n${note}`);
  expect([json.stderr, JSON.parse(json.stdout).checkpoint.note]).toEqual(['', note]);
  expect((await report(['register', '--out', 'register.csv'])).stderr).toContain(note);
  await report(['all', '--out', 'reports']);
  const manifest = JSON.parse(readFileSync(join(folder, 'reports/manifest.json'), 'utf8'));
  expect(manifest.checkpoint.note).toBe(note);
  expect((await report(['register', '--quiet'])).stderr).toBe('');
  expect(await checkpoint()).toBe(note);
});

test('all reports go into a new folder, with a manifest of their digests', async () => {
  const { exit, stdout } = await report(['all', '--out', 'reports', '--json']);
  const out = join(folder, 'reports');
  expect(exit).toBe(0);
  expect(readdirSync(out).sort()).toEqual(
    [...REPORT_NAMES.map((name) => `${name}.csv`), 'manifest.json'].sort(),
  );
  expect(statSync(out).mode & 0o777).toBe(0o700);
  const { artifacts } = JSON.parse(stdout) as { artifacts: { path: string; sha256: string }[] };
  expect(artifacts.every((artifact) => artifact.sha256 === sha256(artifact.path))).toBe(true);
  for (const name of readdirSync(out)) expect(statSync(join(out, name)).mode & 0o777).toBe(0o600);
});

test('the same state gives the same folder, byte for byte', async () => {
  await report(['all', '--out', 'one']);
  await report(['all', '--out', 'two'], { now: '2026-06-15T13:00:00Z' });
  for (const name of readdirSync(join(folder, 'one'))) {
    expect(sha256(join(folder, 'one', name))).toBe(sha256(join(folder, 'two', name)));
  }
});

describe('metrics', () => {
  test('say that the register is equal to the audit log that they were made of', async () => {
    const { exit, stdout } = await report(['metrics', '--from', '2026-01-01', '--regime', 'gdpr', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      regimes: ['gdpr'],
      equal: true,
      differences: [],
      rows: [{}, {}, { request_type: 'know', received: 1, open: 1 }, {}, {}],
    });
  });

  test('list what the register says otherwise, with exit 20, and count by the log all the same', async () => {
    const path = join(folder, 'dsr.db');
    const files = ledgerFiles(path);
    const actor = { name: 'mallory', login: 'mallory' };
    const ledger = await openLedger({ files, actor, now: NOW, asOf: false, write: true });
    await ledger.store.act({ act: 'test.done', at: NOW, actor }, async (tx) => {
      const [request] = await tx.entries('request');
      if (request !== undefined) await tx.put('request', { ...request, receivedOn: '2026-05-30' });
    });
    await ledger.store.close();
    const { exit, stdout, stderr } = await report(['metrics', '--regime', 'gdpr', '--from', '2026-05-02']);
    expect(exit).toBe(20);
    expect(stderr).toContain('the register does not say what the audit log says');
    expect(parse(stdout, { columns: true })[2]).toMatchObject({ received: '0' });
    const json = await report(['metrics', '--json']);
    expect([json.exit, JSON.parse(json.stdout)]).toMatchObject([
      20,
      {
        equal: false,
        differences: [
          { request: 'R-000001', member: 'received_on', log: '2026-05-01', register: '2026-05-30' },
        ],
      },
    ]);
  });

  test('are of the year before where no day is named; all reports keep to the days that are', async () => {
    expect(JSON.parse((await report(['metrics', '--json'])).stdout)).toMatchObject({
      from: '2025-01-01',
      to: '2025-12-31',
    });
    await report(['all', '--out', 'reports', '--format', 'json', '--from', '2026-05-01']);
    const metrics = JSON.parse(readFileSync(join(folder, 'reports/metrics.json'), 'utf8'));
    expect([metrics.from, metrics.to]).toEqual(['2026-05-01', undefined]);
  });
});

describe('what is there is never written over', () => {
  test.each([
    ['a file', 'register', (path: string) => writeFileSync(path, 'mine')],
    ['a link to nowhere', 'register', (path: string) => symlinkSync(join(folder, 'elsewhere'), path)],
    ['a file in the place of the folder', 'all', (path: string) => writeFileSync(path, 'mine')],
  ])('%s', async (_name, name, put) => {
    put(join(folder, 'out'));
    const { exit, stdout, stderr } = await report([name, '--out', 'out']);
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr).toContain('out is already there');
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    if (existsSync(join(folder, 'out'))) expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('mine');
  });

  test('a folder that is not there is not made up', async () => {
    const { exit } = await report(['register', '--out', 'nowhere/register.csv']);
    expect(exit).toBe(5);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

test.each([
  ['a format of a later version', ['register', '--format', 'html'], /--format must be one of: csv, json/],
  [
    'a report that there is not',
    ['ada'],
    /reports: register, metrics, deletions, retention, purges, imports, inventory, all/,
  ],
  ['all of them on standard output', ['all'], /report all needs --out DIR/],
  [
    'a period that ends before it begins',
    ['register', '--from', '2026-02-01', '--to', '2026-01-01'],
    /--from is after --to/,
  ],
  ['a day that is none', ['register', '--from', '2026-02-30'], /--from is not a date/],
  ['a period of what has none', ['retention', '--from', '2026-02-01'], /--from and --to do not fit/],
])('%s is refused as usage', async (_name, words, message) => {
  const { exit, stdout, stderr } = await report(words);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  expect(stderr).toMatch(message);
});

test('without a ledger there is no report and no file', async () => {
  const { exit } = await report(['register', '--out', 'register.csv', '--ledger', 'other.db']);
  expect(exit).toBe(10);
  expect(existsSync(join(folder, 'register.csv'))).toBe(false);
});
