import { describe, expect, it } from 'vitest';
import { appealDeadline, reaskFrom } from '../../src/law/appeal.ts';
import { breachNoticeBy } from '../../src/law/breach.ts';
import type { WorkingCalendar } from '../../src/law/calendar.ts';
import { WEEKENDS_ONLY } from '../../src/law/calendar.ts';
import type { Deadline } from '../../src/law/deadline.ts';
import { deadlineOf } from '../../src/law/deadline.ts';
import { publicHolidays } from '../../src/law/public-holidays.ts';
import type { Running } from '../../src/law/reckoning.ts';
import { REGIMES, requireRegime, strictestRegime } from '../../src/law/regimes.ts';
import type { ClockPause, RequestType } from '../../src/store/registers.ts';
import { SIX_HOLIDAYS } from '../helpers/holidays.ts';

const federal = await publicHolidays('US');
const england = await publicHolidays('GB-ENG');

interface Asked {
  readonly type?: RequestType;
  readonly calendar?: WorkingCalendar;
  readonly pauses?: readonly ClockPause[];
  readonly extended?: boolean;
  readonly until?: string | undefined;
  readonly own?: string;
}

function deadline(regime: string, receivedOn: string, asked: Asked = {}): Deadline {
  const { type = 'access', calendar = WEEKENDS_ONLY, pauses = [], extended = false, until, own } = asked;
  const extension = extended ? { noticeOn: receivedOn, reason: 'complexity', until } : undefined;
  const running: Running = { type, receivedOn, clock: { pauses, extension } };
  return deadlineOf(requireRegime(regime), running, { calendar, own });
}

const steps = (found: Deadline) => found.steps.map(({ what, on }) => [what, on]);

