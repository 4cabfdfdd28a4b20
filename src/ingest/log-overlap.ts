import { badInput } from '../base/errors.ts';
import { spansOf } from '../store/shelf.ts';
import type { BlockFilter, ImportRow, Loader, Store, StoredBlock } from '../store/store.ts';
import { type Continuation, chainOf } from './log-known.ts';

const DAY = 86_400;
const PAGE = 64;
/** Lines of staged blocks that are held at a time, packed, with 8 MB of hashes. */
const BATCH = 1 << 20;

export interface OverlapCheck {
  readonly source: string;
  /** Base name of the file that is being loaded. */
  readonly file: string;
  readonly loader: Pick<Loader, 'stagedBlocks'>;
  readonly store: Pick<Store, 'read'>;
  readonly continuation: Continuation;
  readonly minAt: number;
  readonly maxAt: number;
}

/** Refuses a load of lines that an earlier import of the source holds too, unless the file goes on from that one. */
export async function requireNoOverlap(check: OverlapCheck): Promise<void> {
  const imports = await check.store.read((tx) => tx.imports());
  const chain = chainOf(
    imports,
    check.continuation.kind === 'new' ? undefined : check.continuation.import.id,
  );
  for (const row of imports) {
    const window = row.source === check.source && !chain.has(row.id) ? commonWindow(check, row) : undefined;
    if (window !== undefined && (await haveEqualLines(check, row, window)))
      throw overlapFault(check.file, row);
  }
}

interface Window {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

function commonWindow(check: OverlapCheck, row: ImportRow): Window | undefined {
  if (row.state !== 'published' || row.minAt === undefined || row.maxAt === undefined) return undefined;
  const from = Math.max(check.minAt, row.minAt);
  const to = Math.min(check.maxAt, row.maxAt);
  return from <= to ? { from, to } : undefined;
}

async function haveEqualLines(check: OverlapCheck, row: ImportRow, window: Window): Promise<boolean> {
  const days = {
    source: check.source,
    fromDay: Math.floor(window.from / DAY),
    toDay: Math.floor(window.to / DAY),
  };
  const staged = pages((filter, after) => check.loader.stagedBlocks(filter, after, PAGE), days, window);
  let batch: StoredBlock[] = [];
  let lines = 0;
  for await (const block of staged) {
    batch.push(block);
    lines += block.lines;
    if (lines < BATCH) continue;
    if (await holdsAny(check, { ...days, import: row.id }, window, batch)) return true;
    batch = [];
    lines = 0;
  }
  return lines > 0 && holdsAny(check, { ...days, import: row.id }, window, batch);
}

/** Whether an earlier import holds a line of these blocks. */
async function holdsAny(
  check: OverlapCheck,
  filter: BlockFilter,
  window: Window,
  staged: readonly StoredBlock[],
): Promise<boolean> {
  const hashes = hashesOf(staged);
  const earlier = (one: BlockFilter, after: number) => check.store.read((tx) => tx.blocks(one, after, PAGE));
  for await (const block of pages(earlier, filter, window)) {
    for (const line of hashedLines(block)) {
      if (includes(hashes, line.hash) && staged.some((one) => holdsLine(one, line.bytes))) return true;
    }
  }
  return false;
}

async function* pages(
  read: (filter: BlockFilter, after: number) => Promise<readonly StoredBlock[]>,
  filter: BlockFilter,
  window: Window,
): AsyncGenerator<StoredBlock, void, undefined> {
  for (let after = 0; ; ) {
    const page = await read(filter, after);
    for (const block of page) if (block.minAt <= window.to && block.maxAt >= window.from) yield block;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

function hashesOf(blocks: readonly StoredBlock[]): Float64Array {
  const hashes = new Float64Array(blocks.reduce((sum, block) => sum + block.lines, 0));
  let count = 0;
  for (const block of blocks) {
    for (const { hash } of hashedLines(block)) {
      hashes[count] = hash;
      count += 1;
    }
  }
  return hashes.sort();
}

interface HashedLine {
  /** 53 bits; equal lines have equal ones. */
  readonly hash: number;
  readonly bytes: Buffer;
}

/** The lines of a block. */
function* hashedLines(block: StoredBlock): Generator<HashedLine> {
  for (const { bytes, from, to } of spansOf(block)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    yield { hash: hashOf(view, from, to), bytes: bytes.subarray(from, to) };
  }
}

function hashOf(view: DataView, from: number, to: number): number {
  let low = 0x9e3779b9 ^ (to - from);
  let high = 0x85ebca6b;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = view.getInt32(at);
    low = Math.imul(low ^ word, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ word, 0xc2b2ae35);
    high ^= high >>> 13;
  }
  for (; at < to; at += 1) {
    low = Math.imul(low ^ view.getUint8(at), 0x01000193);
    high = Math.imul(high ^ view.getUint8(at), 0xc2b2ae35);
  }
  return ((high >>> 0) & 0x1fffff) * 2 ** 32 + (low >>> 0);
}

function includes(sorted: Float64Array, hash: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] as number;
    if (found === hash) return true;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

function holdsLine(block: StoredBlock, line: Buffer): boolean {
  for (const { bytes, from, to } of spansOf(block)) if (line.equals(bytes.subarray(from, to))) return true;
  return false;
}

function overlapFault(file: string, earlier: ImportRow): Error {
  return badInput('log-overlap', `${file} has lines that ${earlier.file}, loaded earlier, has too`, {
    hint: 'load a log whole or from where the earlier file ends; nothing of this file was loaded',
    details: { file, earlier_file: earlier.file, earlier_import: earlier.id },
  });
}
