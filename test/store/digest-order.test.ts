import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderOfDigests } from '../../src/store/sqlite/digest-order.ts';

const LOW = 2 ** 21;

it('gives each place once, in the order of the upper 32 bits', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat(), { maxLength: 200 }), (digests) => {
      const order = [...orderOfDigests(digests, digests.length)];
      expect(order.toSorted((a, b) => a - b)).toEqual(digests.map((_, index) => index));
      const upper = order.map((place) => Math.floor((digests[place] ?? 0) / LOW));
      expect(upper).toEqual(upper.toSorted((a, b) => a - b));
    }),
  );
});

it('leaves what is behind the size alone', () => {
  expect([...orderOfDigests(Float64Array.of(9 * LOW, 3 * LOW, 1), 2)]).toEqual([1, 0]);
  expect([...orderOfDigests([], 0)]).toEqual([]);
});
