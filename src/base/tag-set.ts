/** Bits for each tag: of tags that are not in the set one in 32 passes the first look. */
const BITS_A_TAG = 32;
const LEAST_BITS = 1 << 10;
const MOST_BITS = 1 << 24;

/**
 * A set of 32-bit tags that most questions are answered no by: one look at a bit in memory that stays in
 * the processor's cache comes before the set itself.
 */
export class TagSet {
  readonly #tags: ReadonlySet<number>;
  readonly #bits: Uint32Array;
  readonly #mask: number;

  constructor(tags: Iterable<number>) {
    this.#tags = new Set(tags);
    const wanted = Math.min(MOST_BITS, Math.max(LEAST_BITS, this.#tags.size * BITS_A_TAG));
    const bits = 1 << Math.ceil(Math.log2(wanted));
    this.#mask = bits - 1;
    this.#bits = new Uint32Array(bits >>> 5);
    for (const tag of this.#tags) this.#bits[(tag & this.#mask) >>> 5] = this.#word(tag) | (1 << (tag & 31));
  }

  get size(): number {
    return this.#tags.size;
  }

  has(tag: number): boolean {
    return (this.#word(tag) & (1 << (tag & 31))) !== 0 && this.#tags.has(tag);
  }

  #word(tag: number): number {
    return this.#bits[(tag & this.#mask) >>> 5] as number;
  }
}
