import type { ReachDigest } from '../store.ts';

const BITS = 11;
const BUCKETS = 1 << BITS;
/** A digest has 53 bits; by the upper 32 of them millions are in order but for a few hundred. */
const LOW = 2 ** 21;

/** The places of the first `size` digests in rising order of their upper 32 bits: a third of the time of a sort. */
export function orderOfDigests(digests: ArrayLike<ReachDigest>, size: number): Uint32Array {
  let keys = new Uint32Array(size);
  let places = new Uint32Array(size);
  for (let i = 0; i < size; i += 1) {
    keys[i] = (digests[i] as number) / LOW;
    places[i] = i;
  }
  let [nextKeys, nextPlaces] = [new Uint32Array(size), new Uint32Array(size)];
  for (let shift = 0; shift < 32; shift += BITS) {
    const starts = bucketStarts(keys, shift);
    for (let i = 0; i < size; i += 1) {
      const key = keys[i] as number;
      const bucket = (key >>> shift) & (BUCKETS - 1);
      const at = starts[bucket] as number;
      starts[bucket] = at + 1;
      nextKeys[at] = key;
      nextPlaces[at] = places[i] as number;
    }
    [keys, nextKeys] = [nextKeys, keys];
    [places, nextPlaces] = [nextPlaces, places];
  }
  return places;
}

/** Where each bucket begins when all keys are put into theirs. */
function bucketStarts(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(BUCKETS + 1);
  for (const key of keys) {
    const next = ((key >>> shift) & (BUCKETS - 1)) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let i = 0; i < BUCKETS; i += 1) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  return starts;
}