describe('GDPR: one month by the calendar, then the roll (law.md §8.1)', () => {
  it.each([
    ['2026-01-29', '2026-02-28', '2026-03-02', '2026-04-29'],
    ['2026-01-31', '2026-02-28', '2026-03-02', '2026-04-30'],
    ['2024-01-31', '2024-02-29', '2024-02-29', '2024-04-30'],
    ['2028-02-29', '2028-03-29', '2028-03-29', '2028-05-29'],
    ['2026-02-28', '2026-03-28', '2026-03-30', '2026-05-28'],
    ['2026-03-05', '2026-04-05', '2026-04-07', '2026-06-05'],
    ['2026-03-31', '2026-04-30', '2026-04-30', '2026-06-30'],
    ['2026-04-01', '2026-05-01', '2026-05-04', '2026-07-01'],
    ['2026-05-31', '2026-06-30', '2026-06-30', '2026-08-31'],
    ['2026-08-31', '2026-09-30', '2026-09-30', '2026-11-30'],
    ['2026-10-31', '2026-11-30', '2026-11-30', '2027-02-01'],
    ['2026-11-30', '2026-12-30', '2026-12-30', '2027-03-01'],
    ['2025-12-01', '2026-01-01', '2026-01-02', '2026-03-02'],
    ['2026-12-31', '2027-01-31', '2027-02-01', '2027-03-31'],
  ])('received %s: nominally %s, due %s, extended %s', (received, nominal, due, extended) => {
    const found = deadline('gdpr', received, { calendar: SIX_HOLIDAYS });
    expect(found).toMatchObject({ dueOn: due, extensionNoticeBy: nominal, extendableTo: extended });
    expect(deadline('gdpr', received, { calendar: SIX_HOLIDAYS, extended: true }).dueOn).toBe(extended);
  });

  it.each([
    ['2026-01-29', '2026-02-28'],
    ['2026-01-30', '2026-02-28'],
    ['2026-01-31', '2026-02-28'],
    ['2026-03-31', '2026-04-30'],
    ['2028-01-31', '2028-02-29'],
    ['2028-02-29', '2028-03-29'],
    ['2026-12-31', '2027-01-31'],
    ['2026-11-30', '2026-12-30'],
  ])('the nominal end of %s is %s, as an independent test set has it', (received, nominal) => {
    expect(deadline('gdpr', received).extensionNoticeBy).toBe(nominal);
  });

  it('explains each step: receipt, end of month, notice of an extension, roll', () => {
    const found = deadline('gdpr', '2026-01-31', { calendar: SIX_HOLIDAYS });
    expect(steps(found)).toEqual([
      ['received', '2026-01-31'],
      ['period', '2026-02-28'],
      ['clamp', '2026-02-28'],
      ['extension-notice', '2026-02-28'],
      ['roll', '2026-03-02'],
      ['due', '2026-03-02'],
    ]);
    expect(found.steps.map(({ source }) => source)).toEqual([
      'Reg. 1182/71 Art. 3(1)',
      'GDPR Art. 12(3)',
      'Reg. 1182/71 Art. 3(2)(c)',
      'GDPR Art. 12(3)',
      'Reg. 1182/71 Art. 3(4)',
      'GDPR Art. 12(3)',
    ]);
    expect(found.steps.every(({ appliesFrom }) => appliesFrom === '2018-05-25')).toBe(true);
  });

  it('says where no holidays are named, and where a file does not cover the year', () => {
    expect(deadline('gdpr', '2026-03-31').steps.at(-2)?.rule).toMatch(/no holidays are named/);
    const late = deadline('gdpr', '2031-03-31', { calendar: SIX_HOLIDAYS });
    expect(late.steps.at(-2)?.rule).toMatch(/six\.csv does not cover 2031/);
  });

  it('adds the days from asking for identity to receiving the proof, and says both dates', () => {
    const pauses = [{ cause: 'identity', from: '2026-03-12', to: '2026-03-20' }] as const;
    const found = deadline('gdpr', '2026-03-10', { pauses });
    expect(found).toMatchObject({ unsuspendedDueOn: '2026-04-10', dueOn: '2026-04-20' });
    expect(found.steps.find(({ what }) => what === 'pause')).toMatchObject({
      on: '2026-04-18',
      verified: false,
    });
    expect(found.steps.at(-1)).toMatchObject({ what: 'due', verified: false });
  });

  it('counts days in which two things were awaited once', () => {
    const pauses = [
      { cause: 'identity', from: '2026-03-12', to: '2026-03-20' },
      { cause: 'clarification', from: '2026-03-16', to: '2026-03-22' },
    ] as const;
    expect(deadline('gdpr', '2026-03-10', { pauses }).dueOn).toBe('2026-04-20');
  });

  it('counts a pause whose law or type does not know it for nothing', () => {
    const identity = [{ cause: 'identity', from: '2026-03-12', to: '2026-03-20' }] as const;
    const fee = [{ cause: 'fee', from: '2026-03-12', to: '2026-03-20' }] as const;
    const clarification = [{ cause: 'clarification', from: '2026-03-12', to: '2026-03-20' }] as const;
    expect(deadline('ccpa', '2026-03-10', { pauses: identity }).dueOn).toBe('2026-04-24');
    expect(deadline('gdpr', '2026-03-10', { pauses: fee }).dueOn).toBe('2026-04-10');
    expect(deadline('gdpr', '2026-03-10', { pauses: clarification, type: 'delete' }).dueOn).toBe(
      '2026-04-10',
    );
  });

  it('says the end of a shorter month of an extension too', () => {
    const found = deadline('gdpr', '2026-11-30', { extended: true });
    expect(found.steps.map(({ what, on }) => [what, on]).slice(2, 6)).toEqual([
      ['extension-notice', '2026-12-30'],
      ['extension', '2027-02-28'],
      ['clamp', '2027-02-28'],
      ['roll', '2027-03-01'],
    ]);
  });

  it('an extension to a named day never ends before a first period that a later pause has moved', () => {
    const pauses = [{ cause: 'identity', from: '2026-03-20', to: '2026-05-20' }] as const;
    const found = deadline('gdpr', '2026-03-10', { extended: true, until: '2026-05-04', pauses });
    expect(found).toMatchObject({ dueOn: '2026-06-10', unsuspendedDueOn: '2026-05-04' });
  });

  it('leaves a pause that still runs out of the day, and marks it', () => {
    const found = deadline('gdpr', '2026-03-10', { pauses: [{ cause: 'identity', from: '2026-03-12' }] });
    expect(found.dueOn).toBe('2026-04-10');
    expect(found.steps.at(-1)).toMatchObject({ what: 'pause-running' });
  });
});

