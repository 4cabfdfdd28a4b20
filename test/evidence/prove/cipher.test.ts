import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chacha20, poly1305, word128 } from '../../../src/evidence/prove/cipher.ts';

/** RFC 8439 §2.4.2. */
const RFC_TEXT =
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";

describe('ChaCha20', () => {
  test('the example of RFC 8439 §2.4.2', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i);
    const words = wordsOf(Buffer.from(RFC_TEXT.padEnd(116, '\0')));
    chacha20(
      words,
      0,
      words.length,
      wordsOf(key),
      1,
      wordsOf(Buffer.from('000000000000004a00000000', 'hex')),
    );
    const text = Buffer.from(words.buffer).subarray(0, RFC_TEXT.length).toString('hex');
    expect(text).toMatch(/^6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab/);
    expect(text).toMatch(/5af90bbf74a35be6b40b8eedf2785e42874d$/);
  });

  test('is what OpenSSL makes, from any block on', () => {
    for (let round = 0; round < 50; round += 1) {
      const [key, nonce, text] = [randomBytes(32), randomBytes(12), randomBytes(4 * round + 4)];
      const words = wordsOf(text);
      chacha20(words, 0, words.length, wordsOf(key), round, wordsOf(nonce));
      expect(Buffer.from(words.buffer)).toEqual(openssl(key, nonce, round, text));
    }
  });

  test('counts blocks in 32 bits as the driver does, where OpenSSL would change the nonce', () => {
    const [key, nonce, text] = [randomBytes(32), randomBytes(12), Buffer.alloc(128)];
    const words = wordsOf(text);
    chacha20(words, 0, words.length, wordsOf(key), 0xffffffff, wordsOf(nonce));
    const first = openssl(key, nonce, 0xffffffff, text.subarray(64));
    expect(Buffer.from(words.buffer)).toEqual(
      Buffer.concat([first, openssl(key, nonce, 0, text.subarray(64))]),
    );
  });
});

describe('Poly1305', () => {
  test('is the tag that OpenSSL gives to what it authenticates', () => {
    for (let blocks = 0; blocks < 100; blocks += 1) {
      const [key, nonce, text] = [randomBytes(32), randomBytes(12), randomBytes(16 * blocks)];
      expect(tagOf(key, nonce, text)).toBe(opensslTag(key, nonce, text));
    }
  });

  test('carries through words of nothing but ones', () => {
    for (let round = 0; round < 20; round += 1) {
      const [key, nonce] = [randomBytes(32), randomBytes(12)];
      const text = Buffer.alloc(16 * 40, 0xff);
      expect(tagOf(key, nonce, text)).toBe(opensslTag(key, nonce, text));
    }
  });
});

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function openssl(key: Buffer, nonce: Buffer, counter: number, text: Buffer): Buffer {
  const start = Buffer.alloc(16);
  start.writeUInt32LE(counter);
  nonce.copy(start, 4);
  return createCipheriv('chacha20', key, start).update(text);
}

/** RFC 8439 §2.8 with the text as additional data: its tag is over the text and two lengths. */
function tagOf(key: Buffer, nonce: Buffer, text: Buffer): bigint {
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(BigInt(text.length));
  const once = new Uint32Array(16);
  chacha20(once, 0, 16, wordsOf(key), 0, wordsOf(nonce));
  const words = wordsOf(Buffer.concat([text, lengths]));
  return poly1305(words, words.length, once);
}

function opensslTag(key: Buffer, nonce: Buffer, text: Buffer): bigint {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAAD(text, { plaintextLength: 0 });
  cipher.final();
  return word128(wordsOf(cipher.getAuthTag()), 0);
}
