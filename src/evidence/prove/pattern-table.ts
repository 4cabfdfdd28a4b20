import { DIGEST_BYTES } from './keyed-hash.ts';
import { type FieldPrint, PARTS, type Pattern, PIECE, windowsOf } from './patterns.ts';
import { FORMS, type Form } from './written-forms.ts';

/** Slots of a pattern: one for each of its windows, four at most. */
export const SLOTS = 4;

/** Where the last byte of a piece's first window lies in it, by the length of the piece. */
const LEADS = Uint8Array.from({ length: PIECE + 1 }, (_, piece) => {
  const { size, at } = windowsOf(piece);
  return Math.max(0, at) + size - 1;
});

/** The patterns of many requests in columns, a hundred bytes for each. */
export class PatternTable {
  readonly length: number;
  /** Of each pattern. */
  readonly tags: Uint32Array;
  readonly pieces: Uint8Array;
  /** Of each slot: its filter, and the slot that follows it in a chain. */
  readonly filters: Uint32Array;
  readonly following: Int32Array;
  readonly #requests: Uint32Array;
  readonly #values: Int32Array;
  readonly #parts: Uint8Array;
  readonly #forms: Uint8Array;
  readonly #extents: Uint16Array;
  readonly #digests: Uint8Array;
  readonly #allTags: Uint32Array;
  readonly #allDigests: Uint8Array;

  constructor(length: number) {
    this.length = length;
    this.tags = new Uint32Array(length);
    this.pieces = new Uint8Array(length);
    this.filters = new Uint32Array(length * SLOTS);
    this.following = new Int32Array(length * SLOTS);
    this.#requests = new Uint32Array(length);
    this.#values = new Int32Array(length);
    this.#parts = new Uint8Array(length);
    this.#forms = new Uint8Array(length);
    this.#extents = new Uint16Array(length);
    this.#digests = new Uint8Array(length * DIGEST_BYTES);
    this.#allTags = new Uint32Array(length);
    this.#allDigests = new Uint8Array(length * DIGEST_BYTES);
  }

  set(at: number, request: number, pattern: Pattern): void {
    const { value, part, form, extent, filters, tag, digest, all } = pattern;
    this.#requests[at] = request;
    this.#values[at] = value ?? -1;
    this.#parts[at] = PARTS.indexOf(part);
    this.#forms[at] = FORMS.indexOf(form);
    this.#extents[at] = extent;
    this.pieces[at] = Math.min(extent, PIECE);
    this.filters.set(filters, at * SLOTS);
    this.tags[at] = tag;
    this.#digests.set(digest, at * DIGEST_BYTES);
    if (all === undefined) return;
    this.#allTags[at] = all.tag;
    this.#allDigests.set(all.digest, at * DIGEST_BYTES);
  }

  request(at: number): number {
    return this.#requests[at] as number;
  }

  value(at: number): number | undefined {
    const value = this.#values[at] as number;
    return value < 0 ? undefined : value;
  }

  part(at: number): Pattern['part'] {
    return PARTS[this.#parts[at] as number] as Pattern['part'];
  }

  form(at: number): Form {
    return FORMS[this.#forms[at] as number] as Form;
  }

  extent(at: number): number {
    return this.#extents[at] as number;
  }

  digest(at: number): Uint8Array {
    return this.#digests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
  }

  /** Of all that a head begins. */
  all(at: number): FieldPrint {
    const digest = this.#allDigests.subarray(at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES);
    return { tag: this.#allTags[at] as number, digest };
  }

  /** From the first byte of a piece to the last of one of its windows, given its slot. */
  lead(slot: number): number {
    return (LEADS[this.pieces[(slot / SLOTS) | 0] as number] as number) + (slot % SLOTS);
  }
}
