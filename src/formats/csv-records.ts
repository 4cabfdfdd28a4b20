import { isTooLong, MAX_RECORD_BYTES, RAW_KEPT } from './text.ts';

const LF = 10;
const CR = 13;
/** Greater than every index. */
const NONE = Number.MAX_SAFE_INTEGER;

/** Where the scan of a record stands; `broken` runs on to the line's end. */
type State = 'start' | 'plain' | 'quoted' | 'closed' | 'closed-cr' | 'broken';

/**
 * Finds where CSV records end: a line end counts unless it stands between quotes, and a quote
 * opens a field only at its start. Memory is bounded by `MAX_RECORD_BYTES` and one chunk.
 */
export class RecordSplitter {
  /** The record found last, without its line end; of one that is too long the first characters. */
  record = '';
  /** The line on which it begins. */
  line = 1;
  /** Whether a quote stands in it. */
  isQuoted = false;
  isTooLong = false;
  /** The line end of this file: LF (with or without CR before it), or CR alone; empty until one was seen. */
  newline: '' | '\n' | '\r' = '';
  readonly #delimiter: number;
  readonly #quote: string;
  readonly #quoteCode: number;
  #text = '';
  #at = 0;
  #nextLine = 1;
  #nextQuote = -1;
  #nextLineEnd = -1;
  /** How much of the record has been scanned, and in what state that ended. */
  #scanned = 0;
  #state: State = 'start';
  #skipped: string | undefined;

  /** Both are single characters; an empty `quote` means that there is none. */
  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote;
    this.#quoteCode = quote === '' ? -1 : quote.charCodeAt(0);
  }

  /** The line that has been reached. */
  get lineReached(): number {
    return this.#nextLine;
  }

  feed(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#nextQuote = -1;
    this.#nextLineEnd = -1;
  }

  /** Ends the last line of a file whose last line has no end; call `next` once more after it. */
  feedEnd(): void {
    if (this.newline === '') this.newline = this.#text.includes('\r') ? '\r' : '\n';
    if (this.#at < this.#text.length || this.#skipped !== undefined) this.feed(this.newline);
  }

  /** The line of a record that never ended, because its quote was not closed; ask after `feedEnd`. */
  get openLine(): number | undefined {
    if (this.#skipped !== undefined) return this.line;
    return this.#at < this.#text.length ? this.#nextLine : undefined;
  }

  /** Moves to the next record; false where more text is needed. */
  next(): boolean {
    if (this.newline === '' && !this.#findNewline()) return false;
    if (this.#skipped !== undefined) return this.#skipOn();
    const lineEnd = this.#lineEndFrom(this.#at);
    if (lineEnd < this.#quoteFrom(this.#at)) return this.#take(lineEnd, false);
    const end = this.#scan(this.#at + this.#scanned);
    return end < 0 ? this.#starve() : this.#take(end, true);
  }

  #lineEndFrom(at: number): number {
    if (this.#nextLineEnd < at) this.#nextLineEnd = indexOf(this.#text, this.newline, at);
    return this.#nextLineEnd;
  }

  #quoteFrom(at: number): number {
    if (this.#nextQuote < at)
      this.#nextQuote = this.#quote === '' ? NONE : indexOf(this.#text, this.#quote, at);
    return this.#nextQuote;
  }

  #take(end: number, isQuoted: boolean): true {
    const record = this.#text.slice(this.#at, end);
    this.isTooLong = isTooLong(record);
    this.record = this.isTooLong ? record.slice(0, RAW_KEPT) : record;
    this.line = this.#nextLine;
    this.isQuoted = isQuoted;
    this.#nextLine += 1 + (isQuoted ? count(record, this.newline) : 0);
    this.#at = end + 1;
    this.#begin();
    return true;
  }

  #begin(): void {
    this.#scanned = 0;
    this.#state = 'start';
  }

  #starve(): false {
    const held = this.#text.length - this.#at;
    this.#scanned = held;
    if (held * 3 > MAX_RECORD_BYTES && isTooLong(this.#text.slice(this.#at))) {
      this.#skipped = this.#text.slice(this.#at, this.#at + RAW_KEPT);
      this.line = this.#nextLine;
      this.#drop(this.#text.length);
    }
    return false;
  }

  /** Goes on in a record that is too long, holding nothing but its beginning. */
  #skipOn(): boolean {
    const end = this.#scan(this.#at);
    if (end < 0) {
      this.#drop(this.#text.length);
      return false;
    }
    this.#drop(end + 1);
    this.record = this.#skipped ?? '';
    this.isTooLong = true;
    this.#skipped = undefined;
    this.#begin();
    return true;
  }

  #drop(to: number): void {
    this.#nextLine += count(this.#text.slice(this.#at, to), this.newline);
    this.#at = to;
  }

  /** Index of the line end that ends the record; -1 where the text ends first, in `#state`. */
  #scan(from: number): number {
    let at = from;
    let now = this.#state;
    while (at < this.#text.length) {
      if (now === 'broken') return this.#more(this.#lineEndFrom(at), 'broken');
      if (now === 'closed' || now === 'closed-cr') {
        const code = this.#text.charCodeAt(at);
        if (code === this.newline.charCodeAt(0)) return at;
        now = now === 'closed' ? this.#afterQuote(code) : 'broken';
        at += 1;
      } else if (now === 'quoted') {
        const quote = this.#text.indexOf(this.#quote, at);
        if (quote < 0) return this.#more(NONE, 'quoted');
        at = quote + 1;
        now = 'closed';
      } else {
        const end = this.#lineEndFrom(at);
        const quote = this.#openingQuote(at, end, now);
        if (quote >= end) return this.#more(end, this.#stateAtEnd());
        at = quote + 1;
        now = 'quoted';
      }
    }
    return this.#more(NONE, now);
  }

  #more(end: number, state: State): number {
    this.#state = state;
    return end === NONE ? -1 : end;
  }

  /** The state outside quotes after all of the text. */
  #stateAtEnd(): State {
    return this.#text.charCodeAt(this.#text.length - 1) === this.#delimiter ? 'start' : 'plain';
  }

  /** The next quote that opens a field before `end`; `end` or more where none does. */
  #openingQuote(from: number, end: number, state: State): number {
    let quote = this.#quoteFrom(from);
    while (quote < end) {
      const opens = quote === from ? state === 'start' : this.#text.charCodeAt(quote - 1) === this.#delimiter;
      if (opens) return quote;
      quote = this.#quoteFrom(quote + 1);
    }
    return quote;
  }

  #afterQuote(code: number): State {
    if (code === this.#quoteCode) return 'quoted';
    if (code === this.#delimiter) return 'start';
    return code === CR && this.newline === '\n' ? 'closed-cr' : 'broken';
  }

  /** The first line end outside quotes decides for the whole file. */
  #findNewline(): boolean {
    let isQuoted = false;
    for (let at = 0; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === this.#quoteCode) isQuoted = !isQuoted;
      else if (!isQuoted && code === LF) this.newline = '\n';
      else if (!isQuoted && code === CR && at + 1 < this.#text.length) {
        this.newline = this.#text.charCodeAt(at + 1) === LF ? '\n' : '\r';
      }
      if (this.newline !== '') return true;
    }
    if (this.#text.length > MAX_RECORD_BYTES) this.newline = '\n';
    return this.newline !== '';
  }
}

function indexOf(text: string, char: string, from: number): number {
  const found = text.indexOf(char, from);
  return found < 0 ? NONE : found;
}

function count(text: string, char: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) found += 1;
  return found;
}
