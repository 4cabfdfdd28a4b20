import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Aegis256 } from '../../../src/evidence/prove/cipher.ts';
import { newImage, PageCipher } from '../../../src/evidence/prove/pages.ts';

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function hexOf(words: Uint32Array): string {
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('hex');
}

describe('AEGIS-256', () => {
  test('the first vector of draft-irtf-cfrg-aegis-aead', () => {
    const key = wordsOf(Buffer.from('1001'.padEnd(64, '0'), 'hex'));
    const nonce = wordsOf(Buffer.from('100002'.padEnd(64, '0'), 'hex'));
    const message = new Uint32Array(4);
    const aegis = new Aegis256();
    aegis.start(key, nonce);
    aegis.encrypt(message, 0, 4);
    expect(hexOf(message)).toBe('754fc3d8c973246dcc6d741412a4b236');
    expect(hexOf(aegis.tag(4))).toBe('1181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13');
  });

  test('deciphers what it ciphered, whole blocks or not, with the same tag', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(70), (secret, length) => {
        const [key, nonce] = [wordsOf(secret).subarray(0, 8), wordsOf(secret).subarray(8)];
        const plain = wordsOf(randomBytes(4 * length));
        const words = plain.slice();
        const aegis = new Aegis256();
        aegis.start(key, nonce);
        aegis.encrypt(words, 0, length);
        const tag = aegis.tag(length);
        aegis.start(key, nonce);
        aegis.decrypt(words, 0, length);
        expect(words).toEqual(plain);
        expect(aegis.tag(length)).toEqual(tag);
      }),
    );
  });
});

describe('a page', () => {
  test('opens under its own number and key alone, and with each bit as it was', () => {
    const cipher = new PageCipher('ab'.repeat(32));
    const image = newImage(512);
    randomBytes(512).copy(image.bytes);
    cipher.close(image, 7);
    const closed = Buffer.from(image.bytes);
    const opens = (opener: PageCipher, page: number, bytes: Buffer) => {
      const copy = newImage(512);
      bytes.copy(copy.bytes);
      return opener.open(copy, page);
    };
    expect(opens(cipher, 7, closed)).toBe(true);
    expect(opens(cipher, 8, closed)).toBe(false);
    expect(opens(new PageCipher('ac'.repeat(32)), 7, closed)).toBe(false);
    for (let at = 0; at < 512; at += 1) {
      const changed = Buffer.from(closed);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      expect(opens(cipher, 7, changed)).toBe(false);
    }
  });
});