describe('UK GDPR: Article 12A from 2026-02-05 (law.md §8.2)', () => {
  const cases: readonly (readonly [string, string, readonly ClockPause[], string])[] = [
    ['without any pause', '2026-03-10', [], '2026-04-10'],
    [
      'starts again when the proof of identity comes',
      '2026-03-10',
      [{ cause: 'identity', from: '2026-03-12', to: '2026-03-31' }],
      '2026-04-30',
    ],
    [
      'leaves out the nine days of a clarification, both ends counted, and rolls from the Sunday',
      '2026-03-10',
      [{ cause: 'clarification', from: '2026-03-12', to: '2026-03-20' }],
      '2026-04-20',
    ],
    ['rolls from a Saturday', '2026-09-03', [], '2026-10-05'],
    [
      'starts again when the fee is paid, the latest of all counts',
      '2026-03-10',
      [
        { cause: 'fee', from: '2026-03-11', to: '2026-03-17' },
        { cause: 'identity', from: '2026-03-11', to: '2026-03-13' },
      ],
      '2026-04-17',
    ],
  ];
  it.each(cases)('%s', (_, received, pauses, due) => {
    expect(deadline('uk-gdpr', received, { pauses, calendar: england }).dueOn).toBe(due);
  });

  it('has 19 April as the last day of that clarification before it rolls', () => {
    const pauses = [{ cause: 'clarification', from: '2026-03-12', to: '2026-03-20' }] as const;
    const found = deadline('uk-gdpr', '2026-03-10', { pauses, calendar: england });
    expect(found.steps.find(({ what }) => what === 'pause')?.on).toBe('2026-04-19');
    expect(found).toMatchObject({ unsuspendedDueOn: '2026-04-10', extensionNoticeBy: '2026-04-19' });
  });

  it('has the older rule for what was received before', () => {
    expect(deadline('uk-gdpr', '2026-02-04').clock?.source).toBe('UK GDPR Art. 12(3)');
    expect(deadline('uk-gdpr', '2026-02-05').clock?.source).toBe('UK GDPR Art. 12A');
    expect(deadline('uk-gdpr', '2026-02-04').dueOn).toBe('2026-03-04');
  });

  it('acknowledges complaints within 30 days, from 2026-06-19', () => {
    const before = deadline('uk-gdpr', '2026-06-18', { type: 'complaint' });
    const after = deadline('uk-gdpr', '2026-06-19', { type: 'complaint' });
    expect(before).toMatchObject({ acknowledgeBy: undefined, dueOn: undefined });
    expect(after).toMatchObject({ acknowledgeBy: '2026-07-19', dueOn: undefined });
  });
});

describe('California: business days and 45 days (law.md §8.3)', () => {
  it.each([
    ['2026-01-31', '2026-02-13', '2026-02-23', '2026-03-17', '2026-05-01'],
    ['2026-02-10', '2026-02-25', '2026-03-04', '2026-03-27', '2026-05-11'],
    ['2026-03-02', '2026-03-16', '2026-03-23', '2026-04-16', '2026-05-31'],
    ['2026-06-30', '2026-07-15', '2026-07-22', '2026-08-14', '2026-09-28'],
    ['2026-11-20', '2026-12-07', '2026-12-14', '2027-01-04', '2027-02-18'],
    ['2026-12-18', '2027-01-05', '2027-01-12', '2027-02-01', '2027-03-18'],
    ['2028-01-31', '2028-02-14', '2028-02-22', '2028-03-16', '2028-04-30'],
  ])('received %s: acknowledged %s, opt-out %s, 45 days %s, 90 days %s', (received, ack, out, due, last) => {
    const found = deadline('ccpa', received, { type: 'delete', calendar: federal });
    expect(found).toMatchObject({ acknowledgeBy: ack, dueOn: due, extendableTo: last });
    for (const type of ['opt-out', 'limit'] as const)
      expect(deadline('ccpa', received, { type, calendar: federal })).toMatchObject({
        dueOn: out,
        acknowledgeBy: undefined,
        extensionNoticeBy: undefined,
      });
  });

  it('is not moved by the time that verifying takes', () => {
    const pauses = [{ cause: 'identity', from: '2026-02-01', to: '2026-03-10' }] as const;
    const found = deadline('ccpa', '2026-01-31', { type: 'delete', calendar: federal, pauses });
    expect(found).toMatchObject({ dueOn: '2026-03-17', unsuspendedDueOn: '2026-03-17' });
    expect(found.clock?.noPause?.source).toBe('11 CCR §7021(b)');
  });

  it.each([
    ['2026-02-28', '2027-02-28'],
    ['2028-02-29', '2029-03-01'],
  ])('after an opt-out on %s nobody is asked again before %s', (refused, again) => {
    expect(reaskFrom(requireRegime('ccpa'), 'opt-out', refused, federal)?.on).toBe(again);
    expect(reaskFrom(requireRegime('ccpa'), 'delete', refused, federal)).toBeUndefined();
  });

  it.each([
    ['opt-out', undefined, '2026-03-23'],
    ['opt-out', '2026-05-20', '2026-03-23'],
    ['delete', '2026-07-20', '2026-05-31'],
  ] as const)(
    '%s: an extension to %s under another law before ends on %s at the latest',
    (type, until, due) => {
      const asked = { type, calendar: federal, extended: true, until };
      expect(deadline('ccpa', '2026-03-02', asked).dueOn).toBe(due);
    },
  );

  it('runs the clock that ends first for what is still unclear', () => {
    const found = deadline('ccpa', '2026-06-30', { type: 'unclear', calendar: federal });
    expect(found).toMatchObject({ dueOn: '2026-07-22', acknowledgeBy: '2026-07-15' });
  });
});

