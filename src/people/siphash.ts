/** What a SipHash has taken in so far: whole blocks of eight bytes. */
export interface SipState {
  /** v0 to v3, each low word first. */
  readonly words: Int32Array;
  /** Bytes taken in. */
  readonly length: number;
}

const BLOCK = 8;

/** The state under a key of 16 bytes, before any byte. */
export function sipInit(key: Uint8Array): SipState {
  if (key.length !== 16) throw new RangeError('a SipHash key has 16 bytes');
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const [a, b, c, d] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number, number];
  const words = Int32Array.of(
    a ^ 0x70736575,
    b ^ 0x736f6d65,
    c ^ 0x6e646f6d,
    d ^ 0x646f7261,
    a ^ 0x6e657261,
    b ^ 0x6c796765,
    c ^ 0x79746573,
    d ^ 0x74656462,
  );
  return { words, length: 0 };
}

/** The state after whole blocks. */
export function sipAbsorb(state: SipState, bytes: Uint8Array): SipState {
  if (bytes.length % BLOCK !== 0) throw new RangeError('a SipHash prefix has whole blocks');
  const words = new Int32Array(8);
  run(state.words, bytes, 0, bytes.length, -1, words);
  return { words, length: state.length + bytes.length };
}

/** Writes the SipHash-2-4 of the state and `bytes[from, to)` into `out`, low word first. */
export function sipFinish(
  state: SipState,
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Int32Array,
): void {
  run(state.words, bytes, from, to, (state.length + to - from) & 0xff, out);
}

/**
 * Runs the rounds over some bytes. With a length byte of 0 or more also those of the end, and `out` gets
 * the two words of the digest; else the eight words of the new state.
 */
function run(
  words: Int32Array,
  bytes: Uint8Array,
  from: number,
  to: number,
  lengthByte: number,
  out: Int32Array,
): void {
  let v0l = words[0] ?? 0;
  let v0h = words[1] ?? 0;
  let v1l = words[2] ?? 0;
  let v1h = words[3] ?? 0;
  let v2l = words[4] ?? 0;
  let v2h = words[5] ?? 0;
  let v3l = words[6] ?? 0;
  let v3h = words[7] ?? 0;
  const whole = (to - from) >>> 3;
  const steps = lengthByte < 0 ? whole : whole + 2;
  let at = from;
  // One loop for blocks, last block and end, so that the round stands here once.
  for (let step = 0; step < steps; step += 1) {
    let low = 0;
    let high = 0;
    let rounds = 2;
    if (step < whole) {
      low = wordAt(bytes, at);
      high = wordAt(bytes, at + 4);
      at += 8;
    } else if (step === whole) {
      high = lengthByte << 24;
      for (let shift = 0; at < to; at += 1, shift += 8) {
        const unit = bytes[at] as number;
        if (shift < 32) low |= unit << shift;
        else high |= unit << (shift - 32);
      }
    } else {
      v2l ^= 0xff;
      rounds = 4;
    }
    v3l ^= low;
    v3h ^= high;
    // Words of 64 bits in two halves; the carry of a sum is the top bit of its majority.
    for (let round = 0; round < rounds; round += 1) {
      // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
      let sum = (v0l + v1l) | 0;
      v0h = (v0h + v1h + (((v0l & v1l) | ((v0l | v1l) & ~sum)) >>> 31)) | 0;
      v0l = sum;
      let turned = (v1l << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
      v1l = turned ^ v0l;
      turned = v0l;
      v0l = v0h;
      v0h = turned;
      // v2 += v3; v3 <<<= 16; v3 ^= v2
      sum = (v2l + v3l) | 0;
      v2h = (v2h + v3h + (((v2l & v3l) | ((v2l | v3l) & ~sum)) >>> 31)) | 0;
      v2l = sum;
      turned = (v3l << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = turned ^ v2l;
      // v0 += v3; v3 <<<= 21; v3 ^= v0
      sum = (v0l + v3l) | 0;
      v0h = (v0h + v3h + (((v0l & v3l) | ((v0l | v3l) & ~sum)) >>> 31)) | 0;
      v0l = sum;
      turned = (v3l << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = turned ^ v0l;
      // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
      sum = (v2l + v1l) | 0;
      v2h = (v2h + v1h + (((v2l & v1l) | ((v2l | v1l) & ~sum)) >>> 31)) | 0;
      v2l = sum;
      turned = (v1l << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
      v1l = turned ^ v2l;
      turned = v2l;
      v2l = v2h;
      v2h = turned;
    }
    v0l ^= low;
    v0h ^= high;
  }
  if (lengthByte < 0) {
    out.set([v0l, v0h, v1l, v1h, v2l, v2h, v3l, v3h]);
  } else {
    out[0] = v0l ^ v1l ^ v2l ^ v3l;
    out[1] = v0h ^ v1h ^ v2h ^ v3h;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | high;
}
