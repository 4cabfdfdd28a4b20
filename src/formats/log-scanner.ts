import { isIP } from 'node:net';
import type { LogFormat } from '../policy/types.ts';
import { LogClock, TIME_LENGTH } from './log-clock.ts';
import { decodeQueryText } from './log-text.ts';

const SPACE = 32;
const QUOTE = 34;
const AMPERSAND = 38;
const DASH = 45;
const SLASH = 47;
const ZERO = 48;
const NINE = 57;
const SEMICOLON = 59;
const EQUALS = 61;
const QUESTION = 63;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;

/** From the space before the time to the first byte of the request line: ` [time] "`. */
const TIME_FIELD = TIME_LENGTH + 5;

/** A field of a log line that may hold an identifier. */
export type LogField =
  | { readonly kind: 'host' | 'ident' | 'user' | 'path' | 'referrer' | 'agent' }
  | { readonly kind: 'query'; readonly name: string };

/** Reads `host`, `user`, `query.sid`; undefined for anything that is no field. */
export function parseLogField(name: string): LogField | undefined {
  switch (name) {
    case 'host':
    case 'ident':
    case 'user':
    case 'path':
    case 'referrer':
    case 'agent':
      return { kind: name };
    default:
      return name.startsWith('query.') && name.length > 6
        ? { kind: 'query', name: name.slice(6) }
        : undefined;
  }
}

/**
 * Finds the fields of one line inside a longer run of bytes and cuts nothing out of it. What it
 * found is read from the object itself, until the next line is scanned.
 *
 * Strict, with these allowances, all of them met in real logs: a user name may hold spaces; a
 * request line may be anything, also `-`; quotes inside quotes are written `\"`; after the agent
 * of a combined line further fields may follow.
 */
export class LogScanner {
  /** Epoch seconds. */
  at = 0;
  start = 0;
  hostEnd = 0;
  identEnd = 0;
  userEnd = 0;
  requestEnd = 0;
  statusEnd = 0;
  bytesEnd = 0;
  referrerEnd = 0;
  agentEnd = 0;
  /** Set by `locate`. */
  fieldStart = 0;
  fieldEnd = 0;
  readonly #combined: boolean;
  readonly #clock = new LogClock();

  constructor(type: LogFormat['type']) {
    this.#combined = type === 'combined';
  }

  get requestStart(): number {
    return this.userEnd + TIME_FIELD;
  }

  /** Scans the line in `bytes[from, to)`; gives the reason where it does not fit the format. */
  scan(bytes: Buffer, from: number, to: number): string | undefined {
    this.start = from;
    return (
      this.#scanNames(bytes, to) ??
      this.#scanRequest(bytes, to) ??
      this.#scanNumbers(bytes, to) ??
      this.#scanQuoted(bytes, to)
    );
  }

  #scanNames(bytes: Buffer, to: number): string | undefined {
    this.hostEnd = indexWithin(bytes, SPACE, this.start, to);
    this.identEnd = indexWithin(bytes, SPACE, this.hostEnd + 1, to);
    if (this.hostEnd === this.start || this.identEnd >= to) return 'fewer than three fields before the time';
    const userStart = this.identEnd + 1;
    const last = to - TIME_FIELD;
    let end = indexWithin(bytes, SPACE, userStart, last);
    const firstSpace = end;
    while (end <= last && !isTimeAt(bytes, end)) end = indexWithin(bytes, SPACE, end + 1, last + 1);
    if (end > last) return 'no time in brackets before a request line in quotes';
    this.userEnd = end;
    if (firstSpace < end && this.#isShifted(bytes)) return 'a field before the host';
    this.at = this.#clock.read(bytes, end + 2);
    return this.at >= 0 ? undefined : 'impossible time';
  }