describe('other laws (law.md §8.4)', () => {
  it.each(['virginia', 'colorado', 'connecticut'])('%s: 45 days, 90 with an extension', (regime) => {
    expect(deadline(regime, '2026-01-31')).toMatchObject({ dueOn: '2026-03-17', extendableTo: '2026-05-01' });
  });

  it.each([
    ['virginia', undefined, '2026-05-31'],
    ['connecticut', undefined, '2026-05-31'],
    ['colorado', undefined, '2026-05-16'],
    ['colorado', { noticeOn: '2026-05-01', reason: 'complexity' }, '2026-07-15'],
  ])('%s: an appeal received on 2026-04-01, extension %o, is decided by %s', (regime, extension, due) => {
    const appeal = { receivedOn: '2026-04-01', extension };
    expect(appealDeadline(requireRegime(regime), appeal, WEEKENDS_ONLY)?.dueOn).toBe(due);
  });

  it('an appeal under a law that has none is none', () => {
    for (const regime of ['gdpr', 'uk-gdpr', 'ccpa', 'lgpd', 'pipeda', 'coppa'])
      expect(appealDeadline(requireRegime(regime), { receivedOn: '2026-04-01' }, WEEKENDS_ONLY)).toBe(
        undefined,
      );
  });

  it.each([
    ['lgpd', '2026-02-20', '2026-03-07', undefined],
    ['lgpd', '2028-02-20', '2028-03-06', undefined],
    ['pipeda', '2026-01-31', '2026-03-02', '2026-04-01'],
    ['australia', '2026-01-31', '2026-03-02', undefined],
  ])('%s, received %s: due %s, at most %s', (regime, received, due, last) => {
    expect(deadline(regime, received)).toMatchObject({ dueOn: due, extendableTo: last });
  });

  it('New Zealand counts twenty working days, and an extension to the day of its notice', async () => {
    const calendar = await publicHolidays('NZ');
    const found = deadline('new-zealand', '2026-03-30', { calendar });
    expect(found).toMatchObject({ dueOn: '2026-04-30', extendableTo: undefined });
    expect(deadline('new-zealand', '2026-03-30', { extended: true, until: '2026-06-01' }).dueOn).toBe(
      '2026-06-01',
    );
  });

  it('COPPA names no day; the policy may', () => {
    expect(deadline('coppa', '2026-03-05', { type: 'parental-review' }).dueOn).toBeUndefined();
    const found = deadline('coppa', '2026-03-05', { type: 'parental-review', own: 'P14D' });
    expect(found.dueOn).toBe('2026-03-19');
    expect(found.steps.at(-1)).toMatchObject({ what: 'due', source: 'policy: deadlines.coppa' });
  });

  it('a breach is told within 72 hours in UTC, whatever the clocks of the place do', () => {
    const by = breachNoticeBy('2026-03-27T15:30:00Z');
    expect(by).toBe('2026-03-30T15:30:00Z');
    const there = new Date(by).toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' });
    expect(there).toBe('17:30:00');
  });
});

