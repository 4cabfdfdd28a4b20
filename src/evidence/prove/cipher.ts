/**
 * ChaCha20 and Poly1305 of RFC 8439 over whole pages, for the prover alone: starting a cipher of
 * `node:crypto` costs as much as a whole page does here, Node has no Poly1305 of its own, and the driver
 * counts blocks in 32 bits where OpenSSL carries into the nonce. Words are little endian, as on every
 * machine that Node runs on.
 */

const BLOCK_WORDS = 16;

/** Writes one ChaCha20 block (RFC 8439 §2.3) into `out`: state words of key, counter and nonce. */
function writeBlock(out: Uint32Array, key: Uint32Array, counter: number, nonce: Uint32Array): void {
  const k0 = key[0] as number;
  const k1 = key[1] as number;
  const k2 = key[2] as number;
  const k3 = key[3] as number;
  const k4 = key[4] as number;
  const k5 = key[5] as number;
  const k6 = key[6] as number;
  const k7 = key[7] as number;
  const n0 = nonce[0] as number;
  const n1 = nonce[1] as number;
  const n2 = nonce[2] as number;
  let x0 = 0x61707865;
  let x1 = 0x3320646e;
  let x2 = 0x79622d32;
  let x3 = 0x6b206574;
  let x4 = k0 | 0;
  let x5 = k1 | 0;
  let x6 = k2 | 0;
  let x7 = k3 | 0;
  let x8 = k4 | 0;
  let x9 = k5 | 0;
  let x10 = k6 | 0;
  let x11 = k7 | 0;
  let x12 = counter | 0;
  let x13 = n0 | 0;
  let x14 = n1 | 0;
  let x15 = n2 | 0;
  for (let round = 0; round < 10; round += 1) {
    x0 = (x0 + x4) | 0;
    x12 = rotate(x12 ^ x0, 16);
    x8 = (x8 + x12) | 0;
    x4 = rotate(x4 ^ x8, 12);
    x0 = (x0 + x4) | 0;
    x12 = rotate(x12 ^ x0, 8);
    x8 = (x8 + x12) | 0;
    x4 = rotate(x4 ^ x8, 7);
    x1 = (x1 + x5) | 0;
    x13 = rotate(x13 ^ x1, 16);
    x9 = (x9 + x13) | 0;
    x5 = rotate(x5 ^ x9, 12);
    x1 = (x1 + x5) | 0;
    x13 = rotate(x13 ^ x1, 8);
    x9 = (x9 + x13) | 0;
    x5 = rotate(x5 ^ x9, 7);
    x2 = (x2 + x6) | 0;
    x14 = rotate(x14 ^ x2, 16);
    x10 = (x10 + x14) | 0;
    x6 = rotate(x6 ^ x10, 12);
    x2 = (x2 + x6) | 0;
    x14 = rotate(x14 ^ x2, 8);
    x10 = (x10 + x14) | 0;
    x6 = rotate(x6 ^ x10, 7);
    x3 = (x3 + x7) | 0;
    x15 = rotate(x15 ^ x3, 16);
    x11 = (x11 + x15) | 0;
    x7 = rotate(x7 ^ x11, 12);
    x3 = (x3 + x7) | 0;
    x15 = rotate(x15 ^ x3, 8);
    x11 = (x11 + x15) | 0;
    x7 = rotate(x7 ^ x11, 7);
    x0 = (x0 + x5) | 0;
    x15 = rotate(x15 ^ x0, 16);
    x10 = (x10 + x15) | 0;
    x5 = rotate(x5 ^ x10, 12);
    x0 = (x0 + x5) | 0;
    x15 = rotate(x15 ^ x0, 8);
    x10 = (x10 + x15) | 0;
    x5 = rotate(x5 ^ x10, 7);
    x1 = (x1 + x6) | 0;
    x12 = rotate(x12 ^ x1, 16);
    x11 = (x11 + x12) | 0;
    x6 = rotate(x6 ^ x11, 12);
    x1 = (x1 + x6) | 0;
    x12 = rotate(x12 ^ x1, 8);
    x11 = (x11 + x12) | 0;
    x6 = rotate(x6 ^ x11, 7);
    x2 = (x2 + x7) | 0;
    x13 = rotate(x13 ^ x2, 16);
    x8 = (x8 + x13) | 0;
    x7 = rotate(x7 ^ x8, 12);
    x2 = (x2 + x7) | 0;
    x13 = rotate(x13 ^ x2, 8);
    x8 = (x8 + x13) | 0;
    x7 = rotate(x7 ^ x8, 7);
    x3 = (x3 + x4) | 0;
    x14 = rotate(x14 ^ x3, 16);
    x9 = (x9 + x14) | 0;
    x4 = rotate(x4 ^ x9, 12);
    x3 = (x3 + x4) | 0;
    x14 = rotate(x14 ^ x3, 8);
    x9 = (x9 + x14) | 0;
    x4 = rotate(x4 ^ x9, 7);
  }
  out[0] = x0 + 0x61707865;
  out[1] = x1 + 0x3320646e;
  out[2] = x2 + 0x79622d32;
  out[3] = x3 + 0x6b206574;
  out[4] = x4 + k0;
  out[5] = x5 + k1;
  out[6] = x6 + k2;
  out[7] = x7 + k3;
  out[8] = x8 + k4;
  out[9] = x9 + k5;
  out[10] = x10 + k6;
  out[11] = x11 + k7;
  out[12] = x12 + counter;
  out[13] = x13 + n0;
  out[14] = x14 + n1;
  out[15] = x15 + n2;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

const stream = new Uint32Array(BLOCK_WORDS);

/** Encrypts or decrypts `words[from, to)` in place; the block counter wraps at 32 bits. */
export function chacha20(
  words: Uint32Array,
  from: number,
  to: number,
  key: Uint32Array,
  counter: number,
  nonce: Uint32Array,
): void {
  for (let at = from, block = counter; at < to; at += BLOCK_WORDS, block += 1) {
    writeBlock(stream, key, block, nonce);
    const count = Math.min(BLOCK_WORDS, to - at);
    for (let i = 0; i < count; i += 1) words[at + i] = (words[at + i] as number) ^ (stream[i] as number);
  }
}

const LIMB = 2 ** 22;
const PER_LIMB = 2 ** -22;
const MASK = LIMB - 1;
// The bit that RFC 8439 sets above each block of 128.
const PAD = 2 ** 18;
const PRIME = 2n ** 130n - 5n;

/**
 * The Poly1305 tag (RFC 8439 §2.5) of the first `length` words, a multiple of four, as an integer.
 * Six limbs of 22 bits, so that sums of their products stay below 2^53 and doubles hold them exactly;
 * 2^132 is 20 modulo the prime.
 */
export function poly1305(words: Uint32Array, length: number, key: Uint32Array): bigint {
  const a = (key[0] as number) & 0x0fffffff;
  const b = (key[1] as number) & 0x0ffffffc;
  const c = (key[2] as number) & 0x0ffffffc;
  const d = (key[3] as number) & 0x0ffffffc;
  const r0 = a & MASK;
  const r1 = ((a >>> 22) | (b << 10)) & MASK;
  const r2 = ((b >>> 12) | (c << 20)) & MASK;
  const r3 = (c >>> 2) & MASK;
  const r4 = ((c >>> 24) | (d << 8)) & MASK;
  const r5 = d >>> 14;
  const s1 = 20 * r1;
  const s2 = 20 * r2;
  const s3 = 20 * r3;
  const s4 = 20 * r4;
  const s5 = 20 * r5;
  let h0 = 0;
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  let h5 = 0;
  for (let i = 0; i < length; i += 4) {
    const w0 = words[i] as number;
    const w1 = words[i + 1] as number;
    const w2 = words[i + 2] as number;
    const w3 = words[i + 3] as number;
    h0 += w0 & MASK;
    h1 += ((w0 >>> 22) | (w1 << 10)) & MASK;
    h2 += ((w1 >>> 12) | (w2 << 20)) & MASK;
    h3 += (w2 >>> 2) & MASK;
    h4 += ((w2 >>> 24) | (w3 << 8)) & MASK;
    h5 += (w3 >>> 14) + PAD;
    const d0 = h0 * r0 + h1 * s5 + h2 * s4 + h3 * s3 + h4 * s2 + h5 * s1;
    const d1 = h0 * r1 + h1 * r0 + h2 * s5 + h3 * s4 + h4 * s3 + h5 * s2;
    const d2 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s5 + h4 * s4 + h5 * s3;
    const d3 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s5 + h5 * s4;
    const d4 = h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0 + h5 * s5;
    const d5 = h0 * r5 + h1 * r4 + h2 * r3 + h3 * r2 + h4 * r1 + h5 * r0;
    // Two chains of carries at a time: from 0 up to 3, and from 3 over 5 round to 0.
    let low = Math.floor(d0 * PER_LIMB);
    let high = Math.floor(d3 * PER_LIMB);
    h0 = d0 - low * LIMB;
    h3 = d3 - high * LIMB;
    h1 = d1 + low;
    h4 = d4 + high;
    low = Math.floor(h1 * PER_LIMB);
    high = Math.floor(h4 * PER_LIMB);
    h1 -= low * LIMB;
    h4 -= high * LIMB;
    h2 = d2 + low;
    h5 = d5 + high;
    low = Math.floor(h2 * PER_LIMB);
    high = Math.floor(h5 * PER_LIMB);
    h2 -= low * LIMB;
    h5 -= high * LIMB;
    h3 += low;
    h0 += 20 * high;
    low = Math.floor(h0 * PER_LIMB);
    high = Math.floor(h3 * PER_LIMB);
    h0 -= low * LIMB;
    h3 -= high * LIMB;
    h1 += low;
    h4 += high;
  }
  const sum = join(22n, h0, h1, h2, h3, h4, h5) % PRIME;
  return BigInt.asUintN(128, sum + word128(key, 4));
}

function join(bits: bigint, ...limbs: readonly number[]): bigint {
  return limbs.reduceRight((sum, limb) => (sum << bits) + BigInt(limb), 0n);
}

/** Four words as one integer. */
export function word128(words: Uint32Array, at: number): bigint {
  return join(32n, ...words.subarray(at, at + 4));
}
