import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import type { CsvFormat, TableFormat } from '../../src/policy/types.ts';
import {
  csv,
  hasSharedData,
  json,
  ndjson,
  objects,
  readFileRows,
  refusalOf,
  SHARED_DATA,
  summary,
} from './reading.ts';

const NASTY = join(SHARED_DATA, 'nasty-csv');
const COMMONS = join(NASTY, 'commons-csv');
const SKIPPED = hasSharedData ? '' : ' (skipped: ../shared/data is not here)';

/** Why a file of csv-spectrum is not read as it expects. */
const SPECTRUM_REFUSED: Readonly<Record<string, readonly string[]>> = {
  // RFC 4180 allows no quote in a field without quotes. The expected result is of another row.
  location_coordinates: ['2: a quote inside a field without quotes'],
};

describe.skipIf(!hasSharedData)(`csv-spectrum${SKIPPED}`, () => {
  const folder = join(NASTY, 'csv-spectrum');
  const names = hasSharedData
    ? readdirSync(join(folder, 'csvs')).map((file) => file.replace('.csv', ''))
    : [];

  it.each(names)('%s is read as expected, or refused for a known reason', async (name) => {
    const expected: unknown = JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8'));
    const rows = objects(await readFileRows(join(folder, 'csvs', `${name}.csv`), csv()));
    expect(rows).toEqual(SPECTRUM_REFUSED[name] ?? (Array.isArray(expected) ? expected : [expected]));
  });

  it('has its twelve files', () => {
    expect(names).toHaveLength(12);
  });
});

describe.skipIf(!hasSharedData)(`commons-csv${SKIPPED}`, () => {
  async function read(file: string, change: Partial<CsvFormat> = {}): Promise<unknown[]> {
    return summary(await readFileRows(join(COMMONS, file), csv(change)));
  }

  it('test.csv: plain rows as its expected results say; comments, and quotes behind spaces, are no RFC 4180', async () => {
    const wrong = (line: number, fields = 1) => `${line}: ${fields} field where the header has 4`;
    expect(await read('CSVFileParser/test.csv')).toEqual([
      wrong(2),
      ['a', 'b', 'c', 'd'],
      wrong(4),
      [' e ', 'f ', ' g', 'h '],
      wrong(6),
      '7: a quote inside a field without quotes',
      wrong(8),
      ['', '', '', ''],
      wrong(10),
      ['', '', '', ''],
      wrong(12),
      wrong(16),
    ]);
  });

  it('testCSV85.csv and testCSV246.csv: rows as expected, comment lines set aside', async () => {
    const columns = ['a', 'b', 'c', 'e', 'f'];
    const expected = [columns, ['g', 'h', 'i', 'j', 'k'], ['l', 'm', 'n', 'o', 'p']];
    for (const file of ['CSVFileParser/testCSV85.csv', 'CSVFileParser/testCSV246.csv']) {
      const rows = await read(file, { columns });
      expect(rows.filter(Array.isArray)).toEqual(expected);
      expect(rows.filter((row) => typeof row === 'string').every((row) => row.includes('1 field'))).toBe(
        true,
      );
    }
  });

  it('bom.csv: the mark is no part of the first column', async () => {
    const rows = await readFileRows(join(COMMONS, 'CSVFileParser/bom.csv'), csv());
    expect(rows).toHaveLength(251);
    expect(rows[0]).toMatchObject({
      columns: ['Date', ' Open', ' High', ' Low', ' Close', ' Volume'],
      values: ['14-Mar-14', '223.80', '225.20', '220.85', '221.51', '79448141'],
    });
  });

  it('psql.csv and csv-254.csv have no header, 999751170.patch.csv has semicolons', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e'];
    expect(await read('CSV-290/psql.csv', { columns })).toEqual([
      ['1', 'abc', 'test line 1\ntest line 2', '', ''],
      ['2', 'xyz', '\\b:\b \\t:\t \\n:\n \\r:\r', 'a', 'b'],
      ['3', 'a', 'b,c,d', '"quoted"', 'e'],
    ]);
    expect(await read('CSV-254/csv-254.csv', { columns: ['a', 'b', 'c'] })).toEqual([
      ['AA', '33', ''],
      ['AA', '', ''],
      ['', '33', 'CC'],
    ]);
    expect(await read('CSV-213/999751170.patch.csv', { delimiter: ';' })).toEqual([['27', '']]);
  });

  it('psql.tsv: three rows without quoting', async () => {
    const rows = await read('CSV-290/psql.tsv', {
      delimiter: '\t',
      quote: '',
      columns: ['a', 'b', 'c', 'd', 'e'],
    });
    expect(rows).toHaveLength(3);
    expect(rows[2]).toEqual(['3', 'a', 'b,c,d', '"quoted"', 'e']);
  });

  it('emoji.csv, japanese.csv and sample.txt: every row', async () => {
    const emoji = await read('CSV-196/emoji.csv');
    expect(emoji.map((row) => (Array.isArray(row) ? row[0] : row))).toEqual(['1', '2', '3', '4']);
    expect(emoji[0]).toContain('😄'.repeat(10));
    expect((await read('CSV-196/japanese.csv')).map((row) => (Array.isArray(row) ? row[0] : row))).toEqual([
      '00000000000001',
      '00000000000002',
      '00000000000003',
    ]);
    expect(await read('CSV-259/sample.txt')).toEqual([]);
  });

  it('csv-141.csv and sample1.csv escape quotes by a backslash, which is set aside', async () => {
    const rows = await read('CSV-141/csv-141.csv', { columns: ['a', 'b', 'c', 'd', 'e'] });
    expect(rows.map((row) => (typeof row === 'string' ? row : 'row'))).toEqual([
      'row',
      'row',
      '3: text after a closing quote',
    ]);
    expect(await read('csv-167/sample1.csv', { columns: ['author', 'title', 'published'] })).toEqual([
      '1: 1 field where the policy names 3',
      ['author', 'title', 'publishDate'],
      ['Dan Simmons', 'Hyperion', '1989'],
      ...[4, 5, 6].map((line) => `${line}: 1 field where the policy names 3`),
      ...[7, 8].map((line) => `${line}: a quote inside a field without quotes`),
    ]);
  });

  it('csvRecord.bin and empty.txt are refused', async () => {
    const binary = await refusalOf(() => read('CSV-248/csvRecord.bin'));
    expect([binary.code, binary.message]).toEqual(['not-csv', 'csvRecord.bin:1: looks like a binary file']);
    expect((await refusalOf(() => read('empty.txt'))).code).toBe('empty-file');
  });
});

