import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { normalise } from '../../src/people/normalise.ts';
import type { IdentifierKind } from '../../src/policy/types.ts';

const kind = (form: IdentifierKind['normalise'], country?: string): IdentifierKind => ({
  name: form,
  strength: 'contact',
  normalise: form,
  ...(country === undefined ? {} : { country }),
});

type Case = readonly [name: string, raw: Json, expected: string | undefined];

const FORMS: readonly (readonly [IdentifierKind, readonly Case[]])[] = [
  [
    kind('verbatim'),
    [
      ['text stays as it is', ' Ab\u0301C ', ' Ab\u0301C '],
      ['a number becomes its decimal text', 42, '42'],
      ['zero is a value', 0, '0'],
      ['a fraction keeps its digits', 1.5, '1.5'],
      ['an integer that may have been rounded is not usable', 2 ** 53, undefined],
      ['a number that needs an exponent is not usable', 1e-9, undefined],
      ['empty text is not usable', '', undefined],
      ['blank text is not usable', ' \t', undefined],
      ['null is not usable', null, undefined],
      ['a boolean is not usable', true, undefined],
      ['an object is not usable', { a: 1 }, undefined],
      ['a stray surrogate is not usable', 'a\ud800', undefined],
    ],
  ],
  [
    kind('fold-case'),
    [
      ['case and blanks around go', ' AdaL ', 'adal'],
      ['full width becomes plain', 'ＡＤＡ', 'ada'],
      ['a ligature comes apart', 'ﬁna', 'fina'],
      ['composed and decomposed are one', 'JOSE\u0301', 'jos\u00e9'],
      ['blank text is not usable', '\u3000', undefined],
    ],
  ],
  [
    kind('email'),
    [
      ['case and blanks around go', ' Ada.Lovelace@Example.ORG\n', 'ada.lovelace@example.org'],
      ['plus tags and dots stay', 'a.da+list@gmail.com', 'a.da+list@gmail.com'],
      ['dots may stand anywhere, as some providers let them', 'a..b.@docomo.example', 'a..b.@docomo.example'],
      ['an international domain becomes ASCII', 'ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
      ['its ASCII form is the same', 'ada@XN--BCHER-kva.example', 'ada@xn--bcher-kva.example'],
      ['other full stops are dots', 'ada@bücher。example', 'ada@xn--bcher-kva.example'],
      [
        'an international local part is composed and folded',
        'JOSE\u0301@example.org',
        'jos\u00e9@example.org',
      ],
      ['needless quotes go', '"Ada\\.L"@example.org', 'ada.l@example.org'],
      ['needed quotes stay', '"Ada L"@example.org', '"ada l"@example.org'],
      ['an at sign may stand in quotes', '"a@b"@example.org', '"a@b"@example.org'],
      ['a host without a dot is an address', 'root@localhost', 'root@localhost'],
      ['an address literal is canonical', 'ada@[IPv6:2001:DB8::0:1]', 'ada@[ipv6:2001:db8::1]'],
      ['an IPv4 literal too', 'ada@[192.0.2.1]', 'ada@[192.0.2.1]'],
      ['two at signs are not usable', 'a@b@example.org', undefined],
      ['no at sign is not usable', 'example.org', undefined],
      ['no local part is not usable', '@example.org', undefined],
      ['no domain is not usable', 'ada@', undefined],
      ['a display name is not usable', 'Ada <ada@example.org>', undefined],
      ['two addresses are not usable', 'a@example.org, b@example.org', undefined],
      ['a comment is not usable', 'ada(home)@example.org', undefined],
      ['a path after the domain is not usable', 'ada@exämple.org/x', undefined],
      ['a final dot is not usable', 'ada@example.org.', undefined],
      ['a label that begins with a hyphen is not usable', 'ada@-example.org', undefined],
      ['a local part of 65 bytes is not usable', `${'a'.repeat(65)}@example.org`, undefined],
      ['one of 64 bytes is', `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
      ['a label of 64 bytes is not usable', `ada@${'a'.repeat(64)}.org`, undefined],
      ['an address of 255 bytes is not usable', `a@${'abcdefghi.'.repeat(25)}org`, undefined],
      ['a NUL is not usable', 'a\0da@example.org', undefined],
    ],
  ],
  [
    kind('phone', 'US'),
    [
      ['a national number gets the country', '(415) 555-0100', '+14155550100'],
      ['a number too', 4155550100, '+14155550100'],
      ['the national prefix goes', '1 415 555 0100', '+14155550100'],
      ['an extension goes', '415.555.0100 ext. 12', '+14155550100'],
      ['another country may be given', '+49 (0)30 1234567', '+49301234567'],
      ['so may an international prefix', '011 44 20 7946 0958', '+442079460958'],
      ['too short is not usable', '555-0100', undefined],
      ['text is not usable', 'none', undefined],
      ['text around a number is not usable', 'call 415 555 0100', undefined],
    ],
  ],
  [
    kind('phone'),
    [
      ['without a country the code has to be there', '+1 415-555-0100', '+14155550100'],
      ['else it is not usable', '415-555-0100', undefined],
    ],
  ],
  [
    kind('ip'),
    [
      ['IPv4 stays', '192.0.2.1', '192.0.2.1'],
      ['IPv6 becomes short and lower case', '2001:0DB8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
      ['one zero group stays', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['of two long runs the first is left out', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['of two runs the longer is left out', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
      ['nothing but zeros is two colons', '0:0:0:0:0:0:0:0', '::'],
      ['a mapped address is IPv4', '::FFFF:192.0.2.1', '192.0.2.1'],
      ['also in hex', '::ffff:c000:201', '192.0.2.1'],
      ['an old compatible address is IPv6', '::192.0.2.1', '::c000:201'],
      ['a leading zero is not usable', '192.0.2.01', undefined],
      ['a port is not usable', '192.0.2.1:80', undefined],
      ['brackets are not usable', '[2001:db8::1]', undefined],
      ['a prefix is not usable', '2001:db8::/32', undefined],
      ['a zone is not usable', 'fe80::1%eth0', undefined],
      ['a number is not usable', 3221225985, undefined],
      ['blanks around are not usable', ' 192.0.2.1', undefined],
    ],
  ],
];

for (const [form, cases] of FORMS) {
  describe(form.country === undefined ? form.name : `${form.name} in ${form.country}`, () => {
    test.each(cases)('%s', (_name, raw, expected) => {
      expect(normalise(form, raw)).toBe(expected);
    });
  });
}

describe('normalise', () => {
  const word = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
  const digits = fc.stringMatching(/^[+(]{0,2}[0-9 ().-]{5,20}( ?x ?[0-9]{1,4})?$/);
  const hosts = fc.oneof(
    fc.domain(),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((label) => `${label}.example`),
  );
  const raws = fc.oneof(
    word,
    fc.tuple(word, hosts).map(([local, host]) => `${local}@${host}`),
    fc.tuple(word, hosts).map(([local, host]) => `"${local}"@${host}`),
    fc.emailAddress(),
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4().map((ip) => `::ffff:${ip}`),
    digits,
    fc.integer(),
    fc.double(),
    fc.constantFrom('ϴ', 'İ', 'ẞ', 'Σς', '\u212a', '\u1e9e@example.org', '\u0130@example.org'),
  );

  test('changes nothing the second time', () => {
    const forms = [
      ...FORMS.map(([form]) => form),
      kind('phone', 'DE'),
      kind('phone', 'AR'),
      kind('phone', 'BR'),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...forms), raws, (form, raw) => {
        const once = normalise(form, raw);
        if (once !== undefined) expect(normalise(form, once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test('folds every letter of the basic plane to something stable', () => {
    const form = kind('fold-case');
    for (let unit = 0x80; unit < 0xd800; unit += 1) {
      const once = normalise(form, `a${String.fromCharCode(unit)}b`) ?? '';
      expect(normalise(form, once)).toBe(once);
    }
  });

  test('reads a North American number as the library does', () => {
    const number = fc.stringMatching(/^(\+1[ .-]?)?(\([2-9]\d\d\) ?|[2-9]\d\d[ .-]?)\d{3}[ .-]?\d{4}$/);
    fc.assert(
      fc.property(number, (text) => {
        // An extension keeps the quick way from being taken.
        expect(normalise(kind('phone', 'US'), text)).toBe(normalise(kind('phone', 'US'), `${text} x7`));
      }),
      { numRuns: 300 },
    );
  });
});
