import { usage } from '../base/errors.ts';
import type { TextInput } from './io.ts';

const MOST_BYTES = 1 << 20;

/** Standard input as text, for what is given as `-`; it can be read once. */
export class StdinText {
  readonly #stream: TextInput;
  #reader: string | undefined;

  constructor(stream: TextInput) {
    this.#stream = stream;
  }

  /** All of it, at most 1 MiB; `what` is the flag or argument that asks. */
  async read(what: string): Promise<string> {
    if (this.#reader !== undefined) {
      throw usage(`${this.#reader} and ${what} both read standard input`, 'give one of them another way');
    }
    this.#reader = what;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.#stream) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > MOST_BYTES) throw usage(`standard input is too long for ${what}`);
      chunks.push(buffer);
    }
    return decode(Buffer.concat(chunks), what);
  }

  /** One line, without its end. */
  async readLine(what: string): Promise<string> {
    const lines = (await this.read(what)).replace(/\r?\n$/, '').split(/\r?\n/);
    const line = lines[0]?.trim() ?? '';
    if (line === '') throw usage(`${what} is missing on standard input`);
    if (lines.length > 1) throw usage(`standard input holds more than the one line for ${what}`);
    return line;
  }
}

function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw Object.assign(usage(`standard input is not UTF-8, for ${what}`), { cause });
  }
}
