/** A place in a text that comes in chunks, with its line and column. */
export class TextCursor {
  text = '';
  at = 0;
  line = 1;
  #lineStart = 0;
  #nextLineEnd = -1;

  /** Counted in characters from 1. */
  get column(): number {
    return this.at - this.#lineStart + 1;
  }

  /** The character that comes next; empty at the end of the text. */
  get char(): string {
    return this.text.charAt(this.at);
  }

  /** Adds text and forgets what has been passed; gives the number of characters forgotten. */
  feed(text: string): number {
    const passed = this.at;
    this.text = this.text.slice(passed) + text;
    this.at = 0;
    this.#lineStart -= passed;
    this.#nextLineEnd = -1;
    return passed;
  }

  advance(by: number): void {
    const to = this.at + by;
    while (this.#lineEndFrom(this.at) < to) {
      this.line += 1;
      this.at = this.#nextLineEnd + 1;
      this.#lineStart = this.at;
    }
    this.at = to;
  }

  /** Passes what JSON calls white space. */
  skipSpace(): void {
    let to = this.at;
    while (isSpace(this.text.charCodeAt(to))) to += 1;
    this.advance(to - this.at);
  }

  #lineEndFrom(at: number): number {
    if (this.#nextLineEnd < at) {
      const found = this.text.indexOf('\n', at);
      this.#nextLineEnd = found < 0 ? Number.MAX_SAFE_INTEGER : found;
    }
    return this.#nextLineEnd;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12);
}
