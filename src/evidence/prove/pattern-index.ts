import { FILTER_BITS, filterOfEight, filterOfFour, foldWord, mixWord, tagOf } from './keyed-hash.ts';
import { type PatternTable, SLOTS } from './pattern-table.ts';
import { MIN_PATTERN, PIECE, windowsOf } from './patterns.ts';

/** Bytes under test, up to `end`; the view is of the same memory. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
}

/** Takes the number of a pattern, and where its piece begins in the span. */
export type OnPiece = (pattern: number, at: number) => void;

export const WORD = 4;

/** Finds pieces of patterns in bytes by the filters of their windows, then by their tag. */
export class PatternIndex {
  readonly #words: Int32Array;
  readonly #table: PatternTable;
  readonly #eight = new Chains();
  readonly #four = new Chains();

  /** Indexes those patterns of a table that belong. */
  constructor(words: Int32Array, table: PatternTable, belongs: (pattern: number) => boolean) {
    this.#words = words;
    this.#table = table;
    // In a chain those of one length stand together: their tag is made once.
    for (let piece = MIN_PATTERN; piece <= PIECE; piece += 1) {
      for (let pattern = 0; pattern < table.length; pattern += 1)
        if (table.pieces[pattern] === piece && belongs(pattern)) this.#add(pattern, piece);
    }
  }

  #add(pattern: number, piece: number): void {
    const { size, count } = windowsOf(piece);
    const chains = size === 8 ? this.#eight : this.#four;
    for (let slot = pattern * SLOTS; slot < pattern * SLOTS + count; slot += 1)
      this.#table.following[slot] = chains.add(this.#table.filters[slot] as number, slot);
  }

  /** Tests the windows that end in `[from, to)`, whole words both. */
  test(span: Span, from: number, to: number, onPiece: OnPiece): void {
    if (!this.#eight.isEmpty) this.#testEight(span, from, to, onPiece);
    if (!this.#four.isEmpty) this.#testFour(span, from, to, onPiece);
  }

  /** Windows that are two whole words: every fourth place. */
  #testEight(span: Span, from: number, to: number, onPiece: OnPiece): void {
    const { view } = span;
    const words = this.#words;
    const { bits } = this.#eight;
    let before = from === 0 ? 0 : mixWord(foldWord(view.getInt32(from - WORD, true)), words);
    for (let at = from; at < to; at += WORD) {
      const mixed = mixWord(foldWord(view.getInt32(at, true)), words);
      const filter = filterOfEight(before, mixed, words);
      if ((((bits[filter >>> 5] as number) >>> filter) & 1) === 1)
        this.#compare(this.#eight, filter, span, at + 3, onPiece);
      before = mixed;
    }
  }

  /** Windows that are a whole word, or the halves of two: every second place. */
  #testFour(span: Span, from: number, to: number, onPiece: OnPiece): void {
    const { view } = span;
    const words = this.#words;
    const { bits } = this.#four;
    let before = from === 0 ? 0 : foldWord(view.getInt32(from - WORD, true));
    for (let at = from; at < to; at += WORD) {
      const word = foldWord(view.getInt32(at, true));
      const halves = filterOfFour(mixWord((before >>> 16) | (word << 16), words), words);
      if ((((bits[halves >>> 5] as number) >>> halves) & 1) === 1)
        this.#compare(this.#four, halves, span, at + 1, onPiece);
      const whole = filterOfFour(mixWord(word, words), words);
      if ((((bits[whole >>> 5] as number) >>> whole) & 1) === 1)
        this.#compare(this.#four, whole, span, at + 3, onPiece);
      before = word;
    }
  }

  /** Compares what stands around a window, given its last byte, with the patterns that have its filter. */
  #compare(chains: Chains, filter: number, span: Span, last: number, onPiece: OnPiece): void {
    const table = this.#table;
    let length = 0;
    let start = 0;
    let tag = 0;
    for (let slot = chains.first(filter); slot >= 0; slot = table.following[slot] as number) {
      if (table.filters[slot] !== filter) continue;
      const pattern = (slot / SLOTS) | 0;
      const piece = table.pieces[pattern] as number;
      const at = last - table.lead(slot);
      if (at < 0 || at + piece > span.end) continue;
      if (piece !== length || at !== start) {
        length = piece;
        start = at;
        tag = tagOf(span.bytes, at, at + piece, this.#words);
      }
      if (tag === table.tags[pattern]) onPiece(pattern, at);
    }
  }
}

const CHAINS = 1 << 16;

/** A bit for each filter, and the first slot of each chain of slots whose filters have the same end. */
class Chains {
  readonly bits = new Int32Array(2 ** FILTER_BITS / 32);
  isEmpty = true;
  readonly #first = new Int32Array(CHAINS).fill(-1);

  /** Puts a slot first; gives the one that was first, or -1. */
  add(filter: number, slot: number): number {
    const before = this.first(filter);
    this.#first[filter % CHAINS] = slot;
    this.bits[filter >>> 5] = (this.bits[filter >>> 5] as number) | (1 << filter);
    this.isEmpty = false;
    return before;
  }

  first(filter: number): number {
    return this.#first[filter % CHAINS] as number;
  }
}
