import { hash } from 'node:crypto';

/** Bytes of a hash, and of a leaf in `Reader.auditLeaves`. */
export const HASH_LENGTH = 32;

// RFC 9162 §2.1.1: what keeps leaves and nodes apart.
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** The leaf of an entry: SHA-256 over 0x00 and its bytes (RFC 9162 §2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** The Merkle tree over a log's leaves (RFC 9162 §2.1), which gives the proofs of all its sizes. */
export class LeafTree {
  readonly size: number;
  /** Hashes of the perfect subtrees by height, packed: of height 0 the leaves. */
  readonly #levels: readonly Uint8Array[];

  /** `leaves` are 32 bytes each, in one piece. */
  constructor(leaves: Uint8Array) {
    this.size = leaves.length / HASH_LENGTH;
    if (!Number.isInteger(this.size)) throw new RangeError('leaves have 32 bytes each');
    const levels = [leaves];
    for (let level = leaves; level.length >= 2 * HASH_LENGTH; levels.push(level)) level = above(level);
    this.#levels = levels;
  }

  /** The root of the first `size` leaves. */
  root(size: number): Buffer {
    this.#require(size);
    return size === 0 ? hash('sha256', '', 'buffer') : this.#range(0, size);
  }

  /** The hashes that lead from a leaf to the root of the first `size`, its sibling first (RFC 9162 §2.1.3.1). */
  inclusion(index: number, size: number): readonly Buffer[] {
    this.#require(size);
    if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf');
    return this.#path(index, 0, size);
  }

  /** The hashes that show the first `from` leaves to be the beginning of the first `to` (RFC 9162 §2.1.4.1). */
  consistency(from: number, to: number): readonly Buffer[] {
    this.#require(to);
    if (!Number.isInteger(from) || from < 1 || from > to) throw new RangeError('no such beginning');
    return from === to ? [] : this.#subproof(from, 0, to, true);
  }

  #path(index: number, start: number, end: number): Buffer[] {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...this.#path(index, start, middle), this.#range(middle, end)]
      : [...this.#path(index, middle, end), this.#range(start, middle)];
  }

  #subproof(from: number, start: number, end: number, isKnown: boolean): Buffer[] {
    if (from === end) return isKnown ? [] : [this.#range(start, end)];
    const middle = start + splitOf(end - start);
    return from <= middle
      ? [...this.#subproof(from, start, middle, isKnown), this.#range(middle, end)]
      : [...this.#subproof(from, middle, end, false), this.#range(start, middle)];
  }

  /** The hash over a range that a node of some tree covers: perfect ones are known. */
  #range(start: number, end: number): Buffer {
    const length = end - start;
    const split = splitOf(length);
    if (length !== 1 && length !== 2 * split)
      return nodeHash(this.#range(start, start + split), this.#range(start + split, end));
    const level = this.#levels[Math.log2(length)] ?? new Uint8Array();
    const at = (start / length) * HASH_LENGTH;
    return Buffer.from(level.subarray(at, at + HASH_LENGTH));
  }

  #require(size: number): void {
    if (!Number.isInteger(size) || size < 0 || size > this.size) throw new RangeError('no such size');
  }
}

/** Hashes of the pairs of a level; a last one without partner is left out. */
function above(level: Uint8Array): Uint8Array {
  const pairs = Math.floor(level.length / (2 * HASH_LENGTH));
  const hashes = Buffer.alloc(pairs * HASH_LENGTH);
  const node = Buffer.alloc(1 + 2 * HASH_LENGTH, 1);
  for (let pair = 0; pair < pairs; pair += 1) {
    node.set(level.subarray(pair * 2 * HASH_LENGTH, (pair + 1) * 2 * HASH_LENGTH), 1);
    // As text it comes sooner than as a buffer of its own.
    hashes.write(hash('sha256', node, 'hex'), pair * HASH_LENGTH, 'hex');
  }
  return hashes;
}

/** The largest power of two below a length of two or more. */
function splitOf(length: number): number {
  return 2 ** Math.ceil(Math.log2(length) - 1);
}

/** A leaf that is said to be in a tree. */
export interface Inclusion {
  /** From 0. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof leads from the leaf to the root (RFC 9162 §2.1.3.2). */
export function verifyInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!isPlace(index) || !isPlace(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [fn, sn] = [index, size - 1];
  let found: Buffer = Buffer.from(leaf);
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      found = nodeHash(sibling, found);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      found = nodeHash(found, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && found.equals(root);
}

/** A tree that is said to be the beginning of another. */
export interface Consistency {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof shows the second tree to go on where the first ended (RFC 9162 §2.1.4.2); of nothing there is no proof. */
export function verifyConsistency({ from, to, fromRoot, toRoot, proof }: Consistency): boolean {
  if (!isPlace(from) || !isPlace(to) || from < 1 || from > to) return false;
  if (!areHashes([fromRoot, toRoot, ...proof])) return false;
  if (from === to) return proof.length === 0 && Buffer.from(fromRoot).equals(toRoot);
  const [first, ...rest] = Number.isInteger(Math.log2(from)) ? [fromRoot, ...proof] : proof;
  if (first === undefined || proof.length === 0) return false;
  return climbs(first, rest, { from, to, fromRoot, toRoot });
}

function climbs(first: Uint8Array, rest: readonly Uint8Array[], about: Omit<Consistency, 'proof'>): boolean {
  let [fn, sn] = [about.from - 1, about.to - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [before, after]: [Buffer, Buffer] = [Buffer.from(first), Buffer.from(first)];
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      after = nodeHash(after, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && before.equals(about.fromRoot) && after.equals(about.toRoot);
}

function isPlace(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every(({ length }) => length === HASH_LENGTH);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
