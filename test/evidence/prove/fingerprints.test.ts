import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import {
  type FingerprintValue,
  fingerprintValues,
  joinFingerprints,
  MAX_PATTERNS,
  MAX_VALUES,
} from '../../../src/evidence/prove/fingerprints.ts';
import { foldWord, searchKeys, wordAt } from '../../../src/evidence/prove/keyed-hash.ts';
import {
  type Coverage,
  type Fingerprints,
  openFingerprints,
} from '../../../src/evidence/prove/packed-list.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const keys = searchKeys(key);
const identifier = (text: string, name = 'user_id'): FingerprintValue => ({ kind: 'identifier', name, text });
const value = (text: string): FingerprintValue => ({ kind: 'value', text });

function coverageOf(...values: readonly FingerprintValue[]): Coverage {
  return openFingerprints(keys, fingerprintValues(key, values)).coverage;
}

describe('what is looked for', () => {
  test.each<[sentence: string, value: FingerprintValue, coverage: Partial<Coverage>]>([
    ['an identifier of five bytes is searched as bytes', identifier('bruno'), { searched: 1 }],
    ['one of four as a field alone', identifier('anna'), { fieldsOnly: 1 }],
    ['a number of eight digits as a field alone', identifier('12345678'), { fieldsOnly: 1 }],
    ['one of nine as bytes', identifier('123456789'), { searched: 1 }],
    ['one of two different characters as a field alone', identifier('aaabbb'), { fieldsOnly: 1 }],
    ['a value of eight bytes is searched', value('Lisbon 1'), { searched: 1 }],
    ['a value of seven does not count', value('Lisbon1'), {}],
    ['bytes count, not letters', value('陈小伟'), { searched: 1 }],
    ['a short number is left out', value('20240131'), { leftOut: 1 }],
    ['a line of dashes is left out', value('-'.repeat(40)), { leftOut: 1 }],
  ])('%s', (_, what, coverage) => {
    expect(coverageOf(what)).toEqual({ searched: 0, fieldsOnly: 0, leftOut: 0, ...coverage });
  });

  test('the same text counts once, whatever it is', () => {
    const same = [identifier('bruno@example.org'), identifier('bruno@example.org', 'email')];
    expect(coverageOf(...same, value('bruno@example.org'))).toEqual({
      searched: 1,
      fieldsOnly: 0,
      leftOut: 0,
    });
    expect(coverageOf(identifier('42'), identifier('42'), identifier('42', 'username')).fieldsOnly).toBe(2);
  });

  test('of too many values the longest are kept, and every identifier', () => {
    const many = Array.from({ length: MAX_VALUES + 5 }, (_, i) => value(`value no. ${i}`));
    const coverage = coverageOf(...many, value('the longest of all values'), identifier('bruno'));
    expect(coverage).toEqual({ searched: MAX_VALUES + 1, fieldsOnly: 0, leftOut: 6 });
  });

  test('values that are written in many ways are kept as long as there is room, and the rest is counted', () => {
    const many = Array.from({ length: 1000 }, (_, i) => value(`Größe „${i}“: „schön“, sagte "sie"`));
    const { coverage, patterns } = openFingerprints(keys, fingerprintValues(key, many));
    expect(patterns.length).toBeLessThanOrEqual(MAX_PATTERNS);
    expect(patterns.length).toBeGreaterThan(MAX_PATTERNS * 0.99);
    expect(coverage.searched).toBeGreaterThan(100);
    expect(coverage.searched + coverage.leftOut).toBe(1000);
  });
});

describe('a packed list', () => {
  const values = [identifier('bruno@example.org'), identifier('42'), value('Rua das Flores 12, Lisboa')];
  const packed = fingerprintValues(key, values);

  test('is the same for the same values, and another under another key', () => {
    expect(fingerprintValues(key, values)).toEqual(packed);
    expect(fingerprintValues(new Uint8Array(32), values)).not.toEqual(packed);
    expect(() => openFingerprints(searchKeys(new Uint8Array(32)), packed)).toThrow(UserError);
  });

  test('names no value, and looks like noise', () => {
    const text = Buffer.from(packed).toString('latin1').toLowerCase();
    for (const one of ['bruno', 'example', 'flores', 'lisboa']) expect(text).not.toContain(one);
    // Filters, tags and lengths of like values would stand in it twice.
    const pieces = Array.from({ length: packed.length - 6 }, (_, i) => text.slice(i, i + 7));
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  test('is refused with any byte changed, added or missing', () => {
    for (let at = 0; at < packed.length; at += 7) {
      const changed = packed.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => openFingerprints(keys, changed)).toThrow(/damaged/);
    }
    expect(() => openFingerprints(keys, packed.subarray(0, -1))).toThrow(/damaged/);
    expect(() => openFingerprints(keys, new Uint8Array())).toThrow(/damaged/);
    expect(() => openFingerprints(keys, Buffer.concat([packed, Buffer.of(0)]))).toThrow(/damaged/);
  });

  test('of two erasures holds each pattern once', () => {
    const second = fingerprintValues(key, [
      ...values.slice(0, 2),
      identifier('carla'),
      value('Largo do Carmo'),
    ]);
    const joined = openFingerprints(keys, joinFingerprints(key, [packed, second, packed]));
    const all = fingerprintValues(key, [...values, identifier('carla'), value('Largo do Carmo')]);
    const alone = openFingerprints(keys, all);
    const digests = ({ patterns }: Fingerprints) =>
      Array.from(patterns, ({ part, digest }) => `${part} ${Buffer.from(digest).toString('hex')}`).sort();
    expect(digests(joined)).toEqual(digests(alone));
    const numbers = new Set(Array.from(joined.patterns, (pattern) => pattern.value));
    expect([...numbers]).toEqual([undefined, 0, 2]);
    expect(joined.fields).toEqual(alone.fields);
  });
});

test('case is folded in a word as in its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
      const folded = bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
      expect(foldWord(wordAt(bytes, 0))).toBe(wordAt(folded, 0));
    }),
    { examples: [[Buffer.from('@AZ[')], [Buffer.from('`az{')], [Buffer.of(0xc1, 0xda, 0x41, 0x5a)]] },
  );
});
