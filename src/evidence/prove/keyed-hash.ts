import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What is derived from the ledger's fingerprint key; each use has its own part. */
export interface SearchKeys {
  /** 32 bytes, AES-256-GCM over a packed list. */
  readonly seal: Uint8Array;
  /** Of 32 bytes each, for HMAC-SHA256; as bytes they would be made into this for every digest. */
  readonly nonce: KeyObject;
  readonly bytes: KeyObject;
  readonly field: KeyObject;
  /** Eight odd words for the fast hashes. */
  readonly words: Int32Array;
}

/** Bytes of a digest that is kept. */
export const DIGEST_BYTES = 16;

/** Derives the keys by HKDF-SHA256 under labels of their own. */
export function searchKeys(key: Uint8Array): SearchKeys {
  const part = (use: string) =>
    new Uint8Array(hkdfSync('sha256', key, '', `dsr fingerprints v1: ${use}`, 32));
  const words = part('words');
  return {
    seal: part('seal'),
    nonce: createSecretKey(part('nonce')),
    bytes: createSecretKey(part('bytes')),
    field: createSecretKey(part('field')),
    words: Int32Array.from({ length: 8 }, (_, i) => wordAt(words, i * 4) | 1),
  };
}

/** HMAC-SHA256 cut to 16 bytes. */
export function shortDigest(key: KeyObject, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest().subarray(0, DIGEST_BYTES);
}

/** The bytes with ASCII capitals made small. */
export function foldCase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}

/** As `foldCase`, four bytes in a word at once. */
export function foldWord(word: number): number {
  // Of each byte its seven low bits, moved so that the eighth tells: from A on, past Z.
  const low = word & 0x7f7f7f7f;
  const fromA = (low + 0x3f3f3f3f) | 0;
  const pastZ = (low + 0x25252525) | 0;
  return word | (((fromA ^ pastZ) & ~word & 0x80808080) >>> 2);
}

/** Four bytes as a word, low byte first. */
export function wordAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | high;
}

/** Bits of a filter. */
export const FILTER_BITS = 20;

/** The hash of a word, from which filters are made. */
export function mixWord(word: number, words: Int32Array): number {
  const mixed = Math.imul(word ^ (words[0] as number), words[1] as number);
  return mixed ^ (mixed >>> 15);
}

/** The filter of a window of eight bytes, of its two mixed words. */
export function filterOfEight(mixedFirst: number, mixedSecond: number, words: Int32Array): number {
  const sum = (Math.imul(mixedFirst, words[2] as number) + mixedSecond) | 0;
  return Math.imul(sum, words[3] as number) >>> (32 - FILTER_BITS);
}

/** The filter of a window of four bytes, of its mixed word. */
export function filterOfFour(mixed: number, words: Int32Array): number {
  return Math.imul(mixed, words[4] as number) >>> (32 - FILTER_BITS);
}

/** A fast keyed hash of `bytes[from, to)`, four bytes and more, in folded case, as 32 bits. */
export function tagOf(bytes: Uint8Array, from: number, to: number, words: Int32Array): number {
  const factor = words[5] as number;
  let hash = (words[6] as number) ^ (to - from);
  for (let at = from; at < to; at += 4) {
    // The last word may go back over bytes of the one before.
    const word = foldWord(wordAt(bytes, Math.min(at, to - 4)));
    hash = Math.imul(hash ^ word, factor);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, words[7] as number);
  return (hash ^ (hash >>> 16)) >>> 0;
}
