import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Canonical } from '../../src/base/json.ts';
import { canonicalJson } from '../../src/base/json.ts';

const ORACLE = new URL('../../../shared/data/oracle-jcs/', import.meta.url);

describe('canonical JSON', () => {
  it.each([
    [
      'sorts keys by UTF-16 units',
      { '\u20ac': 1, '\r': 2, '1': 3, '\u{1f600}': 4, ö: 5 },
      '{"\\r":2,"1":3,"ö":5,"€":1,"😀":4}',
    ],
    ['leaves out what is undefined', { b: undefined, a: null }, '{"a":null}'],
    ['writes minus zero as zero', [-0, 1, true], '[0,1,true]'],
    ['escapes as JSON does, and no more', '\u0007"/\u007f', '"\\u0007\\"/\u007f"'],
  ] as const)('%s', (_name, value, text) => {
    expect(canonicalJson(value as Canonical)).toBe(text);
  });

  it.each([[0.5], [Number.NaN], [2 ** 53], ['\ud800'], [new Date(0)], [new Map()]])('refuses %s', (value) => {
    expect(() => canonicalJson(value as unknown as Canonical)).toThrow(TypeError);
  });

  it.skipIf(!existsSync(ORACLE))('agrees with the oracle where its values are of the closed kind', () => {
    const names = readdirSync(new URL('input/', ORACLE));
    const closed = names.filter(
      (name) => !/numbers|values|arrays|structures/.test(name) || name === 'structures.json',
    );
    for (const name of closed) {
      const value = JSON.parse(readFileSync(new URL(`input/${name}`, ORACLE), 'utf8')) as Canonical;
      expect(canonicalJson(value), name).toBe(readFileSync(new URL(`output/${name}`, ORACLE), 'utf8'));
    }
  });
});
