import { crc32, createInflateRaw } from 'node:zlib';
import { type Content, type RandomAccess, Unsearchable } from './content.ts';
import { inflated } from './inflate.ts';

/** Entries of one archive that are looked into at most. */
const MAX_ENTRIES = 100_000;

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
const IN_EXTRA = 0xffffffff;
const READ_BYTES = 16 * 1024;

interface Directory {
  readonly at: number;
  readonly end: number;
  readonly entries: number;
  /** What every offset in the archive is to be moved by: bytes that were put before it. */
  readonly shift: number;
}

interface Entry {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

/**
 * The entries of a zip archive in the order of its directory, each as what it unpacks to, or as the reason
 * why it cannot be. Stored and deflated entries and zip64 are read (PKWARE APPNOTE 6.3).
 */
export function* zipEntries(zip: RandomAccess): Generator<Content | Unsearchable> {
  const { at, end, entries, shift } = findDirectory(zip);
  if (entries > MAX_ENTRIES) throw new Unsearchable('too-large');
  let next = at;
  for (let nth = 0; nth < entries; nth += 1) {
    const header = zip.read(next, CENTRAL_BYTES);
    if (header.readUInt32LE(0) !== CENTRAL) throw new Unsearchable('damaged');
    const nameBytes = header.readUInt16LE(28);
    const extraBytes = header.readUInt16LE(30);
    const extra = zip.read(next + CENTRAL_BYTES + nameBytes, extraBytes);
    yield contentOf(zip, readEntry(header, extra, shift));
    next += CENTRAL_BYTES + nameBytes + extraBytes + header.readUInt16LE(32);
  }
  if (next !== end) throw new Unsearchable('damaged');
}

function findDirectory(zip: RandomAccess): Directory {
  const end = findEnd(zip);
  const record = zip.read(end, END_BYTES);
  const entries = record.readUInt16LE(10);
  const bytes = record.readUInt32LE(12);
  const at = record.readUInt32LE(16);
  const hasLocator = end >= LOCATOR_BYTES && zip.read(end - LOCATOR_BYTES, 4).readUInt32LE(0) === LOCATOR_64;
  if (hasLocator && (entries === 0xffff || bytes === IN_EXTRA || at === IN_EXTRA))
    return findDirectory64(zip, end - LOCATOR_BYTES);
  if (record.readUInt16LE(4) !== 0 || end < bytes) throw new Unsearchable('damaged');
  return { at: end - bytes, end, entries, shift: end - bytes - at };
}

function findEnd(zip: RandomAccess): number {
  const tail = Math.min(zip.size, END_BYTES + MAX_COMMENT);
  const bytes = zip.read(zip.size - tail, tail);
  for (let at = tail - END_BYTES; at >= 0; at -= 1) {
    if (bytes.readUInt32LE(at) === END && at + END_BYTES + bytes.readUInt16LE(at + 20) === tail)
      return zip.size - tail + at;
  }
  throw new Unsearchable('damaged');
}

function findDirectory64(zip: RandomAccess, locator: number): Directory {
  const end = largeNumber(zip.read(locator + 8, 8), 0);
  const record = zip.read(end, 56);
  if (record.readUInt32LE(0) !== END_64) throw new Unsearchable('damaged');
  const at = largeNumber(record, 48);
  return { at, end: at + largeNumber(record, 40), entries: largeNumber(record, 32), shift: 0 };
}

function readEntry(header: Buffer, extra: Buffer, shift: number): Entry {
  const large = largeNumbers(extra);
  const read = (at: number) => {
    const number = header.readUInt32LE(at);
    return number === IN_EXTRA ? large() : number;
  };
  // The order of the numbers in the extra field: APPNOTE 4.5.3.
  const size = read(24);
  const packed = read(20);
  const local = read(42);
  const flags = header.readUInt16LE(8);
  return {
    flags,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    packed,
    size,
    local: local + shift,
  };
}

/** Gives one 64-bit number of the zip64 extra field after the other. */
function largeNumbers(extra: Buffer): () => number {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return () => {
      if (next + 8 > extra.length) throw new Unsearchable('damaged');
      next += 8;
      return largeNumber(extra, next - 8);
    };
  }
  return () => {
    throw new Unsearchable('damaged');
  };
}

function largeNumber(bytes: Buffer, at: number): number {
  const number = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(number)) throw new Unsearchable('damaged');
  return number;
}

function contentOf(zip: RandomAccess, entry: Entry): Content | Unsearchable {
  const isEncrypted = (entry.flags & 0x2041) !== 0 || entry.method === 99;
  if (isEncrypted) return new Unsearchable('encrypted');
  if (entry.method !== 0 && entry.method !== 8) return new Unsearchable('compressed');
  return {
    chunks: () => checked(entry, entry.method === 0 ? packedBytes(zip, entry) : unpacked(zip, entry)),
  };
}

function unpacked(zip: RandomAccess, entry: Entry): AsyncGenerator<Uint8Array> {
  return inflated({ chunks: () => packedBytes(zip, entry) }, createInflateRaw);
}

async function* packedBytes(zip: RandomAccess, { local, packed }: Entry): AsyncGenerator<Uint8Array> {
  const header = zip.read(local, LOCAL_BYTES);
  if (header.readUInt32LE(0) !== LOCAL) throw new Unsearchable('damaged');
  const from = local + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  for (let at = 0; at < packed; at += READ_BYTES)
    yield zip.read(from + at, Math.min(READ_BYTES, packed - at));
}

/** The bytes, until they turn out to be others than the directory says. */
async function* checked({ size, crc }: Entry, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let sum = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (bytes !== size || sum !== crc) throw new Unsearchable('damaged');
}
