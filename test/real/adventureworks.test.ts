import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr, type Outcome } from '../helpers/program.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/rel-adventureworks-bikes/', import.meta.url));
const POLICY = fileURLToPath(new URL('./adventureworks.yaml', import.meta.url));
const EMAIL = 'jon24@adventure-works.com';
const KEY = '11000';

type Row = Readonly<Record<string, string>>;

function rowsOf(file: string): Row[] {
  return parse(readFileSync(file), { bom: true, columns: true }) as Row[];
}

describe.skipIf(!existsSync(DATA))('AdventureWorks (needs ../shared/data)', () => {
  it('gives a customer their row and exactly their sales, and keeps of them after a deletion what the rule names', {
    timeout: 120_000,
  }, async () => {
    const cwd = temporaryFolder();
    const run = async (...argv: string[]): Promise<Outcome & { readonly json: Record<string, never> }> => {
      const outcome = await dsr([...argv, '--json'], { cwd, env: { DSR_NOW: '2020-02-01T00:00:00Z' } });
      return {
        ...outcome,
        json: JSON.parse(outcome.stdout === '' ? 'null' : outcome.stdout) as Record<string, never>,
      };
    };
    expect((await run('init', '--policy', POLICY)).exit).toBe(0);
    const files = ['Customers', 'Sales_2017', 'Sales_2018', 'Sales_2019'].map((name) =>
      join(DATA, `AdventureWorks_${name}.csv`),
    );
    const ingested = await run('ingest', ...files, '--taken-at', '2020-01-31');
    expect(ingested.exit, ingested.stderr).toBe(0);
    expect(ingested.json).toMatchObject({
      imports: [{ rows_kept: 18148 }, { rows_kept: 2630 }, { rows_kept: 23935 }, { rows_kept: 29481 }],
    });

    const expected = files
      .slice(1)
      .flatMap(rowsOf)
      .filter((row) => row.CustomerKey === KEY);
    expect(expected.length).toBeGreaterThan(0);
    const access = await run('access', `email:${EMAIL}`, '--method', 'account', '--yes', '--out', 'package');
    expect(access.exit, access.stderr).toBe(0);
    expect(readdirSync(join(cwd, 'package', 'csv'))).toEqual(['0001-customers.csv', '0002-sales.csv']);
    const [customer, ...others] = rowsOf(join(cwd, 'package/csv/0001-customers.csv'));
    expect(others).toEqual([]);
    expect(customer).toMatchObject({
      CustomerKey: KEY,
      EmailAddress: EMAIL,
      FirstName: 'JON',
      LastName: 'YANG',
      state: 'active',
    });
    const given = rowsOf(join(cwd, 'package/csv/0002-sales.csv'));
    expect(given.map(orderOf).sort()).toEqual(expected.map(orderOf).sort());

    const deleted = await run('delete', `email:${EMAIL}`, '--method', 'account', '--yes');
    expect(deleted.exit, deleted.stderr).toBe(0);
    expect(deleted.json).toMatchObject({ request: { state: 'ordered-upstream' }, bytes: 'proven' });
    const after = await run('access', 'S-000001', '--method', 'account', '--yes', '--out', 'after');
    expect(after.exit, after.stderr).toBe(0);
    const kept = rowsOf(join(cwd, 'after/csv/0001-sales.csv'));
    expect(kept.map((row) => row.OrderNumber).sort()).toEqual(expected.map((row) => row.OrderNumber).sort());
    for (const row of kept) {
      expect(Object.keys(row)).toEqual([
        'role',
        'state',
        'basis',
        'kept_until',
        'OrderNumber',
        'OrderLineItem',
        'OrderDate',
        'ProductKey',
        'OrderQuantity',
      ]);
      expect(row).toMatchObject({
        state: 'retained',
        kept_until: `${Number(row.OrderDate?.slice(-4)) + 7}-12-31`,
      });
    }
    const left = readFileSync(join(cwd, 'after/data.json'), 'utf8');
    for (const name of [EMAIL, 'YANG', `"${KEY}"`]) expect(left).not.toContain(name);
    // Found by digest, although nothing here names them any more.
    expect((await run('subject', 'find', `email:${EMAIL}`)).json).toMatchObject({
      subjects: [{ subject: 'S-000001', erased: true }],
    });
  });
});

function orderOf(row: Row): string {
  return [row.OrderNumber, row.OrderLineItem, row.OrderDate, row.ProductKey, row.OrderQuantity].join('|');
}
