import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, renderNamed, renderTable, widthOf } from '../../src/cli/table.ts';

test('numbers stand right, words left, and nothing ends in spaces', () => {
  const rows = [
    [1, 'users', 1200],
    [12, 'access_log', undefined],
  ];
  expect(renderTable(['id', 'source', 'rows'], rows, 80)).toBe(
    ['id  source      rows', ' 1  users       1200', '12  access_log'].join('\n'),
  );
});

test('the widest column gives way and says that it was cut', () => {
  const table = renderTable(['id', 'file'], [[1, 'users-2026-01-05-complete-export.csv']], 20);
  expect(table).toBe(['id  file', ' 1  users-2026-01-0…'].join('\n'));
});

test('of columns as wide as each other the right one gives way', () => {
  expect(renderTable(['a', 'b'], [['123456', '123456']], 13)).toBe(['a       b', '123456  1234…'].join('\n'));
});

test('what matters least goes first where the window is narrow, and all of it stands where nobody counts columns', () => {
  const header = ['id', { title: 'who', rank: 1 }, { title: 'state', rank: 2 }, 'next'];
  const rows = [['R-000001', 'S-000001', 'received', 'verify']];
  const heads = (width: number) => renderTable(header, rows, width).split('\n')[0]?.split(/ +/);
  expect(heads(Number.POSITIVE_INFINITY)).toEqual(['id', 'who', 'state', 'next']);
  expect(heads(36)).toEqual(['id', 'who', 'state', 'next']);
  expect(heads(35)).toEqual(['id', 'state', 'next']);
  expect(heads(25)).toEqual(['id', 'next']);
});

test('a column that may give way does so before any goes', () => {
  const header = [{ title: 'type', least: 6 }, { title: 'who', rank: 1 }, 'next'];
  const rows = [['parental-review', 'S-000001', 'dsr request verify']];
  expect(renderTable(header, rows, 36).split('\n')[1]).toBe('paren…  S-000001  dsr request verify');
  expect(renderTable(header, rows, 35).split('\n')[1]).toBe('parental-review  dsr request verify');
  expect(renderTable(header, rows, 26).split('\n')[1]).toBe('paren…  dsr request verify');
});

test('a column that may go goes where it says nothing', () => {
  expect(renderTable(['id', { title: 'assignee', rank: 1 }], [['R-000001', '']], 80)).toBe('id\nR-000001');
});

test('named words go on below their value, and a name that is too long stands above', () => {
  const lines = [
    ['answer by', '2026-02-12, in 33 days'],
    ['e-mail, says CR_AA', 'somebody'],
  ] as const;
  expect(renderNamed(lines, 32)).toEqual([
    'answer by      2026-02-12, in 33',
    '               days',
    'e-mail, says CR_AA',
    '               somebody',
  ]);
});

test('a cell cannot steer the terminal', () => {
  expect(renderTable(['file'], [['a\u001b[2Jb\u202ec\r']], 80)).toBe('file\na\\u{1b}[2Jb\\u{202e}c\\u{d}');
});

const widths: readonly (readonly [string, string, number])[] = [
  ['letters take one column', 'abc', 3],
  ['Chinese characters take two', '李雷', 4],
  ['a combining accent takes none', 'e\u0301', 1],
  ['an emoji takes two', '🦊', 2],
];

test.each(widths)('%s', (_name, text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('what is cut fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('no line is longer than the terminal is wide', () => {
  const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer());
  const rows = fc.array(fc.tuple(cell, cell, cell, cell, cell), { maxLength: 8 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 8, max: 120 }), (given, width) => {
      const table = renderTable(['one', 'two', { title: 'three', rank: 1 }, 'four', 'five'], given, width);
      for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});
