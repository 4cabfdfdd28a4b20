import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Content, type RandomAccess, Unsearchable, type UnsearchedCode } from './content.ts';

/** Bytes of a chunk that is kept while the next are read. */
const READ_BYTES = 16 * 1024;

/** A regular file, open for reading from any place. */
export class OpenFile implements Content, RandomAccess {
  readonly size: number;
  readonly #fd: number;

  private constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  /** Throws `Unsearchable` for what is no regular file, links included, and for what may not be read. */
  static open(path: Buffer): OpenFile {
    // A pipe would block without O_NONBLOCK until somebody writes to it.
    const fd = attempt(() =>
      openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK),
    );
    const stat = fstatSync(fd);
    if (stat.isFile()) return new OpenFile(fd, stat.size);
    closeSync(fd);
    throw new Unsearchable('special');
  }

  /** All bytes, also those that are written meanwhile. */
  async *chunks(into?: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; ; ) {
      const chunk = this.#readSome(at, into ?? Buffer.allocUnsafeSlow(READ_BYTES));
      if (chunk.length === 0) return;
      at += chunk.length;
      yield chunk;
    }
  }

  read(offset: number, length: number): Buffer {
    if (offset < 0 || offset + length > this.size) throw new Unsearchable('damaged');
    const parts: Buffer[] = [];
    for (let at = 0; at < length; at += parts.at(-1)?.length ?? 0) {
      const part = this.#readSome(offset + at, Buffer.allocUnsafeSlow(length - at));
      if (part.length === 0) throw new Unsearchable('damaged');
      parts.push(part);
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #readSome(at: number, into: Buffer): Buffer {
    const bytes = attempt(() => readSync(this.#fd, into, 0, into.length, at));
    return into.subarray(0, bytes);
  }
}

const CODES: Readonly<Record<string, UnsearchedCode>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ELOOP: 'symlink',
  ENXIO: 'special',
};

/** Does something with a file; a failure of the system is `Unsearchable`. */
export function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw new Unsearchable(CODES[code] ?? 'unreadable', { cause });
  }
}
