const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** Longer numbers may not survive as a JavaScript number. */
const SAFE_DIGITS = 15;

/**
 * Finds where a JSON value ends, and what its parser must know, without judging it: brackets are
 * counted, strings are skipped. Can be fed again with more text after the same beginning.
 */
export class JsonScan {
  /** Members of all its objects. */
  members = 0;
  /** Levels of nesting at the deepest place; 1 for a flat object. */
  deepest = 0;
  /** Whether a number in it needs a closer look. */
  hasLongNumber = false;
  #depth = 0;
  #isString = false;
  #at = 0;
  #last = -1;

  /** Starts a new value at an index of the text. */
  start(at: number): void {
    this.members = 0;
    this.deepest = 0;
    this.hasLongNumber = false;
    this.#depth = 0;
    this.#isString = false;
    this.#at = at;
    this.#last = at - 1;
  }

  /** Index behind the value; -1 where the text ends first. A number or word ends at what follows it. */
  run(text: string): number {
    while (this.#at < text.length) {
      if (this.#isString) {
        const quote = closingQuote(text, this.#at);
        this.#at = quote < 0 ? text.length : quote + 1;
        this.#isString = quote < 0;
        this.#last = this.#at - 1;
        if (quote >= 0 && this.#depth === 0) return this.#at;
        continue;
      }
      const end = this.#step(text, text.charCodeAt(this.#at));
      if (end >= 0) return end;
    }
    if (!this.#isString) this.#endToken();
    return -1;
  }

  /** The text has lost this many characters at its beginning. */
  rebase(lost: number): void {
    this.#at -= lost;
    this.#last -= lost;
  }

  /** How many of the last characters must stay when the text scanned so far is thrown away. */
  heldBack(text: string): 0 | 1 {
    return this.#isString && isEscaped(text, text.length) ? 1 : 0;
  }

  #step(text: string, code: number): number {
    switch (code) {
      case QUOTE:
        this.#isString = true;
        break;
      case 123:
      case 91:
        this.#depth += 1;
        if (this.#depth > this.deepest) this.deepest = this.#depth;
        break;
      case 125:
      case 93:
        this.#endToken();
        if (this.#depth <= 1) return this.#depth === 1 ? this.#at + 1 : this.#at;
        this.#depth -= 1;
        break;
      case COLON:
        this.members += 1;
        break;
      case 44:
      case 32:
      case 9:
      case 10:
      case 13:
        this.#endToken();
        if (this.#depth === 0) return this.#at;
        break;
      case 69:
      case 101:
        this.hasLongNumber ||= isDigit(text.charCodeAt(this.#at - 1));
        this.#at += 1;
        return -1;
      default:
        this.#at += 1;
        return -1;
    }
    this.#last = this.#at;
    this.#at += 1;
    return -1;
  }

  #endToken(): void {
    if (this.#at - this.#last > SAFE_DIGITS + 1) this.hasLongNumber = true;
  }
}

/** Index of the quote that closes a string; -1 where the text ends first. */
export function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (first > 0 && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

function isDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46;
}
