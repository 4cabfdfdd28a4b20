import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveKeys, ReachHasher, suppressionDigest, tagOfReach } from '../../src/people/digests.ts';
import { sipAbsorb, sipFinish, sipInit } from '../../src/people/siphash.ts';

// The 64 vectors of the authors' reference code (veorq/SipHash, vectors.h, CC0): key 00..0f, input 00..n-1.
const VECTORS = `
310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785 b7877127e09427cf 8da699cd64557618
cee3fe586e46c9cb 37d1018bf50002ab 6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4
fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1 db9bc2577fcc2a3f 9447be2cf5e99a69
9cd38d96f0b3c14b bd6179a71dc96dbb 98eea21af25cd6be c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8
94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f a5c91da7acaa4dde 716595876650a2a6
28ef495c53a387ad 42c341d8fa92d832 ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012 ae97a10fd434e015
b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a d0a704536ba93e0e 925958fcd6420cad
a915c29bc8067318 952b79f3bc0aa6d4 f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0
51a9cb9ecba312e6 96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1 b274cb8ebf87870a 6f9bb4203de7b381
eaecb2a30b22a87f 9924a43cc1315724 bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666
e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5 724506eb4c328a95
`.trim();

const key = Uint8Array.from({ length: 16 }, (_, i) => i);

describe('SipHash-2-4', () => {
  test('gives the 64 official vectors, in one piece and after a prefix', () => {
    const vectors = VECTORS.split(/\s+/);
    expect(vectors).toHaveLength(64);
    vectors.forEach((vector, length) => {
      const input = Uint8Array.from({ length }, (_, i) => i);
      expect(finish(sipInit(key), input)).toBe(vector);
      const prefix = length & ~7;
      expect(finish(sipAbsorb(sipInit(key), input.subarray(0, prefix)), input.subarray(prefix))).toBe(vector);
    });
  });

  test('refuses a key and a prefix of another length', () => {
    expect(() => sipInit(new Uint8Array(8))).toThrow(RangeError);
    expect(() => sipAbsorb(sipInit(key), new Uint8Array(3))).toThrow(RangeError);
  });
});

function finish(state: ReturnType<typeof sipInit>, bytes: Uint8Array): string {
  const out = new Int32Array(2);
  sipFinish(state, bytes, 0, bytes.length, out);
  return Buffer.from(out.buffer).toString('hex');
}

describe('ReachHasher', () => {
  const hasher = new ReachHasher(key);
  const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));

  test('gives integers of 53 bits whose low 32 bits are the tag', () => {
    fc.assert(
      fc.property(text, text, (kind, value) => {
        const reach = hasher.reach({ kind, value });
        expect(Number.isSafeInteger(reach) && reach >= 0).toBe(true);
        expect(tagOfReach(reach)).toBe(hasher.tag({ kind, value }));
        expect(tagOfReach(reach)).toBe(Number(BigInt(reach) & 0xffffffffn));
      }),
    );
  });

  test('hashes the UTF-8 bytes among others as the value itself', () => {
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (value, before, after) => {
        const bytes = Buffer.from(`${before}${value.toWellFormed()}${after}`);
        const from = Buffer.byteLength(before);
        const to = bytes.length - Buffer.byteLength(after);
        const tag = hasher.tagOfBytes(hasher.kind('cookie'), bytes, from, to);
        expect(tag).toBe(hasher.tag({ kind: 'cookie', value }));
      }),
    );
  });

  test('hashes a long value after a short one', () => {
    const long = 'ab'.repeat(3000);
    hasher.tag({ kind: 'cookie', value: 'a' });
    const bytes = Buffer.from(long);
    expect(hasher.tag({ kind: 'cookie', value: long })).toBe(
      hasher.tagOfBytes(hasher.kind('cookie'), bytes, 0, bytes.length),
    );
  });

  test('tells kinds, keys and neighbours apart', () => {
    const digests = [
      hasher.reach({ kind: 'email', value: 'a' }),
      hasher.reach({ kind: 'phone', value: 'a' }),
      hasher.reach({ kind: 'email', value: '\0a' }),
      hasher.reach({ kind: 'email\0\0\0', value: 'a' }),
      hasher.reach({ kind: 'emaila', value: '' }),
      hasher.reach({ kind: 'email', value: '' }),
      new ReachHasher(new Uint8Array(16)).reach({ kind: 'email', value: 'a' }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  // Computed with other code: HKDF and SipHash in Python.
  test('stays the same from release to release', () => {
    const { reach } = deriveKeys(new Uint8Array(32));
    expect(new ReachHasher(reach).reach({ kind: 'email', value: 'ada@example.org' })).toBe(6872699390855382);
  });
});

describe('keys and digests', () => {
  test('one secret gives keys that differ', () => {
    const keys = deriveKeys(new Uint8Array(32).fill(7));
    const { reach, ...others } = keys;
    expect(reach).toHaveLength(16);
    for (const key of Object.values(others)) expect(key).toHaveLength(32);
    expect(
      new Set(Object.values(keys).map((part) => Buffer.from(part).toString('hex').slice(0, 32))).size,
    ).toBe(Object.keys(keys).length);
    expect(deriveKeys(new Uint8Array(32).fill(7))).toEqual(keys);
    expect(() => deriveKeys(new Uint8Array(16))).toThrow(RangeError);
  });

  test('a suppression digest is the HMAC-SHA256 of kind, NUL and value', () => {
    const digest = suppressionDigest(new Uint8Array(32), { kind: 'email', value: 'ada@example.org' });
    expect(Buffer.from(digest).toString('hex')).toBe(
      '6aa44d4073fbb563810dd9b9360d55bfe828298c5ea52b75d219d2343f8ad212',
    );
  });
});
