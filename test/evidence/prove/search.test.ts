import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FingerprintValue, fingerprintValues } from '../../../src/evidence/prove/fingerprints.ts';
import { foldCase } from '../../../src/evidence/prove/keyed-hash.ts';
import { EXTENT, MIN_PATTERN, PIECE } from '../../../src/evidence/prove/patterns.ts';
import { type Borders, type Hit, PatternSearch } from '../../../src/evidence/prove/search.ts';
import { hasFoldedCase, writtenForms } from '../../../src/evidence/prove/written-forms.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
const BUFFER = 128 * 1024;

function searchFor(...values: readonly FingerprintValue[]): PatternSearch {
  return new PatternSearch(key, [{ request: 7, packed: fingerprintValues(key, values) }]);
}

const identifier = (text: string): FingerprintValue => ({ kind: 'identifier', name: 'email', text });
const value = (text: string): FingerprintValue => ({ kind: 'value', text });

function scan(search: PatternSearch, bytes: Uint8Array, borders: Borders = 'closed'): readonly Hit[] {
  const hits: Hit[] = [];
  search.scan(bytes, (hit) => hits.push(hit), borders);
  return hits;
}

describe('a search finds every form of a value', () => {
  const email = 'bruno+1@example.org';
  const name = 'José O"Neill / Söhne';
  const note = 'He said: <hi & "bye"> it\'s 5+5';
  test.each<[sentence: string, value: FingerprintValue, written: string | Buffer, form: string]>([
    ['as it is', identifier(email), email, 'utf-8'],
    ['in capitals', identifier(email), 'BRUNO+1@Example.ORG', 'utf-8'],
    ['a short user name', identifier('bruno'), 'xxBrunoxx', 'utf-8'],
    ['a text in other capitals', value(name), name.toUpperCase(), 'utf-8'],
    ['letters and accents apart', value(name), name.normalize('NFD'), 'utf-8'],
    ['UTF-16, little end first', identifier(email), Buffer.from(email, 'utf16le'), 'utf-16'],
    ['UTF-16, big end first', identifier(email), Buffer.from(email, 'utf16le').swap16(), 'utf-16'],
    ['UTF-16 of other letters', value('Łódź Żółw'), Buffer.from('łódź żółw', 'utf16le').swap16(), 'utf-16'],
    ['UTF-16 of a short name', identifier('bruno'), Buffer.from('BRUNO', 'utf16le'), 'utf-16'],
    ['Latin-1', value(name), Buffer.from(name, 'latin1'), 'latin-1'],
    ['JSON', value(name), 'José O\\"Neill / Söhne', 'json'],
    ['JSON in ASCII', value(name), 'Jos\\u00E9 O\\"Neill / S\\u00f6hne', 'json'],
    ['JSON of PHP', value(name), 'Jos\\u00e9 O\\"Neill \\/ S\\u00f6hne', 'json'],
    ['JSON of Go', value(note), 'He said: \\u003chi \\u0026 \\"bye\\"\\u003e it\'s 5+5', 'json'],
    [
      'JSON of .NET',
      value(note),
      'He said: \\u003Chi \\u0026 \\u0022bye\\u0022\\u003E it\\u0027s 5\\u002B5',
      'json',
    ],
    ['a URL', identifier(email), 'bruno%2b1%40example.org', 'url'],
    ['a URL with spaces as plus', value(name), 'Jos%C3%A9+O%22Neill+%2F+S%C3%B6hne', 'url'],
    ['a URL whose slashes stay', value(name), 'Jos%C3%A9%20O%22Neill%20/%20S%C3%B6hne', 'url'],
    ['a web form', value(note), 'He+said%3A+%3Chi+%26+%22bye%22%3E+it%27s+5%2B5', 'url'],
    ['CSV', value(name), '"José O""Neill / Söhne"', 'quoted'],
    ['SQL', value(note), "'He said: <hi & \"bye\"> it''s 5+5'", 'quoted'],
    ['base64', identifier(email), Buffer.from(`{"mail":"${email}"}`).toString('base64'), 'base64'],
    [
      'base64, one byte later',
      identifier(email),
      Buffer.from(`{"mail": "${email}"}`).toString('base64'),
      'base64',
    ],
    [
      'base64, two bytes later',
      identifier(email),
      Buffer.from(`{"mail" : "${email}"}`).toString('base64'),
      'base64',
    ],
    [
      'base64 for URLs',
      identifier('b>>>???>>>???>'),
      Buffer.from('b>>>???>>>???>').toString('base64url'),
      'base64',
    ],
  ])('%s', (_, what, written, form) => {
    const bytes = Buffer.concat([Buffer.from('...'), Buffer.from(written as string), Buffer.from('...')]);
    const [hit, ...more] = scan(searchFor(what), bytes);
    expect(hit?.form).toBe(form);
    expect(hit?.request).toBe(7);
    expect(more).toEqual([]);
    const start = hit?.offset ?? 0;
    const without = Buffer.from(bytes).fill('.', start, start + (hit?.length ?? 0));
    expect(scan(searchFor(what), without)).toEqual([]);
  });

  test('but not base64 in the wrong case, nor a value that lacks one byte', () => {
    const base64 = Buffer.from(`x${email}x`).toString('base64');
    expect(scan(searchFor(identifier(email)), Buffer.from(base64))).toHaveLength(1);
    expect(scan(searchFor(identifier(email)), Buffer.from(base64.toLowerCase()))).toEqual([]);
    expect(scan(searchFor(identifier(email)), Buffer.from(email.slice(1)))).toEqual([]);
    expect(scan(searchFor(identifier(email)), Buffer.from(email.slice(0, -1)))).toEqual([]);
  });
});

