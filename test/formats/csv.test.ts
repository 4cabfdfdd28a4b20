import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/base/errors.ts';
import { MAX_RECORD_BYTES } from '../../src/formats/text.ts';
import { csv, readChunks, refusalOf, summary } from './reading.ts';

function read(text: string | Buffer, change: Parameters<typeof csv>[0] = {}): unknown[] {
  return summary(readChunks(text, csv(change)));
}

describe('a CSV file', () => {
  it('gives each row the header, its line and its text', () => {
    const rows = readChunks('id,name\r\n1,"a\nb"\r\n\r\n2,"say ""hi"""', csv());
    expect(rows).toEqual([
      { kind: 'row', line: 2, columns: ['id', 'name'], values: ['1', 'a\nb'], raw: '1,"a\nb"' },
      { kind: 'row', line: 5, columns: ['id', 'name'], values: ['2', 'say "hi"'], raw: '2,"say ""hi"""' },
    ]);
    expect(rows[0]?.kind === 'row' && rows[1]?.kind === 'row' && rows[0].columns === rows[1].columns).toBe(
      true,
    );
  });

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR alone', 'a,b\r1,2\r3,4\r'],
    ['LF and CRLF mixed', 'a,b\n1,2\r\n3,4\n'],
    ['no end of the last line', 'a,b\n1,2\n3,4'],
    ['blank lines', '\n\na,b\n1,2\n\n\n3,4\n\n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['a quoted header', '"a","b"\n"1","2"\n"3","4"\n'],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('is read with another delimiter and quote, without a quote, and without a header', () => {
    expect(read("a;b\n1;'x;''y'\n", { delimiter: ';', quote: "'" })).toEqual([['1', "x;'y"]]);
    expect(read('a\tb\n5"\t"x\n', { delimiter: '\t', quote: '' })).toEqual([['5"', '"x']]);
    expect(read('1,2\n3\n', { columns: ['a', 'b'] })).toEqual([
      ['1', '2'],
      '2: 1 field where the policy names 2',
    ]);
  });

  it('keeps cells as they are written: spaces, leading zeros, empty ones', () => {
    expect(read('a,b,c\n 007 ,,""\n')).toEqual([[' 007 ', '', '']]);
  });

  it('may have a header and no rows', () => {
    expect(read('a,b\n')).toEqual([]);
    expect(read('', { columns: ['a'] })).toEqual([]);
  });
});

describe('a bad CSV row is set aside and reading goes on', () => {
  it.each([
    ['too many fields', '1,2,3,4', '2: 4 fields where the header has 3'],
    ['too few fields', '1,2', '2: 2 fields where the header has 3'],
    ['one field', 'one', '2: 1 field where the header has 3'],
    ['text behind a closing quote', '"1"x,2,3', '2: text after a closing quote'],
    ['a space behind a closing quote', '"1" ,2,3', '2: text after a closing quote'],
    ['a quote inside a field without quotes', '5" disk,2,3', '2: a quote inside a field without quotes'],
    ['a backslash for an escape', '"a \\" b",2,3', '2: text after a closing quote'],
    ['a NUL byte', '1,a\0b,3', '2: NUL byte'],
    ['a NUL byte between quotes', '1,"a\0b",3', '2: NUL byte'],
    [
      'a carriage return inside a field',
      '1,a\rb,3',
      '2: a line end of another kind inside a field without quotes',
    ],
    [
      'a carriage return beside quotes',
      '"1",a\rb,3',
      '2: a line end of another kind inside a field without quotes',
    ],
  ])('%s', (_, row, expected) => {
    expect(read(`a,b,c\n${row}\n4,5,6\n`)).toEqual([expected, ['4', '5', '6']]);
    expect(readChunks(`a,b,c\n${row}\n4,5,6\n`, csv())[0]?.raw).toBe(row.replace('\0', '\\x00'));
  });

  it('a byte that is no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xe9]), Buffer.from('\n2,é\n')]);
    expect(read(bytes)).toEqual(['2: broken utf-8', ['2', 'é']]);
    expect(readChunks(bytes, csv())[0]?.raw).toBe('1,\\xe9');
  });

  it('a quote that is closed by the next row takes that row with it, and no more', () => {
    expect(read('a,b\n1,"open\n2,"two"\n3,4\n')).toEqual(['2: text after a closing quote', ['3', '4']]);
  });

  it.each([
    ['a long line', 'x'.repeat(MAX_RECORD_BYTES)],
    ['a long cell of many lines', `"${'x\n'.repeat(MAX_RECORD_BYTES)}"`],
    ['a long cell with quotes in it', `"${'""x,'.repeat(MAX_RECORD_BYTES / 2)}"`],
    ['a long line that is broken as well', `"x"x${'"y\r'.repeat(MAX_RECORD_BYTES)}`],
  ])('%s, cut to its beginning, whatever the chunks', (_, cell) => {
    const text = `a,b\n1,${cell}\n2,3\n`;
    const line = cell.split('\n').length + 2;
    for (const size of [4096, 65_537, 1 << 24]) {
      const [bad, good, ...more] = readChunks(text, csv(), size);
      expect(bad).toEqual({
        kind: 'bad',
        line: 2,
        reason: 'longer than 1 MiB',
        raw: text.slice(4, 4 + 1024),
      });
      expect(good).toMatchObject({ kind: 'row', line, values: ['2', '3'] });
      expect(more).toEqual([]);
    }
  });
});

