import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise, renderCsv } from '../../src/formats/csv-out.ts';
import { csv, hasSharedData, readChunks, SHARED_DATA, summary } from './reading.ts';

const SKIPPED = hasSharedData ? '' : ' (skipped: ../shared/data is not here)';

describe('renderCsv', () => {
  it('writes header, CRLF and quotes always', () => {
    expect(renderCsv(['a', 'b'], [])).toBe('"a","b"\r\n');
    expect(
      renderCsv(
        ['a', 'b'],
        [
          ['x', 'say "hi"'],
          ['', null],
        ],
      ),
    ).toBe('"a","b"\r\n"x","say ""hi"""\r\n"",""\r\n');
  });

  it('keeps numbers numbers, and shows other values as JSON', () => {
    const rows = [[-5, 1.5, true, null, { b: ['=1'] }]];
    expect(summary(readChunks(renderCsv(['a', 'b', 'c', 'd', 'e'], rows), csv()))).toEqual([
      ['-5', '1.5', 'true', '', '{"b":["=1"]}'],
    ]);
  });

  it('neutralises column names as well', () => {
    expect(renderCsv(['=1'], [])).toBe('"\'=1"\r\n');
  });

  it('gives every cell back, but for the neutralising', () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: width, maxLength: width })),
      );
    fc.assert(
      fc.property(table, (rows) => {
        const columns = (rows[0] ?? ['']).map((_, index) => `c${index}`);
        const text = renderCsv(columns, rows);
        const expected = rows.map((row) => row.map(neutralise));
        expect(summary(readChunks(text, csv()))).toEqual(expected);
        expect(parse(text)).toEqual([columns, ...expected]);
      }),
    );
  });
});

describe('neutralise', () => {
  it.each([
    ['a formula', '=1+1'],
    ['a plus', '+1'],
    ['a minus', '-1'],
    ['an at', '@SUM(1)'],
    ['a tab before it', '\t=1+1'],
    ['a carriage return before it', '\r=1+1'],
    ['a line feed before it', '\n=1+1'],
    ['a space before it', ' =1+1'],
    ['a no-break space before it', '\u00a0=1+1'],
    ['a quote before it', '"=1+1'],
    ['an apostrophe before it', "'=1+1"],
    ['a curly quote before it', '“=1+1'],
    ['a zero-width space before it', '\u200b=1+1'],
    ['a right-to-left override before it', '\u202e=1+1'],
    ['an invisible letter before it', '\u3164=1+1'],
    ['a combining joiner before it', '\u034f=1+1'],
    ['several of these before it', ' \u200b"\t =1+1'],
    ['a full-width equals sign', '＝1+1'],
    ['a full-width plus', '＋1'],
    ['a full-width minus', '－1'],
    ['a full-width at', '＠SUM(1)'],
    ['a small equals sign', '﹦1'],
    ['a minus sign', '−1'],
    ['a leading tab alone', '\tx'],
    ['a leading line end alone', '\nx'],
  ])("puts ' before %s", (_, text) => {
    expect(neutralise(text)).toBe(`'${text}`);
  });

  it.each([
    ['a NUL before a formula', '\0=1', "'=1"],
    ['a byte order mark before a formula', '\ufeff=1', "'=1"],
    ['a NUL inside', 'a\0b', 'ab'],
    ['half a character', 'a\ud800', 'a\ufffd'],
    ['a word', 'Ada', 'Ada'],
    ['a name with a dash', 'Anne-Marie', 'Anne-Marie'],
    ['an address', 'ada@example.org', 'ada@example.org'],
    ['spaces', '  x ', '  x '],
    ['nothing', '', ''],
    ['an emoji', '😄=', '😄='],
  ])('turns %s into what is safe', (_, text, expected) => {
    expect(neutralise(text)).toBe(expected);
  });

  it('leaves no text that a spreadsheet would run', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        ' ',
        '\t',
        '\n',
        '"',
        "'",
        '\0',
        '\ufeff',
        '\u200b',
        '＝',
        'a',
      ),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = neutralise(text);
        if (/^[\s"'\u200b]*[=+\-@＝]/u.test(safe)) expect(safe.startsWith("'")).toBe(true);
        expect(safe).not.toMatch(/[\0\ufeff]/);
      }),
    );
  });
});

describe.skipIf(!hasSharedData)(`payloads of CSV injection${SKIPPED}`, () => {
  const file = join(SHARED_DATA, 'nasty-strings/csv-injection/Intruder/csv-payload.txt');
  const payloads = hasSharedData
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];

  it.each(payloads)('%s does not begin as a formula', (payload) => {
    const [row] = parse(renderCsv(['a'], [[payload]]), { from: 2 });
    expect(row?.[0]).toMatch(/^['A-Z]/);
    expect(row?.[0]?.replace(/^'/, '')).toBe(payload);
  });

  it('nor does any of the big list of naughty strings', () => {
    const strings = JSON.parse(
      readFileSync(join(SHARED_DATA, 'nasty-strings/blns/blns.json'), 'utf8'),
    ) as string[];
    expect(strings.length).toBeGreaterThan(500);
    const cells = parse(
      renderCsv(
        ['a'],
        strings.map((text) => [text]),
      ),
      { from: 2 },
    ).map((row) => row[0]);
    expect(cells).toEqual(strings.map(neutralise));
    expect(cells.filter((cell) => /^[\s"]*[=+\-@]/.test(cell ?? ''))).toEqual([]);
  });
});
