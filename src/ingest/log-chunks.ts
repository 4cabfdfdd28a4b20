import { MAX_RECORD_BYTES } from '../formats/text.ts';

const LINE_FEED = 10;

/**
 * Cuts a stream into chunks of whole lines, each ending in a line feed. Of a line above
 * `MAX_RECORD_BYTES` only so much comes through that it shows as too long.
 */
export class LineChunker {
  readonly #memory: () => Buffer;
  #buffer: Buffer;
  #length = 0;
  #lines = 0;
  /** Inside the end of a line that is too long. */
  #isDropping = false;

  /** `memory` gives the memory of a chunk, new or used before. */
  constructor(memory: () => Buffer) {
    this.#memory = memory;
    this.#buffer = memory();
  }

  async *chunks(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of content) yield* this.#take(piece);
    const rest = this.#rest();
    if (rest !== undefined) yield rest;
  }

  /** The lines that have come to their end so far. */
  linesRead(): number {
    return this.#lines + countLines(this.#buffer.subarray(0, this.#length));
  }

  *#take(piece: Buffer): Generator<Buffer> {
    let at = 0;
    while (at < piece.length) {
      if (this.#isDropping) at = this.#drop(piece, at);
      // One byte stays free for the line feed that a last line may lack.
      const room = this.#buffer.length - 1 - this.#length;
      const copied = piece.copy(this.#buffer, this.#length, at, Math.min(piece.length, at + room));
      this.#length += copied;
      at += copied;
      if (copied < room) continue;
      const chunk = this.#cut();
      if (chunk !== undefined) yield chunk;
    }
  }

  #rest(): Buffer | undefined {
    if (this.#length === 0) return undefined;
    if (this.#buffer[this.#length - 1] !== LINE_FEED) {
      this.#buffer[this.#length] = LINE_FEED;
      this.#length += 1;
    }
    return this.#buffer.subarray(0, this.#length);
  }

  #drop(piece: Buffer, at: number): number {
    const end = piece.indexOf(LINE_FEED, at);
    if (end < 0) return piece.length;
    this.#isDropping = false;
    return end;
  }

  /** Gives the whole lines of a full buffer and goes on with the rest in another. */
  #cut(): Buffer | undefined {
    const full = this.#buffer;
    const end = full.lastIndexOf(LINE_FEED, this.#length - 1) + 1;
    if (end === 0) {
      this.#makeRoom();
      return undefined;
    }
    this.#lines += countLines(full.subarray(0, end));
    this.#buffer = this.#memory();
    if (this.#buffer.length < full.length) this.#buffer = Buffer.allocUnsafeSlow(full.length);
    this.#length = full.copy(this.#buffer, 0, end, this.#length);
    return full.subarray(0, end);
  }

  /** One line fills the buffer: either there is more room for it, or it is too long. */
  #makeRoom(): void {
    if (this.#length > MAX_RECORD_BYTES + 1) {
      this.#length = MAX_RECORD_BYTES + 1;
      this.#isDropping = true;
      return;
    }
    const grown = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}
