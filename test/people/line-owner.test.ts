import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogScanner } from '../../src/formats/log-scanner.ts';
import { ReachHasher } from '../../src/people/digests.ts';
import { type LineOwner, LineOwners } from '../../src/people/line-owner.ts';
import { normalise } from '../../src/people/normalise.ts';
import { isPlain, plainRule } from '../../src/people/plain.ts';
import type { IdentifierKind, LogSource } from '../../src/policy/types.ts';

const KINDS: readonly IdentifierKind[] = [
  { name: 'user_id', strength: 'account', normalise: 'verbatim' },
  { name: 'username', strength: 'account', normalise: 'fold-case' },
  { name: 'email', strength: 'contact', normalise: 'email' },
  { name: 'phone', strength: 'contact', normalise: 'phone' },
  { name: 'cookie', strength: 'device', normalise: 'verbatim' },
  { name: 'ip', strength: 'network', normalise: 'ip' },
];
const POLICY = { identifiers: Object.fromEntries(KINDS.map((kind) => [kind.name, kind])) };
const HASHER = new ReachHasher(new Uint8Array(16).fill(7));

function ownersOf(...columns: readonly (readonly [kind: string, column: string])[]): LineOwners {
  const source: LogSource = {
    type: 'log',
    name: 'log',
    files: [],
    category: 'log',
    format: { type: 'common', encoding: 'utf-8' },
    identifiers: columns.map(([kind, column]) => ({ kind, column })),
  };
  return new LineOwners(source, POLICY, HASHER);
}

function read(owners: LineOwners, line: string): { readonly owner: LineOwner; readonly tag: number } {
  const scanner = new LogScanner('common');
  const bytes = Buffer.from(line, 'latin1');
  expect(scanner.scan(bytes, 0, bytes.length)).toBeUndefined();
  return { owner: owners.ownerOf(scanner, bytes), tag: owners.tagOf(scanner, bytes) };
}

function aLine(host: string, user: string, path = '/'): string {
  return `${host} - ${user} [10/Oct/2000:13:55:36 -0700] "GET ${path} HTTP/1.0" 200 1`;
}

const ALL = [
  ['username', 'user'],
  ['cookie', 'query.sid'],
  ['ip', 'host'],
] as const;

describe('the owner of a log line', () => {
  const OWNERS: readonly (readonly [name: string, line: string, kind: string, value: string])[] = [
    ['the user, where there is one', aLine('192.0.2.1', 'Ada', '/?sid=9'), 'username', 'ada'],
    ['the cookie, where no user is named', aLine('192.0.2.1', '-', '/?sid=9f%2B'), 'cookie', '9f+'],
    ['the address, where nothing else is', aLine('2001:DB8:0:0::1', '-'), 'ip', '2001:db8::1'],
    ['nobody, where a host name is no address', aLine('pc.example.org', '-'), 'none', ''],
    ['the next identifier, where the first is unusable', aLine('192.0.2.1', '\\x20'), 'ip', '192.0.2.1'],
  ];
  for (const [name, line, kind, value] of OWNERS) {
    it(`is ${name}`, () => expect(read(ownersOf(...ALL), line).owner).toMatchObject({ kind, value }));
  }

  it('has the tag of its identifier, read the short way or the long one', () => {
    const user = fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', 'Z', '0', '.', '-', '_', '@', '%', '\\', 'x41', '\xc3\xa9', '\xff', '"'),
      }),
      fc.constantFrom(
        '-',
        '""',
        'ada@example.org',
        'Ada@Example.ORG',
        '+31 20 123',
        '192.0.2.1',
        '010.0.0.1',
        '1.2.3',
        '::1',
      ),
    );
    const owners = KINDS.map(({ name }) => ownersOf([name, 'user'], ['ip', 'host']));
    fc.assert(
      fc.property(user, fc.constantFrom(...owners), (written, some) => {
        const { owner, tag } = read(some, aLine('192.0.2.7', written));
        expect(tag).toBe(owner.tag);
        expect(tag).toBe(HASHER.tag(owner));
      }),
    );
  });

  it('is known again when more people were seen than are remembered', () => {
    const owners = ownersOf(['email', 'user']);
    for (let i = 0; i < 20_000; i += 1) read(owners, aLine('192.0.2.1', `u${i}@example.org`));
    expect(read(owners, aLine('192.0.2.1', 'u0@example.org')).owner.value).toBe('u0@example.org');
  });
});

describe('a plain field', () => {
  it('is its own normal form', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.ipV4(),
      fc.array(fc.nat(300), { minLength: 3, maxLength: 5 }).map((numbers) => numbers.join('.')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...KINDS), (value, kind) => {
        const bytes = Buffer.from(value);
        fc.pre(value !== '' && isPlain(plainRule(kind), bytes, 0, bytes.length));
        expect(normalise(kind, value)).toBe(value);
      }),
    );
  });

  it('is what nearly every address and user name is', () => {
    const isSo = (kind: string, value: string) =>
      isPlain(plainRule(POLICY.identifiers[kind]!), Buffer.from(value), 0, value.length);
    expect([
      isSo('ip', '203.0.113.255'),
      isSo('ip', '0.0.0.0'),
      isSo('username', 'ada_42'),
      isSo('cookie', 'A9-f'),
    ]).toEqual([true, true, true, true]);
    expect([
      isSo('ip', '203.0.113.256'),
      isSo('ip', '203.0.113.01'),
      isSo('username', 'Ada'),
      isSo('cookie', 'a%20'),
    ]).toEqual([false, false, false, false]);
  });
});
