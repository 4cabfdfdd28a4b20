import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, renderTable, widthOf } from '../../src/cli/table.ts';

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
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 20, max: 120 }), (given, width) => {
      const table = renderTable(['one', 'two', 'three'], given, width);
      for (const line of table.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});