/** Every place of every form, found by comparing bytes at each place. */
function naively(values: readonly FingerprintValue[], data: Uint8Array): ReadonlySet<string> {
  const raw = Buffer.from(data);
  const folded = Buffer.from(foldCase(data));
  const found = new Set<string>();
  for (const { kind, text } of values) {
    const base64 = kind === 'identifier' && Buffer.byteLength(text) >= 12;
    for (const { form, bytes } of writtenForms(text, { base64 })) {
      if (bytes.length < MIN_PATTERN) continue;
      const [hay, needle] = hasFoldedCase(form) ? [folded, foldCase(bytes)] : [raw, bytes];
      const inner = form === 'utf-8' || form === 'json' ? 2 * EXTENT : needle.length;
      const parts = [needle.subarray(-EXTENT), needle.subarray(0, EXTENT)];
      for (let from = inner; from < needle.length - EXTENT; from += inner)
        parts.push(needle.subarray(from, from + EXTENT));
      for (const part of new Set(parts)) {
        for (let at = hay.indexOf(part); at >= 0; at = hay.indexOf(part, at + 1))
          found.add(`${form} ${at} ${part.length}`);
      }
    }
  }
  return found;
}

function pushed(search: PatternSearch, data: Uint8Array, cuts: readonly number[]): ReadonlySet<string> {
  const found = new Set<string>();
  const stream = search.stream(({ form, offset, length }) => found.add(`${form} ${offset} ${length}`));
  const borders = [0, ...cuts.map((cut) => cut % (data.length + 1)), data.length].sort((a, b) => a - b);
  for (let i = 1; i < borders.length; i += 1) stream.push(data.subarray(borders[i - 1], borders[i]));
  stream.end();
  return found;
}

