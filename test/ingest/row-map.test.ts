import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import type { TableItem } from '../../src/formats/rows.ts';
import { Gate } from '../../src/ingest/gate.ts';
import { packRecords, unpackRecords } from '../../src/ingest/packed-rows.ts';
import { compileCellDate } from '../../src/ingest/row-date.ts';
import { RowMapper, type RowSink } from '../../src/ingest/row-map.ts';
import { RowWatch } from '../../src/ingest/row-watch.ts';
import { ReachHasher } from '../../src/people/digests.ts';
import { tableSource } from '../../src/policy/find.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { TableSource } from '../../src/policy/types.ts';
import { POLICY } from './table-loading.ts';

const policy = parsePolicy(POLICY, 'dsr.yaml');
const hasher = new ReachHasher(new Uint8Array(16));
const gate = new Gate({ key: new Uint8Array(32), entries: [], admitted: [] });

function mapRow(name: string, row: Readonly<Record<string, Json>>): RowSink {
  const found = tableSource(policy, name);
  if (found === undefined) throw new Error('no such source');
  const source: TableSource = { ...found, format: { type: 'ndjson', encoding: 'utf-8' } };
  const watch = new RowWatch(source, policy, hasher, { key: new Uint8Array(32), rows: [] });
  const mapper = new RowMapper({ file: 'f', header: () => undefined, source, policy, hasher, gate, watch });
  const sink: RowSink = { records: [], rejects: [], aside: [], suppressed: 0, sightings: [], keyless: 0 };
  const item: TableItem = {
    kind: 'row',
    line: 7,
    columns: Object.keys(row),
    values: Object.values(row),
    raw: '',
  };
  mapper.map([item], sink);
  return sink;
}

const MESSAGE = { id: 'm', from: 1, to: 2, invited: null, body: 'b' };

describe('a row', () => {
  it.each<readonly [string, Json, string]>([
    ['a text is the text itself', '017', '017'],
    ['with spaces keeps them', ' 17 ', ' 17 '],
    ['a number is its digits', 17, '17'],
    ['a long number stays as the reader gives it', '12345678901234567', '12345678901234567'],
  ])('with a key that is %s', (_, id, key) => {
    expect(mapRow('messages', { ...MESSAGE, id }).records[0]).toMatchObject({ key, line: 7 });
  });

  it.each<readonly [string, Json]>([
    ['nothing', null],
    ['empty', ''],
    ['blank', ' \t'],
    ['true', true],
    ['an object', { a: 1 }],
  ])('with a key that is %s is set aside', (_, id) => {
    expect(mapRow('messages', { ...MESSAGE, id })).toMatchObject({
      records: [],
      rejects: [{ line: 7, reason: 'missing key' }],
    });
  });

  it('has its values in the order of the policy, whatever that of the file, and null for what it lacks', () => {
    const { invited: _, ...rest } = MESSAGE;
    const [a] = mapRow('messages', MESSAGE).records;
    const [b] = mapRow('messages', Object.fromEntries(Object.entries(rest).reverse())).records;
    expect(a?.body).toBe('["m",1,2,null,"b"]');
    expect(b).toEqual(a);
  });

  it('is reached by every identifier of every party, also an unconfirmed one', () => {
    const row = {
      id: '1',
      email: 'A@Example.org',
      email_ok: '0',
      born: '',
      created: '',
      name: '',
      password_hash: '',
      cache: '',
    };
    const [record] = mapRow('users', row).records;
    expect([...Array.from(record?.reach ?? [])].sort()).toEqual(
      [
        hasher.reach({ kind: 'user_id', value: '1' }),
        hasher.reach({ kind: 'email', value: 'a@example.org' }),
      ].sort(),
    );
    expect(record?.at).toBeUndefined();
  });

  it('loses card numbers in nested values and numbers too', () => {
    const row = {
      id: 'p',
      user: '1',
      paid_on: '',
      memo: { cards: ['4111-1111-1111-1111', 4012888888881881], n: 5 },
    };
    expect(JSON.parse(mapRow('payments', row).records[0]?.body ?? '')).toEqual([
      'p',
      '1',
      '',
      { cards: ['****-****-****-1111', '************1881'], n: 5 },
    ]);
  });
});