describe.skipIf(!hasSharedData)(`other nasty tables${SKIPPED}`, () => {
  it('the same table in UTF-8, UTF-16 of both orders and latin1 gives the same rows', async () => {
    const folder = join(NASTY, 'csvkit');
    const utf16 = csv({ encoding: 'utf-16' });
    const expected = [
      ['1', '2', '3'],
      ['4', '5', 'ʤ'],
    ];
    expect(summary(await readFileRows(join(folder, 'test_utf8.csv'), csv()))).toEqual(expected);
    expect(summary(await readFileRows(join(folder, 'test_utf16_little.csv'), utf16))).toEqual(expected);
    expect(summary(await readFileRows(join(folder, 'test_utf16_big.csv'), utf16))).toEqual(expected);
    const latin1 = await readFileRows(join(folder, 'test_latin1.csv'), csv({ encoding: 'latin1' }));
    expect(summary(latin1).at(-1)).toEqual(['4', '5', '©']);
  });

  it.each(['csvkit', 'csvlint', 'frictionless'])(
    'every file of %s gives rows or a clear refusal',
    async (set) => {
      const files = filesUnder(join(NASTY, set));
      expect(files.length).toBeGreaterThan(10);
      for (const file of files) {
        const outcome = await outcomeOf(file);
        expect(outcome, relative(NASTY, file)).toMatch(
          /^rows$|^(not-(csv|json|ndjson)|empty-file|csv-(header|delimiter|quote-open)|json-(path|invalid)) 65$/,
        );
      }
    },
  );
});

async function outcomeOf(file: string): Promise<string> {
  try {
    await readFileRows(file, formatOf(file));
    return 'rows';
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.exit}`;
    throw error;
  }
}

function formatOf(file: string): TableFormat {
  if (/\.(ndjson|jsonl)$/.test(file)) return ndjson;
  if (file.endsWith('.json')) return json();
  return csv({ delimiter: file.endsWith('.tsv') ? '\t' : ',' });
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  return paths.filter((path) => statSync(path).isFile());
}