describe("the controller's own time", () => {
  it.each([
    ['shortens what the law gives', 'P20D', '2026-03-25'],
    ['never lengthens it', 'P60D', '2026-04-06'],
  ])('%s', (_, own, due) => {
    expect(deadline('gdpr', '2026-03-05', { own }).dueOn).toBe(due);
  });

  it('is over once the notice of an extension has named another day', () => {
    const found = deadline('gdpr', '2026-03-05', { own: 'P20D', extended: true });
    expect(found).toMatchObject({ dueOn: '2026-06-05', extensionNoticeBy: '2026-04-05' });
  });

  it('stands still with the clock', () => {
    const pauses = [{ cause: 'identity', from: '2026-03-10', to: '2026-03-15' }] as const;
    expect(deadline('gdpr', '2026-03-05', { own: 'P20D', pauses }).dueOn).toBe('2026-03-30');
  });
});

describe('where the residence is unknown', () => {
  it('a law of parents does not run for what grown-ups ask, whatever time the policy names', () => {
    const own = () => ({ calendar: federal, own: 'P14D' });
    expect(strictestRegime(['coppa', 'ccpa'], { type: 'delete', receivedOn: '2026-03-05' }, own)).toBe(
      'ccpa',
    );
    expect(deadline('coppa', '2026-03-05', { type: 'delete', own: 'P14D' }).dueOn).toBeUndefined();
  });

  const setting = () => ({ calendar: federal });
  it.each([
    [['ccpa', 'gdpr', 'coppa'], 'access', 'gdpr'],
    [['ccpa', 'gdpr', 'coppa'], 'opt-out', 'ccpa'],
    [['ccpa', 'lgpd'], 'access', 'lgpd'],
    [['coppa'], 'access', 'coppa'],
    [['coppa', 'ccpa'], 'delete', 'ccpa'],
    // Both give 45 days; California wants receipt confirmed as well.
    [['virginia', 'ccpa'], 'delete', 'ccpa'],
  ] as const)('of %o for %s the clock of %s runs', (regimes, type, strictest) => {
    expect(strictestRegime(regimes, { type, receivedOn: '2026-03-05' }, setting)).toBe(strictest);
  });
});

describe('the rules themselves', () => {
  const rules = REGIMES.flatMap((regime) => [
    ...regime.clocks.flatMap((clock) => [
      clock,
      clock.start,
      clock.clamp,
      clock.roll,
      clock.extension,
      clock.noPause,
      ...clock.pauses,
    ]),
    ...regime.acknowledgements,
    ...regime.appeals,
    regime.reask,
    regime.unproven,
  ]).filter((rule) => rule !== undefined);

  it('each has words, a source and the day from which it applies', () => {
    for (const { rule, source, from } of rules) {
      expect(rule).not.toBe('');
      expect(source).toMatch(/\d|guid/i);
      expect(from).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  it.each([
    ['GDPR Art. 12(3)', true],
    ['Reg. 1182/71 Art. 3(1)', false],
    ['Reg. 1182/71 Art. 3(2)(c)', false],
    ['Reg. 1182/71 Art. 3(4)', true],
    ['EDPB Guidelines 01/2022 §5.3, GDPR Art. 12(6)', false],
    ['UK GDPR Art. 12A', false],
    ['11 CCR §7021(a)', true],
    ['11 CCR §7026(f)(1), §7060(b)', false],
    ['11 CCR §7027(g)', false],
    ['Cal. Civ. Code §10', false],
  ])('%s was read: %s (law.md §1.1, §2.1, §4, §10)', (source, verified) => {
    const found = rules.filter((rule) => rule.source === source).map((rule) => rule.verified);
    expect(new Set(found)).toEqual(new Set([verified]));
  });

  it('extensions count in the unit of their clock', () => {
    for (const { clocks } of REGIMES)
      for (const { term, extension } of clocks)
        if (extension?.term !== undefined) expect(extension.term.unit).toBe(term?.unit);
  });
});
