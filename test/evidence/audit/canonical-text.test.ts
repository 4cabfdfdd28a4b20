import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Canonical, canonicalJson } from '../../../src/base/json.ts';
import { isCanonicalText } from '../../../src/evidence/audit/canonical-text.ts';
import { isPlainLeaf, listLeafFaults } from '../../../src/evidence/audit/leaf-form.ts';

const { tie: anyValue } = fc.letrec<{ tie: Canonical }>((tie) => ({
  tie: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('tie'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('tie'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('what the writer writes is canonical', () => {
  fc.assert(fc.property(anyValue, (value) => isCanonicalText(canonicalJson(value))));
});

test('of all texts for a value, the one that the writer writes is the only canonical one', () => {
  fc.assert(
    fc.property(
      anyValue,
      fc.nat(),
      fc.constantFrom(' ', '\n', '0', '-', '.', '\\', '"', ',', 'e'),
      (value, at, more) => {
        const text = canonicalJson(value);
        const place = at % (text.length + 1);
        for (const other of [
          text.slice(0, place) + more + text.slice(place),
          text.slice(0, place) + text.slice(place + 1),
          text.slice(0, place) + more + text.slice(place + 1),
        ])
          if (isCanonicalText(other)) expect(canonicalJson(JSON.parse(other) as Canonical)).toBe(other);
      },
    ),
    { numRuns: 500 },
  );
});

describe('canonical', () => {
  test.each([
    ['names by UTF-16 code units', '{"10":1,"2":2,"\u20ac":3,"\ud83e\udd8a":4,"\ufb33":5}'],
    [
      'names that take escapes',
      '{"\\n":1,"\\"":2,"a":3,"\\\\":4}'.replace('"a":3,"\\\\":4', '"\\\\":4,"a":3'),
    ],
    ['controls in their short form, or as \\u00xx', '"\\b\\t\\n\\f\\r\\u0000\\u001f\\u000b"'],
    ['a delete character verbatim', '"\u007f"'],
    ['the largest number', '9007199254740991'],
    ['the smallest number', '-9007199254740991'],
  ])('%s', (_name, text) => {
    expect(isCanonicalText(text)).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['two values', '1 2'],
    ['a value and more', '1x'],
    ['names out of order', '{"b":1,"a":2}'],
    ['a name twice', '{"a":1,"a":1}'],
    ['a name twice, once with an escape', '{"a":1,"\\u0061":1}'],
    ['names by code points', '{"\ufb33":5,"\ud83e\udd8a":4}'],
    ['a comma too many', '[1,]'],
    ['a comma before the first', '{,"a":1}'],
    ['a list that does not end', '[1'],
    ['a map that does not end', '{"a":1'],
    ['a name without value', '{"a"}'],
    ['a name that is no string', '{1:1}'],
    ['a string that does not end', '"a'],
    ['a control in its long form', '"\\u000a"'],
    ['a control in capitals', '"\\u001F"'],
    ['a letter as an escape', '"\\u0061"'],
    ['half a character as an escape', '"\\ud800"'],
    ['a solidus as an escape', '"\\/"'],
    ['a raw control', '"\u0001"'],
    ['a number past 2^53', '9007199254740992'],
    ['zero with a sign', '-0'],
    ['a number with a plus', '+1'],
    ['a leading zero', '01'],
    ['a fraction', '1.5'],
    ['an exponent', '1e3'],
    ['a word that is none', 'nul'],
    ['lists past all depth', `${'['.repeat(40)}${']'.repeat(40)}`],
  ])('not %s', (_name, text) => {
    expect(isCanonicalText(text)).toBe(false);
  });

  test('a text of any length, without end of the stack', () => {
    expect(isCanonicalText(`"${'\\n'.repeat(3_000_000)}"`)).toBe(true);
    expect(isCanonicalText('['.repeat(3_000_000))).toBe(false);
  });
});

test('an entry that is taken as plain has no fault', () => {
  const plain = {
    act: 'request.opened',
    actor: 'Ada é',
    at: '2026-01-01T00:00:00Z',
    facts: { applied: [{ count: 2, source: 'users' }], count: 1 },
    login: 'ada',
    reason: 'letter',
    request: 7,
    seq: 12,
    subject: 'ab'.repeat(32),
    sudo: 'root',
    v: 1,
  };
  const text = canonicalJson(plain);
  expect([isPlainLeaf(text, 12), listLeafFaults(text, 12)]).toEqual([true, []]);
  const change = fc.tuple(fc.nat({ max: text.length - 1 }), fc.string({ unit: 'binary', maxLength: 2 }));
  fc.assert(
    fc.property(change, fc.nat({ max: 3 }), fc.integer({ min: 11, max: 13 }), ([at, more], gone, seq) => {
      const changed = text.slice(0, at) + more + text.slice(at + gone);
      if (isPlainLeaf(changed, seq)) expect(listLeafFaults(changed, seq)).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