describe('a search is the same as comparing every place', () => {
  const letters = fc.constantFrom(...'abnoAB19@./" \'é😀', '\u0000', '<', '+');
  const text = fc.oneof(
    fc.string({ unit: letters, minLength: 8, maxLength: 14 }),
    fc.string({ unit: letters, minLength: 8, maxLength: 400 }),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }),
  );
  const values = fc.array(
    fc.oneof(
      text.map(value),
      text.map(identifier),
      fc.stringMatching(/^[a-z]{3}[a-z1]{2,9}$/).map(identifier),
    ),
    { minLength: 1, maxLength: 4 },
  );

  test('wherever the values stand, and however the bytes come', () => {
    fc.assert(
      fc.property(
        values,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean(), fc.uint8Array({ maxLength: 9 })), {
          maxLength: 12,
        }),
        fc.array(fc.nat(), { maxLength: 4 }),
        (all, places, cuts) => {
          const kept = all.filter(({ text: one }) => new Set(Buffer.from(one)).size >= 3);
          fc.pre(kept.length > 0 && kept.every(({ text: one }) => !/^\d+$/.test(one)));
          const data = Buffer.concat(
            places.flatMap(([which, form, upper, noise]) => {
              const { text: one } = kept[which % kept.length] as FingerprintValue;
              const forms = writtenForms(one, { base64: true });
              const { bytes } = forms[form % forms.length] as { bytes: Uint8Array };
              return [upper ? upperCase(bytes) : bytes, noise];
            }),
          );
          expect(pushed(searchFor(...kept), data, cuts)).toEqual(naively(kept, data));
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ['a short name', 'bruno', 5],
    ['an address', 'bruno@example.org', 17],
    ['a text longer than a piece', 'The quick brown fox jumps over '.repeat(10), 310],
    ['a text as long as an extent', 'All work and no play, '.repeat(50).slice(0, EXTENT), EXTENT],
  ])('at each place around the end of the buffer: %s', (_, text, length) => {
    const search = searchFor(identifier(text));
    const data = Buffer.alloc(BUFFER * 2, '-');
    const from = BUFFER - 2 * EXTENT - 8;
    for (let at = from; at < BUFFER + EXTENT; at += at % 97 < 4 ? 1 : 23) {
      data.write(text, at);
      expect([at, ...pushed(search, data, [at + 3])]).toEqual([at, `utf-8 ${at} ${length}`]);
      data.fill('-', at, at + length);
    }
  });

  test('of every length, at every place of a word, at the start and the end of the bytes', () => {
    for (let length = 5; length <= PIECE + 2; length += 1) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode(0x61 + ((i * i + length) % 26))).join(
        '',
      );
      const search = searchFor(identifier(text));
      for (let before = 0; before < 4; before += 1) {
        for (let after = 0; after < 4; after += 1) {
          const hits = scan(search, Buffer.from(`${'-'.repeat(before)}${text}${'-'.repeat(after)}`));
          expect([length, before, after, ...hits.map(({ offset }) => offset)]).toEqual([
            length,
            before,
            after,
            before,
          ]);
        }
      }
    }
  });

  test('several streams at once, and a scan in between', () => {
    const search = searchFor(identifier('bruno@example.org'));
    const found: string[] = [];
    const one = search.stream(({ offset }) => found.push(`one ${offset}`));
    const two = search.stream(({ offset }) => found.push(`two ${offset}`));
    one.push(Buffer.from('bruno@exa'));
    two.push(Buffer.from('...bruno@example.org'));
    expect(scan(search, Buffer.from('.bruno@example.org'))).toHaveLength(1);
    one.push(Buffer.from('mple.org'));
    one.end();
    two.end();
    expect(found.sort()).toEqual(['one 0', 'two 3']);
  });
});

function upperCase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte & ~0x20 : byte));
}

