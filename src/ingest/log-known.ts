import { createHash } from 'node:crypto';
import { badFile } from '../formats/fault.ts';
import { HEAD_BYTES, openSource } from '../formats/source-bytes.ts';
import { MAX_RECORD_BYTES } from '../formats/text.ts';
import type { ImportRow } from '../store/store.ts';

const LINE_FEED = 10;

/** How a log file stands to what was loaded before: `same` byte for byte, or `grown`: it goes on after it. */
export type Continuation =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' | 'grown'; readonly import: ImportRow };

/**
 * Finds the longest earlier import of a source whose content the file begins with. Logs are known
 * by their decompressed content, so a grown, a rotated and a compressed file are all known again.
 */
export async function findContinuation(imports: readonly ImportRow[], file: string): Promise<Continuation> {
  const source = await openSource(file);
  try {
    const candidates = imports.filter((row) => isCandidate(row, source.head));
    if (candidates.length === 0) return { kind: 'new' };
    return await longestMatch(
      source.chunks(),
      candidates.toSorted((a, b) => a.bytes - b.bytes),
    );
  } finally {
    await source.close();
  }
}

function isCandidate(row: ImportRow, head: Buffer): boolean {
  const length = Math.min(row.bytes, HEAD_BYTES);
  if (row.state !== 'published' || row.bytes === 0 || head.length < length) return false;
  return createHash('sha256').update(head.subarray(0, length)).digest('hex') === row.head;
}

/** Candidates come shortest first. */
async function longestMatch(
  content: AsyncIterable<Buffer>,
  candidates: readonly ImportRow[],
): Promise<Continuation> {
  const hash = createHash('sha256');
  const waiting = [...candidates];
  let bytes = 0;
  let found: ImportRow | undefined;
  for await (const piece of content) {
    let at = 0;
    while (waiting[0] !== undefined && waiting[0].bytes <= bytes + piece.length) {
      const row = waiting.shift() as ImportRow;
      hash.update(piece.subarray(at, row.bytes - bytes));
      at = row.bytes - bytes;
      if (hash.copy().digest('hex') === row.sha256) found = row;
    }
    hash.update(piece.subarray(at));
    bytes += piece.length;
    if (waiting.length === 0 && bytes > (found?.bytes ?? 0)) break;
  }
  if (found === undefined) return { kind: 'new' };
  return { kind: bytes === found.bytes ? 'same' : 'grown', import: found };
}

/** The imports that a grown log goes on from, itself included. */
export function chainOf(imports: readonly ImportRow[], last: number | undefined): ReadonlySet<number> {
  const chain = new Set<number>();
  for (let id = last; id !== undefined && !chain.has(id); ) {
    chain.add(id);
    id = imports.find((row) => row.id === id)?.continues;
  }
  return chain;
}

/**
 * Steps over what is loaded already. A last line that had no line feed then is read again, whole;
 * what was loaded of it has to go.
 */
export class KnownPrefix {
  /** Whole lines stepped over. */
  lines = 0;
  /** The start of the line that was cut off then, binary. */
  unfinished = '';
  readonly #import: ImportRow;
  readonly #file: string;
  #rest = Buffer.alloc(0);

  constructor(row: ImportRow, file: string) {
    this.#import = row;
    this.#file = file;
  }

  /** The content after the prefix; throws where the file has changed since it was recognised. */
  async *tail(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    const hash = createHash('sha256');
    let left = this.#import.bytes;
    for await (const piece of content) {
      const part = piece.subarray(0, left);
      if (left > 0) {
        hash.update(part);
        this.#stepOver(part);
        left -= part.length;
        if (left > 0) continue;
        this.#requireSame(hash.digest('hex'));
        if (this.#rest.length > 0) yield this.#rest;
      }
      if (part.length < piece.length) yield piece.subarray(part.length);
    }
    if (left > 0) this.#requireSame('');
  }

  #stepOver(part: Buffer): void {
    let from = 0;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, from)) {
      this.lines += 1;
      from = end + 1;
    }
    const before = from === 0 ? this.#rest : this.#rest.subarray(0, 0);
    // More of a line that is too long changes nothing.
    this.#rest = Buffer.concat([before, part.subarray(from)]).subarray(0, MAX_RECORD_BYTES + 1);
  }

  #requireSame(sha256: string): void {
    if (sha256 !== this.#import.sha256) {
      throw badFile('file-changed', { file: this.#file }, 'changed while it was read', 'load it again');
    }
    this.unfinished = this.#rest.toString('latin1');
  }
}
