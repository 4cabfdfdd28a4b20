import { type SearchKeys, searchKeys, tagOf } from './keyed-hash.ts';
import { type Coverage, type Fingerprints, openFingerprints } from './packed-list.ts';
import { PatternIndex, type Span, WORD } from './pattern-index.ts';
import { PatternTable } from './pattern-table.ts';
import { EXTENT, type FieldPrint, fieldPrint, PIECE, patternDigest } from './patterns.ts';
import type { Form } from './written-forms.ts';

/** What is looked for on behalf of one request. */
export interface RequestFingerprints {
  readonly request: number;
  readonly packed: Uint8Array;
}

/** An erased value, found again. */
export interface Hit {
  readonly request: number;
  readonly form: Form;
  /** Which of the request's field values it is; undefined for an identifier, which names its person anywhere. */
  readonly value: number | undefined;
  /** Of its first byte in the stream. */
  readonly offset: number;
  readonly length: number;
  /** Only its last or first piece was seen: the start or end of the stream cut off the rest. */
  readonly cut?: 'start' | 'end';
}

export type OnHit = (hit: Hit) => void;

/** Whether a value may begin before a stream or go on after it, as on one page of many. */
export type Borders = 'closed' | 'open';

/**
 * Looks for the values of many requests at once, in one pass over a stream of bytes and in constant
 * memory. Windows of bytes go through a filter; what passes is compared by tag, and what then remains by
 * HMAC. Nothing that was fingerprinted is missed, and nothing else is found but by a collision of HMACs.
 * Hits come in no order.
 */
export class PatternSearch {
  /** By request. */
  readonly coverage: ReadonlyMap<number, Coverage>;
  readonly #keys: SearchKeys;
  readonly #patterns: PatternSet;
  readonly #fields = new Map<number, { readonly request: number; readonly digest: Uint8Array }[]>();
  readonly #own: SearchStream;