describe('a long value', () => {
  const agent =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Bruno/1.0 Edition/2';
  const search = searchFor(value(agent));

  test('is not found where another begins or ends like it', () => {
    const other = agent.replace('Bruno', 'Other');
    expect(scan(search, Buffer.from(`${agent} ${other}`))).toEqual([
      { request: 7, form: 'utf-8', value: 0, offset: 0, length: agent.length },
    ]);
    expect(scan(search, Buffer.from(other))).toEqual([]);
    expect(scan(search, Buffer.from(other), 'open')).toEqual([]);
    expect(scan(search, Buffer.from(agent.slice(0, PIECE)))).toEqual([]);
  });

  test('is found on at least one of two pages, wherever their border cuts it', () => {
    expect(agent.length).toBeGreaterThanOrEqual(2 * PIECE);
    for (let cut = 1; cut < agent.length; cut += 1) {
      const before = scan(search, Buffer.from(`...${agent.slice(0, cut)}`), 'open');
      const after = scan(search, Buffer.from(`${agent.slice(cut)}...`), 'open');
      expect(before.map((hit) => hit.cut)).toEqual(cut >= PIECE ? ['end'] : []);
      expect(after.map((hit) => hit.cut)).toEqual(agent.length - cut >= PIECE ? ['start'] : []);
      expect(before.length + after.length).toBeGreaterThan(0);
    }
  });

  test('of more than an extent is known by one of every other and its last, in what a page holds too', () => {
    const text = Array.from({ length: 700 }, (_, i) => `word${i * i} `).join('');
    const long = searchFor(value(text));
    const places = Array.from({ length: Math.ceil((text.length - EXTENT) / (2 * EXTENT)) }, (_, i) => i);
    const hits = scan(long, Buffer.from(`..${text}..`)).filter(({ form }) => form === 'utf-8');
    expect(hits.map(({ offset }) => offset).sort((x, y) => x - y)).toEqual([
      ...places.map((nth) => 2 + nth * 2 * EXTENT),
      2 + text.length - EXTENT,
    ]);
    for (let from = 0; from + 4000 <= text.length; from += 97)
      expect(scan(long, Buffer.from(text.slice(from, from + 4000)), 'open')).not.toEqual([]);
  });
});

describe('requests', () => {
  test('are told apart, also where they erased the same value', () => {
    const packed = (text: string) => fingerprintValues(key, [identifier(text)]);
    const search = new PatternSearch(key, [
      { request: 1, packed: packed('bruno@example.org') },
      { request: 2, packed: packed('bruno@example.org') },
      { request: 3, packed: packed('carla@example.org') },
    ]);
    const found = scan(search, Buffer.from('carla@example.org bruno@example.org'));
    expect(found.map(({ request, offset }) => `${request} at ${offset}`).sort()).toEqual([
      '1 at 18',
      '2 at 18',
      '3 at 0',
    ]);
  });

  test('tell their values apart by number, whatever the form, and identifiers have none', () => {
    const search = searchFor(value('Lisboa "1"'), identifier('bruno@example.org'), value('Porto, Rua 22'));
    const data = Buffer.from('lisboa "1" Lisboa ""1"" bruno@example.org PORTO, RUA 22 Porto%2C+Rua+22');
    const hits = [...scan(search, data)].sort((a, b) => a.offset - b.offset);
    expect(hits.map((hit) => hit.value)).toEqual([1, 1, undefined, 0, 0]);
  });

  test('find base64 of an identifier also as a field had it, in capitals', () => {
    const search = searchFor(identifier('bruno@example.org'), value('Bruno@Example.ORG'));
    const written = Buffer.from('mail=Bruno@Example.ORG').toString('base64');
    expect(scan(search, Buffer.from(written)).map(({ form, value: nth }) => [form, nth])).toEqual([
      ['base64', undefined],
    ]);
    expect(scan(search, Buffer.from('BRUNO@example.org'))).toHaveLength(1);
    expect(search.coverage.get(7)).toEqual({ searched: 1, fieldsOnly: 0, leftOut: 0 });
  });

  test('find identifiers that are too short for bytes as whole fields of their kind', () => {
    const short = (name: string, text: string): FingerprintValue => ({ kind: 'identifier', name, text });
    const search = new PatternSearch(key, [
      { request: 1, packed: fingerprintValues(key, [short('user_id', '42'), short('username', 'Ada')]) },
      { request: 2, packed: fingerprintValues(key, [short('user_id', '42')]) },
    ]);
    expect(search.fieldRequests('user_id', '42')).toEqual([1, 2]);
    expect(search.fieldRequests('username', 'ADA')).toEqual([1]);
    expect(search.fieldRequests('username', '42')).toEqual([]);
    expect(search.fieldRequests('user_id', '421')).toEqual([]);
    expect(scan(search, Buffer.from('42 Ada 42'))).toEqual([]);
  });
});