  /** Apache's `vhost_combined` would pass for a user name with a space in it. */
  #isShifted(bytes: Buffer): boolean {
    const userStart = this.identEnd + 1;
    const isDash = bytes[userStart] === DASH && bytes[userStart + 1] === SPACE;
    return isDash || isIP(bytes.toString('latin1', this.hostEnd + 1, this.identEnd)) !== 0;
  }

  #scanRequest(bytes: Buffer, to: number): string | undefined {
    this.requestEnd = closingQuote(bytes, this.requestStart, to);
    return this.requestEnd < to ? undefined : 'no closing quote after the request line';
  }

  #scanNumbers(bytes: Buffer, to: number): string | undefined {
    const statusStart = this.requestEnd + 2;
    this.statusEnd = numberEnd(bytes, statusStart, to);
    const hasStatus = this.statusEnd - statusStart === 3 || bytes[statusStart] === DASH;
    if (bytes[this.requestEnd + 1] !== SPACE || !hasStatus) return 'no status after the request line';
    const bytesStart = this.statusEnd + 1;
    this.bytesEnd = numberEnd(bytes, bytesStart, to);
    const hasBytes = bytes[this.statusEnd] === SPACE && this.bytesEnd > bytesStart;
    return hasBytes ? undefined : 'no number of bytes after the status';
  }

  #scanQuoted(bytes: Buffer, to: number): string | undefined {
    if (!this.#combined) return this.bytesEnd === to ? undefined : 'more fields than the common format has';
    if (!isQuoteAt(bytes, this.bytesEnd, to)) return 'no referrer in quotes after the bytes';
    this.referrerEnd = closingQuote(bytes, this.bytesEnd + 2, to);
    if (this.referrerEnd >= to) return 'no closing quote after the referrer';
    if (!isQuoteAt(bytes, this.referrerEnd + 1, to)) return 'no agent in quotes after the referrer';
    this.agentEnd = closingQuote(bytes, this.referrerEnd + 3, to);
    if (this.agentEnd >= to) return 'no closing quote after the agent';
    const isEnd = this.agentEnd + 1 === to || bytes[this.agentEnd + 1] === SPACE;
    return isEnd ? undefined : 'no space after the agent';
  }

  /** Sets `fieldStart` and `fieldEnd` to a field as it was written; false where the line has none. */
  locate(bytes: Buffer, field: LogField): boolean {
    switch (field.kind) {
      case 'host':
        return this.#found(bytes, this.start, this.hostEnd);
      case 'ident':
        return this.#found(bytes, this.hostEnd + 1, this.identEnd);
      case 'user':
        return this.#found(bytes, this.identEnd + 1, this.userEnd);
      case 'referrer':
        return this.#combined && this.#found(bytes, this.bytesEnd + 2, this.referrerEnd);
      case 'agent':
        return this.#combined && this.#found(bytes, this.referrerEnd + 3, this.agentEnd);
      case 'path':
        return this.#locateTarget(bytes) && this.#found(bytes, this.fieldStart, this.#pathEnd(bytes));
      case 'query':
        return this.#locateTarget(bytes) && this.#locateParameter(bytes, field.name);
    }
  }

  #found(bytes: Buffer, from: number, to: number): boolean {
    this.fieldStart = from;
    this.fieldEnd = to;
    const length = to - from;
    if (length === 1) return bytes[from] !== DASH;
    // Apache writes an empty user name as two quotes.
    return length > 2 || (length === 2 && !(bytes[from] === QUOTE && bytes[from + 1] === QUOTE));
  }

  /** The target of a request line: `GET /a?b HTTP/1.1`, or `GET /a` as HTTP/0.9 has it. */
  #locateTarget(bytes: Buffer): boolean {
    const end = this.requestEnd;
    const methodEnd = indexWithin(bytes, SPACE, this.requestStart, end);
    if (methodEnd >= end || !isMethod(bytes, this.requestStart, methodEnd)) return false;
    this.fieldStart = methodEnd + 1;
    const last = bytes.lastIndexOf(SPACE, end - 1);
    const hasProtocol = last > methodEnd && bytes.toString('latin1', last + 1, last + 6) === 'HTTP/';
    this.fieldEnd = hasProtocol ? last : end;
    if (hasProtocol) return last > this.fieldStart;
    return last === methodEnd && bytes[this.fieldStart] === SLASH;
  }

  #pathEnd(bytes: Buffer): number {
    return indexWithin(bytes, QUESTION, this.fieldStart, this.fieldEnd);
  }

  #locateParameter(bytes: Buffer, name: string): boolean {
    const end = this.fieldEnd;
    for (let from = this.#pathEnd(bytes) + 1; from < end; ) {
      const to = parameterEnd(bytes, from, end);
      const equals = indexWithin(bytes, EQUALS, from, to);
      if (equals < to && isName(bytes, from, equals, name)) return this.#found(bytes, equals + 1, to);
      from = to + 1;
    }
    return false;
  }
}

/** Stops at the line's end: a search for what a hostile file lacks would run through all of it, line by line. */
function indexWithin(bytes: Buffer, byte: number, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== byte) at += 1;
  return at;
}

function isTimeAt(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === SPACE &&
    bytes[at + 1] === OPEN &&
    bytes[at + 28] === CLOSE &&
    bytes[at + 29] === SPACE &&
    bytes[at + 30] === QUOTE
  );
}

function isQuoteAt(bytes: Buffer, at: number, to: number): boolean {
  return at + 1 < to && bytes[at] === SPACE && bytes[at + 1] === QUOTE;
}

/** Index of the first quote that no backslash escapes; `to` or more where the line has none. */
function closingQuote(bytes: Buffer, from: number, to: number): number {
  // Each search starts behind an opening quote and ends at the next quoted line, so all of them read a file once.
  let at = bytes.indexOf(QUOTE, from);
  while (at >= 0 && at < to && isEscaped(bytes, at, from)) at = bytes.indexOf(QUOTE, at + 1);
  return at < 0 ? to : at;
}

function isEscaped(bytes: Buffer, at: number, from: number): boolean {
  let first = at;
  while (first > from && bytes[first - 1] === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** End of digits or of a single dash. */
function numberEnd(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] === DASH) return from + 1;
  let at = from;
  while (at < to && isDigit(bytes[at])) at += 1;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isMethod(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const letter = (bytes[at] as number) & ~32;
    if (letter < 65 || letter > 90) return false;
  }
  return to > from && to - from <= 32;
}

function parameterEnd(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== AMPERSAND && bytes[at] !== SEMICOLON) at += 1;
  return at;
}

function isName(bytes: Buffer, from: number, to: number, name: string): boolean {
  const written = bytes.toString('latin1', from, to);
  return written === name || (/[%+\\]/.test(written) && decodeQueryText(written, 'utf-8') === name);
}
