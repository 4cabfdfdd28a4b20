import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createDecoder,
  findTextFault,
  isTooLong,
  MAX_RECORD_BYTES,
  renderRaw,
} from '../../src/formats/text.ts';
import type { Encoding } from '../../src/policy/types.ts';

function decode(bytes: Buffer, encoding: Encoding, chunkSize = 1000): string {
  const decoder = createDecoder(encoding);
  let text = '';
  for (let at = 0; at < bytes.length; at += chunkSize)
    text += decoder.decode(bytes.subarray(at, at + chunkSize));
  return text + decoder.end();
}

function utf16(text: string, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

const anyText = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.startsWith('\ufeff'));
const anyChunk = fc.integer({ min: 1, max: 9 });

describe('createDecoder', () => {
  it('gives any text back, whatever the chunks, with and without a byte order mark', () => {
    fc.assert(
      fc.property(anyText, anyChunk, (text, size) => {
        expect(decode(Buffer.from(text), 'utf-8', size)).toBe(text);
        expect(decode(Buffer.from(`\ufeff${text}`), 'utf-8', size)).toBe(text);
        expect(decode(utf16(`\ufeff${text}`, false), 'utf-16', size)).toBe(text);
        expect(decode(utf16(`\ufeff${text}`, true), 'utf-16', size)).toBe(text);
      }),
    );
  });

  it('knows the order of UTF-16 without a mark by the first character', () => {
    expect(decode(utf16('id,né', false), 'utf-16')).toBe('id,né');
    expect(decode(utf16('id,né', true), 'utf-16')).toBe('id,né');
  });

  it('reads latin1 as MySQL and browsers do', () => {
    expect(decode(Buffer.from([0x63, 0xe9, 0x80, 0x93, 0x81]), 'latin1')).toBe('cé€“\u0081');
  });

  it('never replaces bytes that are no UTF-8: they are found, and can be shown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), anyChunk, (array, size) => {
        const bytes = Buffer.from(array);
        const text = decode(bytes, 'utf-8', size);
        const isValid = bytes.equals(Buffer.from(bytes.toString('utf8')));
        expect(text.isWellFormed()).toBe(isValid);
        expect(renderRaw(text).isWellFormed()).toBe(true);
        expect(text).toBe(decode(bytes, 'utf-8'));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a byte of latin1', [0x61, 0xe9, 0x62], 'a\\xe9b'],
    ['a character cut off at the end', [0x61, 0xe2, 0x82], 'a\\xe2\\x82'],
    ['an overlong form', [0xc0, 0xaf], '\\xc0\\xaf'],
    ['half a surrogate pair', [0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    ['a NUL', [0x61, 0, 0x62], 'a\\x00b'],
  ])('shows %s', (_, bytes, shown) => {
    const text = decode(Buffer.from(bytes), 'utf-8', 1);
    expect(findTextFault(text, 'utf-8')).toBe(bytes.includes(0) ? 'NUL byte' : 'broken utf-8');
    expect(renderRaw(text)).toBe(shown);
  });

  it('finds half a character and an odd byte in UTF-16', () => {
    const half = decode(utf16('\ufeffa\ud800b', false), 'utf-16', 1);
    expect([findTextFault(half, 'utf-16'), renderRaw(half)]).toEqual(['broken utf-16', 'a\\ud800b']);
    const odd = decode(Buffer.concat([utf16('\ufeffab', true), Buffer.from([0])]), 'utf-16', 3);
    expect(findTextFault(odd, 'utf-16')).toBe('broken utf-16');
  });
});

describe('isTooLong', () => {
  it('counts UTF-8 bytes', () => {
    expect(isTooLong('x'.repeat(MAX_RECORD_BYTES))).toBe(false);
    expect(isTooLong('x'.repeat(MAX_RECORD_BYTES + 1))).toBe(true);
    expect(isTooLong('é'.repeat(MAX_RECORD_BYTES / 2))).toBe(false);
    expect(isTooLong('é'.repeat(MAX_RECORD_BYTES / 2 + 1))).toBe(true);
  });
});
