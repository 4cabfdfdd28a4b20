/**
 * AEGIS-256 (draft-irtf-cfrg-aegis-aead) over whole pages, for the prover alone: `node:crypto` does not have it.
 * Words are little endian, as on every machine that Node runs on.
 */

const BLOCK_WORDS = 4;
const STATE_WORDS = 6 * BLOCK_WORDS;

/** C0 and C1 of the draft, §3.2. */
const CONSTANTS = Int32Array.of(
  0x02010100,
  0x0d080503,
  0x59372215,
  0x6279e990,
  0x55183ddb,
  0xf12fc26d,
  0x42311120,
  0xdd28b573,
);

/** What SubBytes and MixColumns of AES (FIPS 197 §5.1) make of a byte in each row of a column. */
const [T0, T1, T2, T3] = roundTables();

function roundTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = Int32Array.from(substitutions(), (byte) => {
    const twice = double(byte);
    return twice | (byte << 8) | (byte << 16) | ((twice ^ byte) << 24);
  });
  const turned = (bits: number) => first.map((word) => (word << bits) | (word >>> (32 - bits)));
  return [first, turned(8), turned(16), turned(24)];
}

/** The S-box of AES: the inverse in GF(2^8), then the affine map. */
function substitutions(): Uint8Array {
  const box = new Uint8Array(256).fill(0x63, 0, 1);
  const turn = (byte: number, bits: number) => ((byte << bits) | (byte >> (8 - bits))) & 0xff;
  // Powers of 3 and of its inverse meet every byte but 0 with its own inverse.
  for (let power = 1, inverse = 1, count = 0; count < 255; count += 1) {
    const mixed = [1, 2, 3, 4].reduce((sum, bits) => sum ^ turn(inverse, bits), inverse);
    box[power] = mixed ^ 0x63;
    power ^= double(power);
    inverse = divideByThree(inverse);
  }
  return box;
}

function double(byte: number): number {
  return ((byte << 1) ^ ((byte & 0x80) === 0 ? 0 : 0x11b)) & 0xff;
}

function divideByThree(byte: number): number {
  let quotient = byte;
  for (const bits of [1, 2, 4]) quotient ^= (quotient << bits) & 0xff;
  return (quotient & 0x80) === 0 ? quotient : quotient ^ 0x09;
}

/** One message after the other under a key and nonce of eight words each. */
export class Aegis256 {
  readonly #state = new Int32Array(STATE_WORDS);
  readonly #stream = new Int32Array(BLOCK_WORDS);

  /** Begins a message. */
  start(key: Uint32Array, nonce: Uint32Array): void {
    const mixed = key.map((word, at) => word ^ (nonce[at] as number));
    for (let at = 0; at < BLOCK_WORDS; at += 1) {
      this.#state[at] = mixed[at] as number;
      this.#state[4 + at] = mixed[4 + at] as number;
      this.#state[8 + at] = CONSTANTS[4 + at] as number;
      this.#state[12 + at] = CONSTANTS[at] as number;
      this.#state[16 + at] = (key[at] as number) ^ (CONSTANTS[at] as number);
      this.#state[20 + at] = (key[4 + at] as number) ^ (CONSTANTS[4 + at] as number);
    }
    for (let round = 0; round < 4; round += 1) {
      for (const words of [key, mixed]) {
        this.#update(words[0] as number, words[1] as number, words[2] as number, words[3] as number);
        this.#update(words[4] as number, words[5] as number, words[6] as number, words[7] as number);
      }
    }
  }

  /** Encrypts `words[from, to)` in place; the last block may be part of one. */
  encrypt(words: Uint32Array, from: number, to: number): void {
    this.#apply(words, from, to, true);
  }

  /** Decrypts `words[from, to)` in place; the last block may be part of one. */
  decrypt(words: Uint32Array, from: number, to: number): void {
    this.#apply(words, from, to, false);
  }

  /** The tag of 32 bytes over a message of so many words, as eight words; ends the message. */
  tag(words: number): Uint32Array {
    const s = this.#state;
    const bits = words * 32;
    const [m0, m1, m2, m3] = [s[12] as number, s[13] as number, (s[14] as number) ^ bits, s[15] as number];
    for (let round = 0; round < 7; round += 1) this.#update(m0, m1, m2, m3);
    return Uint32Array.from({ length: 8 }, (_, at) => {
      const base = at < BLOCK_WORDS ? at : 8 + at;
      return (s[base] as number) ^ (s[base + 4] as number) ^ (s[base + 8] as number);
    });
  }

  #apply(words: Uint32Array, from: number, to: number, isPlain: boolean): void {
    for (let at = from; at < to; at += BLOCK_WORDS) {
      this.#nextStream();
      const count = Math.min(BLOCK_WORDS, to - at);
      const plain = [0, 0, 0, 0] as [number, number, number, number];
      for (let i = 0; i < count; i += 1) {
        const before = words[at + i] as number;
        const after = before ^ (this.#stream[i] as number);
        words[at + i] = after;
        plain[i] = isPlain ? before : after;
      }
      this.#update(...plain);
    }
  }

  #nextStream(): void {
    const s = this.#state;
    for (let at = 0; at < BLOCK_WORDS; at += 1) {
      const both = (s[8 + at] as number) & (s[12 + at] as number);
      this.#stream[at] = (s[4 + at] as number) ^ (s[16 + at] as number) ^ (s[20 + at] as number) ^ both;
    }
  }

  /** Each block of the state becomes a round of AES of the one before it, with itself as the key. */
  #update(m0: number, m1: number, m2: number, m3: number): void {
    const s = this.#state;
    let a0 = s[20] as number;
    let a1 = s[21] as number;
    let a2 = s[22] as number;
    let a3 = s[23] as number;
    for (let at = 0; at < STATE_WORDS; at += BLOCK_WORDS) {
      const x0 = s[at] as number;
      const x1 = s[at + 1] as number;
      const x2 = s[at + 2] as number;
      const x3 = s[at + 3] as number;
      s[at] = column(a0, a1, a2, a3) ^ x0;
      s[at + 1] = column(a1, a2, a3, a0) ^ x1;
      s[at + 2] = column(a2, a3, a0, a1) ^ x2;
      s[at + 3] = column(a3, a0, a1, a2) ^ x3;
      a0 = x0;
      a1 = x1;
      a2 = x2;
      a3 = x3;
    }
    s[0] = (s[0] as number) ^ m0;
    s[1] = (s[1] as number) ^ m1;
    s[2] = (s[2] as number) ^ m2;
    s[3] = (s[3] as number) ^ m3;
  }
}

/** A column of a round of AES before its key: ShiftRows takes each row from another column. */
function column(a: number, b: number, c: number, d: number): number {
  return (
    (T0[a & 0xff] as number) ^
    (T1[(b >>> 8) & 0xff] as number) ^
    (T2[(c >>> 16) & 0xff] as number) ^
    (T3[d >>> 24] as number)
  );
}
