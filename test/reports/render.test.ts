import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepareReports, REPORT_NAMES } from '../../src/reports/prepare.ts';
import { type Report, renderReport } from '../../src/reports/render.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { add, anOutcome, aRequest, FORMULAS, reportedLedger } from './reported-ledger.ts';

const ALWAYS = { from: undefined, to: undefined };
const CHECKPOINT = { size: 3, root: 'ab'.repeat(32), note: 'signed\n' };

function reportOf(rows: Report['table']['rows'], more: Partial<Report> = {}): Report {
  const table = { columns: ['id', 'note'], rows };
  return {
    name: 'register',
    table,
    period: ALWAYS,
    asOf: undefined,
    rehearsal: false,
    checkpoint: CHECKPOINT,
    ...more,
  };
}

test('CSV has a header, one line for each row, and no more', () => {
  const report = reportOf([
    { id: 1, note: 'a "b", c' },
    { id: -2, note: undefined },
    { id: true, note: ['x', 'y'] },
  ]);
  expect(renderReport(report, 'csv')).toBe('"id","note"\r\n"1","a ""b"", c"\r\n"-2",""\r\n"true","x; y"\r\n');
});

test('a report without rows still has its header', () => {
  expect(renderReport(reportOf([]), 'csv')).toBe('"id","note"\r\n');
});

test('JSON keeps kinds and lists, and says null where there is nothing', () => {
  const report = reportOf([
    { id: 1, note: ['=x'] },
    { id: undefined, note: '=y' },
  ]);
  expect(JSON.parse(renderReport(report, 'json'))).toEqual({
    schema_version: 1,
    report: 'register',
    rows: [
      { id: 1, note: ['=x'] },
      { id: null, note: '=y' },
    ],
    checkpoint: CHECKPOINT,
  });
});

test('what was asked for is said: the instant and the period', () => {
  const asked = { asOf: '2026-06-15T00:00:00Z', period: { from: '2026-01-01', to: '2026-03-31' } };
  expect(JSON.parse(renderReport(reportOf([], asked), 'json'))).toMatchObject({
    as_of: '2026-06-15T00:00:00Z',
    from: '2026-01-01',
    to: '2026-03-31',
  });
});

test('a report on a rehearsal is marked in every form', () => {
  const report = reportOf([{ id: 1, note: 'x' }], { rehearsal: true });
  expect(renderReport(report, 'csv')).toBe('"id","note","rehearsal"\r\n"1","x","true"\r\n');
  expect(JSON.parse(renderReport(report, 'json'))).toMatchObject({ rehearsal: true });
});

/** What a spreadsheet runs: a cell that begins so, whatever blank or invisible stands before it. */
const FORMULA = /^[\s\p{C}\p{Z}"]*[=+\-@\t\r\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}]/u;

test('no text becomes a formula, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', ' ', '\n', '\ufeff', '\0', '"'),
      fc.constantFrom(...'=+-@＝＋'),
      fc.string(),
      (lead, sign, rest) => {
        const text = renderReport(reportOf([{ id: lead + sign + rest, note: [lead + sign, rest] }]), 'csv');
        const cells: string[][] = parse(text);
        expect(cells.flat().filter((cell) => FORMULA.test(cell))).toEqual([]);
      },
    ),
  );
});

test('in no report does a name of the policy become a formula', async () => {
  const ledger = await ledgerWithRequests();
  const reports = await prepareReports(ledger, REPORT_NAMES, { period: ALWAYS, asOf: undefined });
  const cells = reports.flatMap((report): string[] => parse(renderReport(report, 'csv')).flat());
  expect(FORMULAS.filter((name) => FORMULA.test(name))).toEqual(FORMULAS);
  expect(cells.filter((cell) => FORMULA.test(cell))).toEqual([]);
  expect(cells).toEqual(expect.arrayContaining(FORMULAS.map((name) => `'${name}`)));
  await ledger.store.close();
});

test('the same ledger and instant give the same bytes, and nothing is appended', async () => {
  const ledger = await ledgerWithRequests();
  const head = () => ledger.store.read((tx) => tx.auditHead());
  const before = await head();
  const render = async () =>
    (await prepareReports(ledger, REPORT_NAMES, { period: ALWAYS, asOf: ledger.now })).flatMap((report) => [
      renderReport(report, 'csv'),
      renderReport(report, 'json'),
    ]);
  expect(await render()).toEqual(await render());
  expect(await head()).toEqual(before);
  await ledger.store.close();
});

test('no value of a person is in any report', async () => {
  const ledger = await ledgerWithRequests();
  const reports = await prepareReports(ledger, REPORT_NAMES, { period: ALWAYS, asOf: undefined });
  const text = reports.map((report) => renderReport(report, 'json')).join('');
  expect(text).not.toMatch(/\bada\b|\bben\b|example\.org|192\.0\.2|secret|hello|415-344|\.csv|\.log/i);
  await ledger.store.close();
});

async function ledgerWithRequests(): Promise<Ledger> {
  const ledger = await reportedLedger();
  const group = {
    source: 'users',
    category: 'account',
    action: 'erase',
    count: 1,
    basis: '=basis',
    until: undefined,
  };
  await add(ledger, 'request', aRequest());
  await add(
    ledger,
    'request',
    aRequest({ type: 'delete', regime: '+1', outcome: anOutcome({ applied: [group] }) }),
  );
  await add(ledger, 'purge', {
    state: 'done',
    subject: undefined,
    at: ledger.now,
    plan: '@x',
    applied: [group],
    protectedCount: 0,
    bytes: 'pending',
  });
  return ledger;
}
