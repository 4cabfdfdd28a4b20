// Deeper than any leaf, and far from the end of the stack.
const DEEPEST = 32;

// RFC 8785 §3.2.2.2: the seven short escapes, \u00xx for the other controls, all else verbatim.
const VERBATIM = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))/y;
const INTEGER = /0|-?[1-9]\d{0,15}/y;
const WORD = /true|false|null/y;

/**
 * Whether a text is JSON in the one form of RFC 8785, and holds only what leaves may: no fractions, no
 * numbers past 2^53, no lone surrogates. Written from the RFC for the verifier alone; the writer has its own.
 */
export function isCanonicalText(text: string): boolean {
  return text.isWellFormed() && new Scanner(text).isValue();
}

/** Goes through a text once; nothing of it is built. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isValue(): boolean {
    return this.#value(DEEPEST) && this.#at === this.#text.length;
  }

  #value(room: number): boolean {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(room - 1);
      case '[':
        return this.#list(room - 1);
      case '"':
        return this.#string();
      default:
        return this.#integer() || this.#skip(WORD);
    }
  }

  /** Names rise by their UTF-16 code units, as JavaScript compares strings (RFC 8785 §3.2.3). */
  #object(room: number): boolean {
    this.#at += 1;
    if (this.#takes('}')) return true;
    let last: string | undefined;
    while (room > 0) {
      const start = this.#at;
      if (!this.#string()) return false;
      const name = nameOf(this.#text.slice(start, this.#at));
      if (last !== undefined && name <= last) return false;
      last = name;
      if (!this.#takes(':') || !this.#value(room)) return false;
      if (!this.#takes(',')) return this.#takes('}');
    }
    return false;
  }

  #list(room: number): boolean {
    this.#at += 1;
    if (this.#takes(']')) return true;
    while (room > 0 && this.#value(room)) if (!this.#takes(',')) return this.#takes(']');
    return false;
  }

  #string(): boolean {
    if (!this.#takes('"')) return false;
    do this.#skip(VERBATIM);
    while (this.#skip(ESCAPE));
    return this.#takes('"');
  }

  #integer(): boolean {
    const start = this.#at;
    return this.#skip(INTEGER) && Number.isSafeInteger(Number(this.#text.slice(start, this.#at)));
  }

  #takes(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #skip(form: RegExp): boolean {
    form.lastIndex = this.#at;
    if (!form.test(this.#text)) return false;
    this.#at = form.lastIndex;
    return true;
  }
}

function nameOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}
