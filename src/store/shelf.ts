import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { NewBlock } from './store.ts';

/** More than one import chunk can hold, so that a damaged block cannot fill the memory. */
const MAX_BLOCK = 32 << 20;

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const LINE_FEED = 10;

export const SHELVES = 256;

/** The shelf of a tag: its first eight bits. */
export function shelfOf(tag: number): number {
  return tag >>> 24;
}

/** Sorted distinct tags as they lie in a block. */
export function packTags(tags: ArrayLike<number>): Buffer {
  const packed = Buffer.allocUnsafe(tags.length * 4);
  for (let i = 0; i < tags.length; i += 1) packed.writeUInt32LE(tags[i] ?? 0, i * 4);
  return packed;
}

/** Whether a block may hold lines of this tag. */
export function hasTag(tags: Uint8Array, tag: number): boolean {
  const view = new DataView(tags.buffer, tags.byteOffset, tags.byteLength);
  let low = 0;
  let high = tags.byteLength / 4 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = view.getUint32(middle * 4, true);
    if (found === tag) return true;
    if (found < tag) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** zstd of lines that each end in a line feed. No dictionary: one that persons share could not be erased. */
export function packBody(lines: Uint8Array): Buffer {
  return zstdCompressSync(lines, LEVEL);
}

/** Where a line lies, its line feed left out. */
export interface LineSpan {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** The lines of a block in their order. */
export function* spansOf(block: Pick<NewBlock, 'body'>): Generator<LineSpan, void, undefined> {
  const bytes: Buffer = zstdDecompressSync(block.body, { maxOutputLength: MAX_BLOCK });
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(LINE_FEED, from);
    yield { bytes, from, to };
    from = to + 1;
  }
}

/** A line as a binary string. */
export function textOf({ bytes, from, to }: LineSpan): string {
  return bytes.toString('latin1', from, to);
}

/** The lines of a block in their order, as binary strings. */
export function linesOf(block: Pick<NewBlock, 'body'>): readonly string[] {
  return Array.from(spansOf(block), textOf);
}

/** The lines of one tag, which lie together: a block is sorted by tag. `tagOf` reads a line. */
export function spansTagged(
  block: Pick<NewBlock, 'body'>,
  tag: number,
  tagOf: (line: LineSpan) => number,
): readonly LineSpan[] {
  const spans = Array.from(spansOf(block));
  return spans.slice(firstFrom(spans, tag, tagOf), firstFrom(spans, tag + 1, tagOf));
}

/** The place of the first line whose tag is this or a greater one. */
function firstFrom(spans: readonly LineSpan[], tag: number, tagOf: (line: LineSpan) => number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tagOf(spans[middle] as LineSpan) < tag) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a rewrite has to know of a line. */
export interface JudgedLine {
  readonly tag: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly isTaken: boolean;
}

export interface SplitBlock {
  /** What stays, in its order; undefined when nothing does. */
  readonly kept: Pick<NewBlock, 'lines' | 'minAt' | 'maxAt' | 'tags' | 'body'> | undefined;
  readonly taken: readonly LineSpan[];
}

/** Takes lines out of a block. */
export function splitLines(block: Pick<NewBlock, 'body'>, judge: (line: LineSpan) => JudgedLine): SplitBlock {
  const taken: LineSpan[] = [];
  const kept: Buffer[] = [];
  const tags = new Set<number>();
  let minAt = Number.POSITIVE_INFINITY;
  let maxAt = Number.NEGATIVE_INFINITY;
  for (const line of spansOf(block)) {
    const { tag, at, isTaken } = judge(line);
    if (isTaken) {
      taken.push(line);
      continue;
    }
    kept.push(line.bytes.subarray(line.from, line.to + 1));
    tags.add(tag);
    minAt = Math.min(minAt, at);
    maxAt = Math.max(maxAt, at);
  }
  if (kept.length === 0) return { kept: undefined, taken };
  const body = packBody(Buffer.concat(kept));
  return {
    kept: { lines: kept.length, minAt, maxAt, tags: packTags(Uint32Array.from(tags).sort()), body },
    taken,
  };
}

type Rewritten = Pick<NewBlock, 'lines' | 'minAt' | 'maxAt' | 'tags' | 'body'>;

/** As `splitLines`, for lines of one tag: the others are neither read nor moved but in one piece. */
export function splitTagged(
  block: Rewritten,
  tag: number,
  read: (line: LineSpan) => Omit<JudgedLine, 'isTaken'>,
  isTaken: (line: LineSpan) => boolean,
): SplitBlock {
  const own = spansTagged(block, tag, (line) => read(line).tag);
  const [first] = own;
  const taken = own.filter(isTaken);
  if (first === undefined || taken.length === 0) return { kept: block, taken };
  if (taken.length === block.lines) return { kept: undefined, taken };
  const goes = new Set(taken);
  const staying = own.filter((line) => !goes.has(line));
  const end = (own.at(-1) as LineSpan).to + 1;
  const body = Buffer.concat([
    first.bytes.subarray(0, first.from),
    ...staying.map(({ bytes, from, to }) => bytes.subarray(from, to + 1)),
    first.bytes.subarray(end),
  ]);
  const packed = { body: packBody(body) };
  const tags = staying.length > 0 ? block.tags : withoutTag(block.tags, tag);
  const isEdge = taken.some((line) => [block.minAt, block.maxAt].includes(read(line).at));
  const times = isEdge ? timesOf(packed, read) : { minAt: block.minAt, maxAt: block.maxAt };
  return { kept: { lines: block.lines - taken.length, ...times, tags, ...packed }, taken };
}

function withoutTag(tags: Uint8Array, tag: number): Buffer {
  const view = new DataView(tags.buffer, tags.byteOffset, tags.byteLength);
  const all = Array.from({ length: tags.byteLength / 4 }, (_, i) => view.getUint32(i * 4, true));
  return packTags(all.filter((one) => one !== tag));
}

function timesOf(
  block: Pick<NewBlock, 'body'>,
  read: (line: LineSpan) => Omit<JudgedLine, 'isTaken'>,
): Pick<NewBlock, 'minAt' | 'maxAt'> {
  const times = Array.from(spansOf(block), (line) => read(line).at);
  return times.reduce(
    ({ minAt, maxAt }, at) => ({ minAt: Math.min(minAt, at), maxAt: Math.max(maxAt, at) }),
    { minAt: Number.POSITIVE_INFINITY, maxAt: Number.NEGATIVE_INFINITY },
  );
}