describe('a CSV file is refused', () => {
  it.each([
    ['nothing in it but line ends', '\n\r\n', 'empty-file', 'rows.csv: holds no header and no rows'],
    [
      'two columns of one name',
      'id,"e,mail",id\n',
      'csv-header',
      'rows.csv:1:13: this column has the same name as column 1',
    ],
    ['a column without a name', 'id,,name\n', 'csv-header', 'rows.csv:1:4: this column has no name'],
    ['a trailing comma in the header', '\nid,name,\n', 'csv-header', 'rows.csv:2:9: this column has no name'],
    ['__proto__', 'id,__proto__\n', 'csv-header', 'rows.csv:1:4: a column may not be named __proto__'],
    ['constructor', 'constructor\n', 'csv-header', 'rows.csv:1:1: a column may not be named constructor'],
    ['prototype', 'id,"prototype"\n', 'csv-header', 'rows.csv:1:4: a column may not be named prototype'],
    [
      'a NUL byte in the header',
      'id,na\0me\n',
      'csv-header',
      'rows.csv:1: the header cannot be read: NUL byte',
    ],
    [
      'a broken header',
      'id,"na"me\n',
      'csv-header',
      'rows.csv:1: the header cannot be read: text after a closing quote',
    ],
    [
      'semicolons',
      'id;name\n1;x\n',
      'csv-delimiter',
      'rows.csv:1: the header is one column that holds a semicolon',
    ],
    ['tabs', 'id\tname\n1\tx\n', 'csv-delimiter', 'rows.csv:1: the header is one column that holds a tab'],
    [
      'a quote that stays open',
      'a,b\n1,2\n3,"4\n5,6\n',
      'csv-quote-open',
      'rows.csv:3: a quote opened in this row is not closed before the file ends',
    ],
    [
      'a quote that stays open for long',
      `a,b\n1,"${'x'.repeat(MAX_RECORD_BYTES)}`,
      'csv-quote-open',
      'rows.csv:2: a quote opened in this row is not closed before the file ends',
    ],
  ])('with %s', async (_, text, code, message) => {
    for (const size of [16_384, 1 << 24]) {
      const refusal = await refusalOf(() => readChunks(text, csv(), size));
      expect({ code: refusal.code, message: refusal.message, exit: refusal.exit }).toEqual({
        code,
        message,
        exit: ExitCode.badInput,
      });
    }
  });

  it('with the delimiter to write in the hint', async () => {
    expect((await refusalOf(() => read('id;name\n'))).hint).toContain('delimiter: ";"');
    expect((await refusalOf(() => read('"id"\t"name"\n'))).hint).toContain('delimiter: "\\t"');
  });
});

const anyCell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') }),
);
const cleanCell = anyCell.map((cell) => cell.toWellFormed().replace(/[\0\ufeff]/g, ''));

describe('any CSV', () => {
  it('that csv-stringify writes is read back cell by cell, whatever the chunks', () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cleanCell, { minLength: width, maxLength: width }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(
        table,
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, quoted, size, end) => {
          const text = stringify(rows, {
            quoted,
            quoted_empty: true,
            quoted_match: /[\r\n]/,
            record_delimiter: end,
          });
          const columns = (rows[0] ?? []).map((_, index) => `c${index}`);
          expect(summary(readChunks(text, csv({ columns }), size))).toEqual(rows);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is read as csv-parse reads it, or set aside where csv-parse refuses it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '\n'), maxLength: 30 });
    fc.assert(
      fc.property(text, (body) => {
        const ours = attempt(() => read(body, { columns: ['x', 'y'] }));
        const theirs = attempt(() => parse(body, { relax_column_count: true, skip_empty_lines: true }));
        const expected = theirs?.map((cells) => (cells.length === 2 ? cells : 'bad'));
        if (expected !== undefined)
          expect(ours?.map((row) => (typeof row === 'string' ? 'bad' : row))).toEqual(expected);
        else expect(ours?.every((row) => Array.isArray(row)) ?? false).toBe(false);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives the same rows whatever the chunks', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '\0', '\ufeff'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.constantFrom('', '"'), (body, quote) => {
        const whole = attempt(() => readChunks(body, csv({ columns: ['x', 'y'], quote })));
        for (const size of [1, 2, 7]) {
          expect(attempt(() => readChunks(body, csv({ columns: ['x', 'y'], quote }), size))).toEqual(whole);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