describe('a date column', () => {
  const read = (format: string, zone = 'UTC') => compileCellDate({ column: 'd', format }, zone);
  const iso = (seconds: number | undefined) =>
    seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

  it.each<readonly [string, string, Json, string]>([
    ['a date alone is the start of the day there', 'iso', '2026-01-01', '2026-01-01T08:00:00.000Z'],
    ['in summer too', 'iso', '2026-07-01', '2026-07-01T07:00:00.000Z'],
    ['a time without zone is of the controller’s', 'iso', '2026-01-01 23:30:00', '2026-01-02T07:30:00.000Z'],
    ['a time with a zone is itself', 'iso', '2026-01-01T23:30:00Z', '2026-01-01T23:30:00.000Z'],
    ['an offset too', 'iso', '2026-01-01T23:30:00+02:00', '2026-01-01T21:30:00.000Z'],
    ['a pattern', 'M/D/YYYY', '1/2/2026', '2026-01-02T08:00:00.000Z'],
    ['seconds', 'epoch', 1767225600, '2026-01-01T00:00:00.000Z'],
    ['milliseconds', 'epoch-ms', '1767225600000', '2026-01-01T00:00:00.000Z'],
    ['the day on which clocks go forward', 'iso', '2026-03-08 23:30', '2026-03-09T06:30:00.000Z'],
    ['the day on which they go back', 'iso', '2026-11-01 23:30', '2026-11-02T07:30:00.000Z'],
  ])('%s', (_, format, cell, expected) => {
    expect(iso(read(format, 'America/Los_Angeles')(cell))).toBe(expected);
  });

  it.each<readonly [string, Json]>([
    ['null', null],
    ['empty', ''],
    ['spaces', '  '],
    ['the zero date of MySQL', '0000-00-00 00:00:00'],
  ])('%s is no date', (_, cell) => {
    expect(read('iso')(cell)).toBeUndefined();
  });

  it.each<readonly [string, Json]>([
    ['words', 'soon'],
    ['a day that is not', '2026-02-30'],
    ['an object', { a: 1 }],
  ])('%s is a bad one', (_, cell) => {
    expect(read('iso')(cell)).toBeNaN();
  });

  it('of a day whose midnight clocks skip is its first instant', () => {
    expect(iso(read('iso', 'Africa/Cairo')('2042-04-25'))).toBe('2042-04-24T22:00:00.000Z');
  });

  it('falls on the day that is written, in every zone', () => {
    const zones = [
      'UTC',
      'America/Los_Angeles',
      'Pacific/Apia',
      'Asia/Kolkata',
      'Europe/Berlin',
      'Africa/Cairo',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 4_000_000_000 }),
        fc.constantFrom(...zones),
        fc.boolean(),
        (seconds, zone, hasTime) => {
          const text = new Date(seconds * 1000)
            .toISOString()
            .slice(0, hasTime ? 19 : 10)
            .replace('T', ' ');
          const at = read('iso', zone)(text);
          const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(
            (at ?? 0) * 1000,
          );
          // Samoa slept through 30 December 2011.
          fc.pre(!text.startsWith('2011-12-30'));
          expect(day).toBe(text.slice(0, 10));
        },
      ),
      { numRuns: 300, examples: [[2_281_996_800, 'Africa/Cairo', false]] },
    );
  });
});

it('records come out of a pack as they went in', () => {
  const record = fc.record({
    key: fc.string(),
    line: fc.nat(),
    at: fc.option(fc.integer(), { nil: undefined }),
    body: fc.string(),
    reach: fc.array(fc.maxSafeNat(), { maxLength: 4 }),
    gated: fc.constantFrom('out' as const, 'cleaned' as const, undefined),
  });
  fc.assert(
    fc.property(fc.array(record), (given) => {
      const records = given.map(({ gated, ...rest }) => (gated === undefined ? rest : { ...rest, gated }));
      const unpacked = unpackRecords(packRecords(records));
      expect(unpacked.map((row) => ({ ...row, reach: Array.from(row.reach) }))).toEqual(records);
    }),
  );
});