  constructor(key: Uint8Array, lists: readonly RequestFingerprints[]) {
    this.#keys = searchKeys(key);
    const opened = lists.map(({ request, packed }) => ({ request, ...openFingerprints(this.#keys, packed) }));
    this.coverage = new Map(opened.map(({ request, coverage }) => [request, coverage]));
    this.#patterns = new PatternSet(this.#keys, opened);
    for (const { request, fields } of opened) for (const field of fields) this.#addField(request, field);
    this.#own = this.stream(() => {});
  }

  /** Searches bytes that are complete in themselves, or one page of many. */
  scan(bytes: Uint8Array, onHit: OnHit, borders: Borders = 'closed'): void {
    this.#own.begin(onHit, borders);
    this.#own.push(bytes);
    this.#own.end();
  }

  /** A stream of bytes that come piece by piece; several may be under way at once. */
  stream(onHit: OnHit, borders: Borders = 'closed'): SearchStream {
    const stream = new SearchStream(this.#patterns);
    stream.begin(onHit, borders);
    return stream;
  }

  /** Says no more of a field value of a request: once it is known to be anybody's, so are all its finds. */
  ignore(request: number, value: number): void {
    this.#patterns.ignore(request, value);
  }

  /** The requests that erased this identifier, where it is too short to be searched as bytes. */
  fieldRequests(name: string, text: string): readonly number[] {
    if (this.#fields.size === 0) return [];
    const { tag, digest } = fieldPrint(this.#keys, name, text);
    const there = this.#fields.get(tag) ?? [];
    return there.filter((one) => Buffer.compare(one.digest, digest) === 0).map(({ request }) => request);
  }

  #addField(request: number, { tag, digest }: FieldPrint): void {
    const there = this.#fields.get(tag);
    if (there === undefined) this.#fields.set(tag, [{ request, digest }]);
    else there.push({ request, digest });
  }
}

const BUFFER = 128 * 1024;

/** One stream of bytes under search: `push` what comes, then `end`. */
export class SearchStream {
  readonly #patterns: PatternSet;
  readonly #bytes = new Uint8Array(BUFFER);
  readonly #view = new DataView(this.#bytes.buffer);
  #onHit: OnHit = () => {};
  #borders: Borders = 'closed';
  /** Of the buffer: bytes filled, the first whose windows have not been tested, its place in the stream. */
  #filled = 0;
  #next = 0;
  #base = 0;

  constructor(patterns: PatternSet) {
    this.#patterns = patterns;
  }

  /** Starts over, for another stream. */
  begin(onHit: OnHit, borders: Borders): void {
    this.#onHit = onHit;
    this.#borders = borders;
    this.#filled = 0;
    this.#next = 0;
    this.#base = 0;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const to = Math.min(bytes.length, at + BUFFER - this.#filled);
      this.#bytes.set(bytes.subarray(at, to), this.#filled);
      this.#filled += to - at;
      at = to;
      if (this.#filled === BUFFER) this.#advance();
    }
  }

  end(): void {
    this.#test(Math.ceil(this.#filled / WORD) * WORD, true);
  }

  /** Tests the windows that see enough of what follows, and keeps enough of what is before the next. */
  #advance(): void {
    this.#test(BUFFER - EXTENT, false);
    const from = this.#next - EXTENT;
    this.#bytes.copyWithin(0, from);
    this.#base += from;
    this.#next -= from;
    this.#filled -= from;
  }

  #test(to: number, isLast: boolean): void {
    const isOpen = this.#borders === 'open';
    const span = {
      bytes: this.#bytes,
      view: this.#view,
      end: this.#filled,
      base: this.#base,
      isOpenAtStart: isOpen && this.#base === 0,
      isOpenAtEnd: isOpen && isLast,
    };
    this.#patterns.test(span, this.#next, to, this.#onHit);
    this.#next = to;
  }
}

/** Bytes under test; `base` is the place of the first in its stream. */
interface StreamSpan extends Span {
  readonly base: number;
  readonly isOpenAtStart: boolean;
  readonly isOpenAtEnd: boolean;
}

/** The patterns of all requests: what is found by filter and tag is confirmed by digest. */
class PatternSet {
  readonly #keys: SearchKeys;
  readonly #table: PatternTable;
  readonly #wholesAndHeads: PatternIndex;
  readonly #tails: PatternIndex;
  readonly #ignored = new Map<number, Set<number>>();

  constructor(keys: SearchKeys, lists: readonly RequestPatterns[]) {
    const table = tableOf(lists);
    this.#keys = keys;
    this.#table = table;
    this.#wholesAndHeads = new PatternIndex(keys.words, table, (pattern) => table.part(pattern) !== 'tail');
    this.#tails = new PatternIndex(keys.words, table, (pattern) => table.part(pattern) === 'tail');
  }

  ignore(request: number, value: number): void {
    const values = this.#ignored.get(request) ?? new Set();
    this.#ignored.set(request, values.add(value));
  }

  /** Tests the windows that end in `[from, to)`, whole words both. */
  test(span: StreamSpan, from: number, to: number, onHit: OnHit): void {
    this.#wholesAndHeads.test(span, from, to, (pattern, at) => {
      if (this.#table.part(pattern) === 'head') this.#confirmHead(pattern, span, at, onHit);
      else this.#confirmPiece(pattern, span, at, onHit);
    });
    if (!span.isOpenAtStart || from >= EXTENT) return;
    this.#tails.test(span, from, Math.min(to, EXTENT), (pattern, at) => {
      // Where all of it is there its head finds it.
      if (at + PIECE < this.#table.extent(pattern)) this.#confirmPiece(pattern, span, at, onHit, 'start');
    });
  }

  #confirmHead(pattern: number, span: StreamSpan, at: number, onHit: OnHit): void {
    const length = this.#table.extent(pattern);
    if (at + length > span.end) {
      if (span.isOpenAtEnd) this.#confirmPiece(pattern, span, at, onHit, 'end');
      return;
    }
    const { tag, digest } = this.#table.all(pattern);
    if (tagOf(span.bytes, at, at + length, this.#keys.words) !== tag) return;
    this.#confirm(pattern, digest, span, { at, length }, onHit);
  }

  #confirmPiece(pattern: number, span: StreamSpan, at: number, onHit: OnHit, cut?: 'start' | 'end'): void {
    const length = this.#table.pieces[pattern] as number;
    this.#confirm(pattern, this.#table.digest(pattern), span, { at, length, cut }, onHit);
  }

  #confirm(
    pattern: number,
    digest: Uint8Array,
    { bytes, base }: StreamSpan,
    { at, length, cut }: { at: number; length: number; cut?: 'start' | 'end' | undefined },
    onHit: OnHit,
  ): void {
    const request = this.#table.request(pattern);
    const value = this.#table.value(pattern);
    if (value !== undefined && this.#ignored.get(request)?.has(value) === true) return;
    const form = this.#table.form(pattern);
    if (Buffer.compare(patternDigest(this.#keys, form, bytes.subarray(at, at + length)), digest) !== 0)
      return;
    onHit({ request, form, value, offset: base + at, length, ...(cut === undefined ? {} : { cut }) });
  }
}

type RequestPatterns = Pick<Fingerprints, 'patterns'> & { readonly request: number };

function tableOf(lists: readonly RequestPatterns[]): PatternTable {
  const table = new PatternTable(lists.reduce((length, { patterns }) => length + patterns.length, 0));
  let at = 0;
  for (const { request, patterns } of lists) {
    for (const pattern of patterns) {
      table.set(at, request, pattern);
      at += 1;
    }
  }
  return table;
}
