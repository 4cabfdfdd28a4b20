import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysBetween, epochOf, instantOf, newestOf, oldestOf } from '../../src/base/time.ts';

describe('epoch seconds of an instant', () => {
  test('are those that the instant was made of', () => {
    const seconds = fc.integer({ min: 0, max: 7_258_118_399 });
    fc.assert(fc.property(seconds, (at) => epochOf(instantOf(at)) === at));
  });

  const forms: readonly (readonly [string, number])[] = [
    ['1969-12-31T23:59:59Z', -1],
    ['2026-02-28T23:59:59Z', 1_772_323_199],
    ['2026-11-22T01:00:00.500Z', 1_795_309_200],
    ['2026-11-22T01:00+02:00', 1_795_302_000],
  ];
  test.each(forms)('of %s are %i', (instant, expected) => {
    expect(epochOf(instant)).toBe(expected);
  });

  test.each(['2026-02-30T01:00:00Z', '2026-02-20T24:00:00Z', '22 November 2026 1pm', ''])(
    'are refused of %j',
    (text) => {
      expect(() => epochOf(text)).toThrow(RangeError);
    },
  );
});

test('the newest and the oldest of instants are found in whatever order they come', () => {
  const [first, second, third] = ['2026-01-31T00:00:00Z', '2026-02-28T23:59:59Z', '2026-11-22T01:00:00Z'];
  expect(newestOf([second, third, first])).toBe(third);
  expect(oldestOf([second, third, first])).toBe(first);
  expect([newestOf([]), oldestOf([])]).toEqual([undefined, undefined]);
  expect(daysBetween(first, second)).toBe(28);
  expect(daysBetween(second, first)).toBe(0);
});
