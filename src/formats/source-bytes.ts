import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { notFound } from '../base/errors.ts';
import { printable } from '../base/mask.ts';
import { badFile } from './fault.ts';

/** Bytes of content that `SourceDigest.head` covers. */
export const HEAD_BYTES = 4096;
const READ_BYTES = 128 * 1024;

/** What identifies a file's decompressed content. */
export interface SourceDigest {
  readonly bytes: number;
  /** Hex SHA-256 of all of it. */
  readonly sha256: string;
  /** Hex SHA-256 of its first `HEAD_BYTES` bytes, or of all where it is shorter. */
  readonly head: string;
}

export interface SourceOptions {
  /** Largest chunk that `chunks` gives. */
  readonly chunkSize?: number;
}

/** An export file, opened as its decompressed bytes. */
export interface SourceBytes {
  /** Base name, safe to print. */
  readonly name: string;
  /** Bytes on the disk, compressed as they are. */
  readonly size: number;
  /** The first `HEAD_BYTES` bytes of content, or all where it is shorter. */
  readonly head: Buffer;
  /** Gives the content once, in constant memory; `lineReached` makes damage messages exact. */
  chunks(lineReached?: () => number): AsyncGenerator<Buffer>;
  /** Bytes on the disk read so far, for progress. */
  bytesRead(): number;
  /** Known when `chunks` has ended by itself; throws before. */
  digest(): SourceDigest;
  close(): Promise<void>;
}

/** Opens a regular file; gzip is known by its first bytes. Links, pipes, devices and folders are refused. */
export async function openSource(file: string, options: SourceOptions = {}): Promise<SourceBytes> {
  const name = printable(basename(file));
  const { handle, size } = await openRegular(file, name);
  try {
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    const raw = new RawFile(handle, size, name);
    const content = magic[0] === 0x1f && magic[1] === 0x8b ? gunzipped(raw) : raw.chunks();
    const source = new OpenSource(raw, content, options.chunkSize ?? READ_BYTES);
    await source.fillHead();
    return source;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openRegular(file: string, name: string): Promise<{ handle: FileHandle; size: number }> {
  // A pipe would block without O_NONBLOCK until somebody writes to it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (cause) => {
      throw openFault(cause, name);
    },
  );
  const stat = await handle.stat();
  if (stat.isFile()) return { handle, size: stat.size };
  await handle.close();
  throw badFile('not-a-file', { file: name }, stat.isDirectory() ? 'is a folder' : 'is not a regular file');
}

function openFault(cause: unknown, name: string): Error {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return notFound('file-missing', `${name}: there is no such file`);
  if (code === 'ELOOP')
    return badFile('not-a-file', { file: name }, 'is a symbolic link', 'name the file that it points to');
  if (code === 'ENXIO') return badFile('not-a-file', { file: name }, 'is not a regular file');
  return badFile('file-unreadable', { file: name }, `cannot be opened (${code})`);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
}

/** The bytes on the disk, up to the size at opening: a log may grow while it is read. */
class RawFile {
  at = 0;
  readonly handle: FileHandle;
  readonly size: number;
  readonly name: string;

  constructor(handle: FileHandle, size: number, name: string) {
    this.handle = handle;
    this.size = size;
    this.name = name;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    while (this.at < this.size) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, this.size - this.at));
      const bytesRead = await this.#read(buffer);
      if (bytesRead === 0)
        throw badFile('file-changed', { file: this.name }, 'became shorter while it was read');
      this.at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  async #read(buffer: Buffer): Promise<number> {
    try {
      return (await this.handle.read(buffer, 0, buffer.length, this.at)).bytesRead;
    } catch (cause) {
      throw badFile('file-unreadable', { file: this.name }, `cannot be read (${codeOf(cause)})`);
    }
  }
}

async function* gunzipped(raw: RawFile): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  // Errors reach the loop below; the callback only keeps them from being unhandled.
  pipeline(Readable.from(raw.chunks(), { objectMode: true, highWaterMark: 1 }), gunzip, () => {});
  yield* gunzip as AsyncIterable<Buffer>;
  // Node takes a zero byte after a member for padding and drops all that follows.
  if (gunzip.bytesWritten < raw.size)
    throw new GzipFault('has bytes after the end of its gzip data', 'gz-trailing');
}

class GzipFault extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

const GZIP_FAULTS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  Z_BUF_ERROR: ['gz-truncated', 'the gzip data ends early'],
  Z_DATA_ERROR: ['gz-damaged', 'the gzip data is damaged or followed by something else'],
  'gz-trailing': ['gz-trailing', 'the gzip data is followed by something else'],
};

class OpenSource implements SourceBytes {
  readonly name: string;
  readonly size: number;
  head: Buffer = Buffer.alloc(0);
  readonly #raw: RawFile;
  readonly #content: AsyncGenerator<Buffer>;
  readonly #chunkSize: number;
  readonly #hash = createHash('sha256');
  readonly #opening: Buffer[] = [];
  #bytes = 0;
  #digest: SourceDigest | undefined;

  constructor(raw: RawFile, content: AsyncGenerator<Buffer>, chunkSize: number) {
    this.name = raw.name;
    this.size = raw.size;
    this.#raw = raw;
    this.#content = content;
    this.#chunkSize = chunkSize;
  }

  async fillHead(): Promise<void> {
    let length = 0;
    while (length < HEAD_BYTES) {
      const chunk = await this.#next(() => 1);
      if (chunk === undefined) break;
      this.#opening.push(chunk);
      length += chunk.length;
    }
    this.head = Buffer.concat(this.#opening).subarray(0, HEAD_BYTES);
  }

  async *chunks(lineReached: () => number = () => 1): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = this.#opening.shift() ?? (await this.#next(lineReached));
      if (chunk === undefined) break;
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      for (let at = 0; at < chunk.length; at += this.#chunkSize)
        yield chunk.subarray(at, at + this.#chunkSize);
    }
    const head = createHash('sha256').update(this.head).digest('hex');
    this.#digest = { bytes: this.#bytes, sha256: this.#hash.digest('hex'), head };
  }

  bytesRead(): number {
    return this.#raw.at;
  }

  digest(): SourceDigest {
    if (this.#digest === undefined)
      throw new Error('the digest is known when the file has been read to its end');
    return this.#digest;
  }

  async close(): Promise<void> {
    await this.#content.return(undefined);
    await this.#raw.handle.close();
  }

  async #next(lineReached: () => number): Promise<Buffer | undefined> {
    try {
      const next = await this.#content.next();
      return next.done === true ? undefined : next.value;
    } catch (cause) {
      const fault = GZIP_FAULTS[codeOf(cause)];
      if (fault === undefined) throw cause;
      throw badFile(fault[0], { file: this.name, line: lineReached() }, fault[1], 'fetch the file again');
    }
  }
}
