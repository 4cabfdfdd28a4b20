import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/ledger-folder.ts';
import { dsr } from '../helpers/program.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/rel-chinook/', import.meta.url));
const policy = (form: string) => fileURLToPath(new URL(`./chinook-${form}.yaml`, import.meta.url));

async function load(form: 'csv' | 'json'): Promise<(...argv: string[]) => Promise<string>> {
  const cwd = temporaryFolder();
  const run = async (...argv: string[]) => {
    const outcome = await dsr([...argv, '--json'], { cwd, env: { DSR_NOW: '2026-02-01T00:00:00Z' } });
    expect(outcome.exit, `${argv.join(' ')}: ${outcome.stderr}`).toBe(0);
    return outcome.stdout;
  };
  await run('init', '--policy', policy(form));
  if (form === 'csv')
    await run(
      'ingest',
      join(DATA, 'csv/Customer.csv'),
      join(DATA, 'csv/Invoice.csv'),
      '--taken-at',
      '2026-01-01',
    );
  else {
    for (const source of ['customer', 'invoice'])
      await run('ingest', join(DATA, 'ChinookData.json'), '--source', source, '--taken-at', '2026-01-01');
  }
  return async (...argv) => {
    const out = argv.indexOf('--out');
    const printed = await run(...argv);
    return out < 0 ? printed : join(cwd, argv[out + 1] ?? '');
  };
}

describe.skipIf(!existsSync(DATA))('Chinook (needs ../shared/data)', () => {
  it('says the same of every customer, whether it came as CSV or as JSON', { timeout: 120_000 }, async () => {
    const [csv, json] = [await load('csv'), await load('json')];
    for (let id = 1; id <= 59; id++) {
      expect(await json('subject', 'find', `user_id:${id}`), `customer ${id}`).toBe(
        await csv('subject', 'find', `user_id:${id}`),
      );
    }
  });

  it('gives the same package, but for the dates that the two forms hold', { timeout: 120_000 }, async () => {
    const access = [
      'access',
      'email:leonekohler@surfeu.de',
      '--method',
      'account',
      '--yes',
      '--out',
      'package',
    ];
    const [csv, json] = [await (await load('csv'))(...access), await (await load('json'))(...access)];
    const rows = (folder: string, file: string) =>
      parse(readFileSync(join(folder, 'csv', file)), { columns: true }) as Record<string, string>[];
    expect(rows(json, '0001-customer.csv')).toEqual(rows(csv, '0001-customer.csv'));
    const undated = (row: Record<string, string>) => ({ ...row, InvoiceDate: '' });
    expect(rows(json, '0002-invoice.csv').map(undated)).toEqual(rows(csv, '0002-invoice.csv').map(undated));
    expect(rows(csv, '0002-invoice.csv')).toHaveLength(7);
  });
});
