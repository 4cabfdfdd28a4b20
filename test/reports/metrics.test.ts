import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/json.ts';
import type { CaseEvent, RequestCase } from '../../src/reports/cases.ts';
import { afterEvent } from '../../src/reports/cases.ts';
import { LogCases } from '../../src/reports/log-cases.ts';
import { listDifferences, meanOf, medianOf, metricsTable, previousYear } from '../../src/reports/metrics.ts';

const OPEN: RequestCase = {
  request: 1,
  type: 'delete',
  regime: 'ccpa',
  receivedOn: '2026-03-02',
  end: 'open',
  respondedOn: undefined,
  reason: undefined,
  isAppealed: false,
};
const YEAR = { period: { from: '2026-01-01', to: '2026-12-31' }, regimes: ['ccpa'] };

const caseOf = (given: Partial<RequestCase>): RequestCase => ({ ...OPEN, ...given });
const answered = (respondedOn: string, given: Partial<RequestCase> = {}) =>
  caseOf({ end: 'whole', respondedOn, ...given });
const rowOf = (type: string, cases: readonly RequestCase[], frame = YEAR) =>
  metricsTable(cases, frame).rows.find((row) => row.request_type === type);

describe('the numbers of 11 CCR §7102', () => {
  test('there is a row for each of the five kinds, of nothing too', () => {
    expect(metricsTable([], YEAR).rows.map(({ request_type, received }) => [request_type, received])).toEqual(
      ['delete', 'correct', 'know', 'opt-out', 'limit'].map((kind) => [kind, 0]),
    );
    expect(rowOf('delete', [])).toMatchObject({ median_days: undefined, mean_days: undefined });
  });

  test.each([
    ['delete', 'delete'],
    ['edit', 'correct'],
    ['access', 'know'],
    ['portability', 'know'],
    ['opt-out', 'opt-out'],
    ['limit', 'limit'],
  ])('%s counts as %s', (type, kind) => {
    expect(rowOf(kind, [caseOf({ type })])?.received).toBe(1);
  });

  test.each([
    'opt-in',
    'restrict',
    'objection',
    'consent-withdrawal',
    'complaint',
    'unclear',
    'parental-review',
  ])('%s counts nowhere', (type) => {
    expect(metricsTable([caseOf({ type })], YEAR).rows.map(({ received }) => received)).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  test('whole and part are complied with; who withdrew, repeated, or let it lapse is neither', () => {
    const cases = [
      answered('2026-03-12'),
      answered('2026-03-22', { end: 'part' }),
      answered('2026-03-05', { end: 'denied', reason: 'identity-not-verified' }),
      ...(['withdrawn', 'duplicate', 'expired', 'open'] as const).map((end) => caseOf({ end })),
    ];
    expect(rowOf('delete', cases)).toEqual({
      request_type: 'delete',
      received: 7,
      complied: 2,
      complied_in_whole: 1,
      complied_in_part: 1,
      denied: 1,
      denied_not_verifiable: 1,
      denied_not_a_consumer: 0,
      denied_exempt: 0,
      denied_other: 0,
      withdrawn: 1,
      duplicates: 1,
      expired: 1,
      open: 1,
      median_days: 10,
      mean_days: 11,
    });
  });

  test.each([
    ['identity-not-verified', 'denied_not_verifiable'],
    ['no-match', 'denied_not_verifiable'],
    ['outside-regime', 'denied_not_a_consumer'],
    ['exempt', 'denied_exempt'],
    ['legal-obligation', 'denied_exempt'],
    ['manifestly-unfounded', 'denied_other'],
    ['suspected-fraud', 'denied_other'],
    ['constructor', 'denied_other'],
    [undefined, 'denied_other'],
  ])('a denial as %s is %s', (reason, column) => {
    const row = rowOf('delete', [answered('2026-03-05', { end: 'denied', reason })]);
    expect(row).toMatchObject({ denied: 1, [column]: 1 });
  });

  test('the year is that of the receipt, both ends included; other laws are left out', () => {
    const cases = ['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((receivedOn) =>
      caseOf({ receivedOn }),
    );
    expect(rowOf('delete', cases)?.received).toBe(2);
    const both = [...cases, caseOf({ regime: 'gdpr' })];
    expect(rowOf('delete', both)?.received).toBe(2);
    expect(rowOf('delete', both, { ...YEAR, regimes: ['gdpr'] })?.received).toBe(1);
    expect(previousYear('2026-07-01')).toEqual({ from: '2025-01-01', to: '2025-12-31' });
  });

  test.each([
    [[], undefined, undefined],
    [[4], 4, 4],
    [[1, 4], 2.5, 2.5],
    [[0, 1, 44], 1, 15],
    [[1, 1, 2], 1, 1.3],
    [[0, 0, 10, 45], 5, 13.8],
  ])('of %j days the median is %s and the mean %s', (days, median, mean) => {
    expect([medianOf(days), meanOf(days)]).toEqual([median, mean]);
  });

  test('every request received is in exactly one column of its end', () => {
    const ends = fc.constantFrom('open', 'whole', 'part', 'denied', 'withdrawn', 'duplicate', 'expired');
    const cases = fc.array(ends.map((end) => answered('2026-04-01', { end: end as RequestCase['end'] })));
    fc.assert(
      fc.property(cases, (all) => {
        const row = rowOf('delete', all) ?? {};
        const sum = (...columns: readonly string[]) =>
          columns.reduce((total, column) => total + Number((row as Record<string, unknown>)[column]), 0);
        expect(sum('complied', 'denied', 'withdrawn', 'duplicates', 'expired', 'open')).toBe(all.length);
        expect(sum('complied_in_whole', 'complied_in_part')).toBe(sum('complied'));
        expect(sum('denied_not_verifiable', 'denied_not_a_consumer', 'denied_exempt', 'denied_other')).toBe(
          sum('denied'),
        );
      }),
    );
  });
});

describe('what happens to a request', () => {
  const after = (...events: readonly (readonly [CaseEvent, string])[]) =>
    events.reduce((before, [event, on]) => afterEvent(before, event, on), OPEN);
  const denied: CaseEvent = { kind: 'denied', reason: 'exempt' };
  const part: CaseEvent = { kind: 'answered', extent: 'part' };
  const whole: CaseEvent = { kind: 'answered', extent: 'whole' };

  test.each<[string, readonly (readonly [CaseEvent, string])[], Partial<RequestCase>]>([
    [
      'a rest that is carried out later leaves the day of the first answer',
      [
        [part, '2026-03-10'],
        [whole, '2026-05-01'],
      ],
      { end: 'whole', respondedOn: '2026-03-10' },
    ],
    [
      'a denial whose appeal was upheld stands as it was',
      [
        [denied, '2026-03-10'],
        [{ kind: 'appealed' }, '2026-03-20'],
        [{ kind: 'upheld' }, '2026-04-01'],
      ],
      { end: 'denied', respondedOn: '2026-03-10', reason: 'exempt' },
    ],
    [
      'a partial answer whose appeal was upheld stays partial',
      [
        [part, '2026-03-10'],
        [{ kind: 'appealed' }, '2026-03-20'],
        [{ kind: 'upheld' }, '2026-04-01'],
      ],
      { end: 'part', respondedOn: '2026-03-10' },
    ],
    [
      'a denial whose appeal was taken back stands',
      [
        [denied, '2026-03-10'],
        [{ kind: 'appealed' }, '2026-03-20'],
        [{ kind: 'withdrawn' }, '2026-04-01'],
      ],
      { end: 'denied' },
    ],
    [
      'a denial whose appeal was granted is answered anew',
      [
        [denied, '2026-03-10'],
        [{ kind: 'appealed' }, '2026-03-20'],
        [{ kind: 'reopened' }, '2026-04-01'],
        [whole, '2026-04-03'],
      ],
      { end: 'whole', respondedOn: '2026-04-03', reason: undefined },
    ],
    [
      'what is opened again is open',
      [
        [whole, '2026-03-10'],
        [{ kind: 'reopened' }, '2026-04-01'],
      ],
      { end: 'open', respondedOn: undefined },
    ],
    [
      'withdrawn after it was opened again',
      [
        [denied, '2026-03-10'],
        [{ kind: 'reopened' }, '2026-04-01'],
        [{ kind: 'withdrawn' }, '2026-04-02'],
      ],
      { end: 'withdrawn', respondedOn: undefined, reason: undefined },
    ],
  ])('%s', (_name, events, expected) => {
    expect(after(...events)).toMatchObject(expected);
  });
});

describe('the audit log by itself', () => {
  const read = (...entries: readonly object[]) => {
    const log = new LogCases('America/Los_Angeles');
    for (const entry of entries) log.read({ entry: canonicalJson({ facts: {}, ...entry }) });
    return log.cases;
  };
  const opened = {
    act: 'request.opened',
    facts: { request: 1, type: 'delete', regime: 'ccpa', received_on: '2026-03-02' },
  };

  test('one request, opened and carried out; the day is the controller’s', () => {
    const applied = {
      act: 'request.applied',
      at: '2026-03-10T02:00:00Z',
      request: 1,
      facts: { extent: 'part' },
    };
    expect(read(opened, applied).get(1)).toEqual({ ...OPEN, end: 'part', respondedOn: '2026-03-09' });
  });

  test('many of one act, and more out of an unclear one', () => {
    const group = { type: 'unclear', regime: 'ccpa', received_on: '2026-03-03', requests: [2, 3] };
    const many = {
      act: 'requests.opened',
      facts: { opened: [group, { ...group, type: 'limit', requests: [4] }] },
    };
    const classified = {
      act: 'request.classified',
      request: 2,
      facts: { type: 'access', opened: [{ ...group, type: 'delete', requests: [5] }] },
    };
    const types = [...read(many, classified).values()].map(({ request, type }) => [request, type]);
    expect(types).toEqual([
      [2, 'access'],
      [3, 'unclear'],
      [4, 'limit'],
      [5, 'delete'],
    ]);
  });

  test('an answer by hand counts from the day on which it went', () => {
    const facts = { extent: 'whole', sent_on: '2026-03-05' };
    const sent = { act: 'request.answered-by-hand', at: '2026-03-10T12:00:00Z', request: 1, facts };
    expect(read(opened, sent).get(1)?.respondedOn).toBe('2026-03-05');
  });

  test.each([
    [[{ action: 'erase' }], 'whole'],
    [[{ action: 'erase' }, { action: 'retain' }], 'part'],
    [[{ action: 'hold' }], 'part'],
  ])('of an earlier dsr the groups %j say how much: %s', (applied, end) => {
    const entry = { act: 'request.applied', at: '2026-03-10T02:00:00Z', request: 1, facts: { applied } };
    expect(read(opened, entry).get(1)?.end).toBe(end);
  });

  test('entries of anything else are nobody’s business', () => {
    expect(
      read({ act: 'purge.done' }, { act: 'request.denied', at: '2026-03-10T02:00:00Z', request: 9 }).size,
    ).toBe(0);
  });
});

describe('register and log', () => {
  const of = (...cases: readonly RequestCase[]) => new Map(cases.map((one) => [one.request, one]));
  const never = () => false;

  test('that say the same differ in nothing', () => {
    expect(listDifferences(of(OPEN), of(OPEN), never)).toEqual([]);
  });

  test('what one says otherwise is named, of both', () => {
    expect(listDifferences(of(OPEN), of(caseOf({ end: 'whole', respondedOn: '2026-03-03' })), never)).toEqual(
      [
        { request: 1, member: 'end', log: 'open', register: 'whole' },
        { request: 1, member: 'respondedOn', log: undefined, register: '2026-03-03' },
      ],
    );
  });

  test('a request that only one has is missing, unless its file has ended', () => {
    expect(listDifferences(of(OPEN), of(), never)).toEqual([
      { request: 1, member: 'missing', log: 'present', register: undefined },
    ]);
    expect(listDifferences(of(OPEN), of(), () => true)).toEqual([]);
    expect(listDifferences(of(), of(OPEN), () => true)).toHaveLength(1);
  });
});
