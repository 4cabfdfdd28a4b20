import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { normaliseEmail } from '../../src/people/email.ts';
import { normaliseIp } from '../../src/people/ip.ts';

const DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));

function read(path: string): string {
  return readFileSync(`${DATA}/${path}`, 'utf8');
}

describe.skipIf(!existsSync(`${DATA}/nasty-email`))('isemail (skipped without ../shared/data)', () => {
  const usable = new Set(['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN', 'ISEMAIL_RFC5321']);
  // Where finding a person wants another answer than checking an address:
  const ours = new Set([
    // Mobile providers gave out such addresses.
    'ISEMAIL_ERR_DOT_START',
    'ISEMAIL_ERR_DOT_END',
    'ISEMAIL_ERR_CONSECUTIVEDOTS',
    // A cell keeps no blanks or line ends around an address.
    'ISEMAIL_CFWS_FWS',
    'ISEMAIL_DEPREC_FWS',
    'ISEMAIL_ERR_FWS_CRLF_END',
    'ISEMAIL_ERR_FWS_CRLF_X2',
    'ISEMAIL_ERR_CR_NO_LF',
    // Lengths are counted after needless quoting is gone; an IPv6 literal may leave out one group.
    'ISEMAIL_RFC5322_LOCAL_TOOLONG',
    'ISEMAIL_RFC5321_IPV6DEPRECATED',
    // RFC 6532 allows what the tests of 2013 do not: letters beyond ASCII in a quoted pair.
    'ISEMAIL_ERR_EXPECTING_QPAIR',
  ]);

  test.each(['tests.xml', 'tests-original.xml'])(
    '%s: what is valid is usable, what is not is not',
    (file) => {
      const cases = isemailCases(read(`nasty-email/test/${file}`));
      expect(cases.length).toBeGreaterThan(150);
      const wrong = cases.filter(
        ({ address, category }) => usable.has(category) !== (normaliseEmail(address) !== undefined),
      );
      expect(
        wrong.filter(({ address, diagnosis }) => !ours.has(diagnosis) && address === address.trim()),
      ).toEqual([]);
      for (const { address } of wrong) expect(normaliseEmail(address)).toBeDefined();
    },
  );
});

describe.skipIf(!existsSync(`${DATA}/nasty-email`))(
  'JSON Schema formats (skipped without ../shared/data)',
  () => {
    test.each([
      ['email', normaliseEmail, ['.test@example.com', 'test.@example.com', 'te..st@example.com']],
      ['idn-email', normaliseEmail, []],
      ['ipv4', normaliseIp, ['::ffff:192.168.0.1']],
      ['ipv6', normaliseIp, ['127.0.0.1']],
    ] as const)('%s, but for what the other family or a provider allows', (format, normalise, allowed) => {
      const suites = JSON.parse(read(`nasty-email/json-schema-formats/${format}.json`)) as {
        tests: { data: unknown; valid: boolean }[];
      }[];
      const cases = suites.flatMap(({ tests }) => tests);
      const wrong = cases.filter(
        ({ data, valid }) => typeof data === 'string' && valid !== (normalise(data) !== undefined),
      );
      expect(wrong.map(({ data }) => data)).toEqual(allowed);
    });
  },
);

describe.skipIf(!existsSync(`${DATA}/nasty-ip`))(
  'lists of IP addresses (skipped without ../shared/data)',
  () => {
    const addresses = (file: string) =>
      (JSON.parse(read(`nasty-ip/${file}`)) as { address: string }[]).map(({ address }) => address);

    test.each([
      'valid-ipv4-addresses.json',
      'valid-ipv6-addresses.json',
      'intermapper-valid-ipv6-addresses.json',
    ])('%s: every address is usable, prefixes and zones are not', (file) => {
      for (const address of addresses(file)) {
        expect([address, normaliseIp(address) !== undefined]).toEqual([address, !/[/%]/.test(address)]);
      }
    });

    test.each([
      'invalid-ipv4-addresses.json',
      'invalid-ipv6-addresses.json',
      'intermapper-invalid-ipv6-addresses.json',
    ])('%s: none is usable but as IPv4', (file) => {
      const usable = addresses(file).filter((address) => normaliseIp(address) !== undefined);
      expect(usable).toEqual(file === 'invalid-ipv4-addresses.json' ? [] : ['1.2.3.4']);
    });

    test('agree with the URL standard on the canonical form', () => {
      for (const address of addresses('valid-ipv6-addresses.json').filter((text) => !/[/%]/.test(text))) {
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        // Only the mapped ones differ: they become IPv4.
        const mapped = canonical.startsWith('::ffff:') && canonical.split(':').length === 5;
        if (!mapped) expect(normaliseIp(address)).toBe(canonical);
      }
    });
  },
);

interface IsemailCase {
  readonly address: string;
  readonly category: string;
  readonly diagnosis: string;
}

function isemailCases(xml: string): IsemailCase[] {
  return [...xml.matchAll(/<test id="\d+">([\s\S]*?)<\/test>/g)].map(([, body = '']) => ({
    address: unescapeXml(memberOf(body, 'address')),
    category: memberOf(body, 'category'),
    diagnosis: memberOf(body, 'diagnosis'),
  }));
}

function memberOf(body: string, name: string): string {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(body)?.[1] ?? '';
}

/** Undoes XML escapes, and the symbols that the file writes for control characters. */
function unescapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', apos: "'", amp: '&' };
  return text
    .replace(/&#x([0-9A-Fa-f]+);/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&(quot|lt|gt|apos|amp);/g, (_, name: string) => named[name] ?? '')
    .replace(/[\u2400-\u2421]/g, (symbol) =>
      symbol === '\u2421' ? '\x7f' : String.fromCharCode(symbol.charCodeAt(0) - 0x2400),
    );
}
