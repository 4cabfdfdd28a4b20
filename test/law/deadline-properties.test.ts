import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkingCalendar } from '../../src/law/calendar.ts';
import { isWorkingDay, listedCalendar, rollForward } from '../../src/law/calendar.ts';
import { deadlineOf } from '../../src/law/deadline.ts';
import { publicHolidays } from '../../src/law/public-holidays.ts';
import { REGIMES, requireRegime } from '../../src/law/regimes.ts';
import { RIGHTS } from '../../src/law/rules.ts';

const DAY = 86_400_000;
const FIRST = Date.UTC(2024, 0, 1);
const LAST = Date.UTC(2032, 11, 31);
const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
const daysLater = (date: string, days: number) => iso(Date.parse(date) + days * DAY);
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY;

const everyDay = Array.from({ length: (LAST - FIRST) / DAY + 1 }, (_, i) => iso(FIRST + i * DAY));

/** The month after, by rules of its own: the day number, or the last day of a shorter month. */
function monthsLater(date: string, months: number): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 + months, Math.min(day, lastDay)));
}

describe('every receipt from 2024 to 2032', () => {
  it('GDPR: a month and three, clamped, rolled forward only to the next working day', async () => {
    const calendar = await publicHolidays('DE');
    const gdpr = requireRegime('gdpr');
    for (const receivedOn of everyDay) {
      const found = deadlineOf(gdpr, { type: 'access', receivedOn }, { calendar });
      const nominal = monthsLater(receivedOn, 1);
      expect(found.extensionNoticeBy).toBe(nominal);
      expect(found.dueOn).toBe(nextWorkingDay(nominal, calendar));
      expect(found.extendableTo).toBe(nextWorkingDay(monthsLater(receivedOn, 3), calendar));
    }
  });

  it('California: 45 and 90 days that nothing moves; business days are working days', async () => {
    const calendar = await publicHolidays('US');
    const ccpa = requireRegime('ccpa');
    for (const receivedOn of everyDay) {
      const found = deadlineOf(ccpa, { type: 'delete', receivedOn }, { calendar });
      expect(found.dueOn).toBe(daysLater(receivedOn, 45));
      expect(found.extendableTo).toBe(daysLater(receivedOn, 90));
      expect(isWorkingDay(found.acknowledgeBy ?? '', calendar)).toBe(true);
      expect(workingDaysAfter(receivedOn, found.acknowledgeBy ?? '', calendar)).toBe(10);
    }
  });
});

function nextWorkingDay(date: string, calendar: WorkingCalendar): string {
  let day = date;
  while (new Date(day).getUTCDay() % 6 === 0 || calendar.holidayOn(day) !== undefined)
    day = daysLater(day, 1);
  return day;
}

function workingDaysAfter(from: string, to: string, calendar: WorkingCalendar): number {
  let count = 0;
  for (let day = daysLater(from, 1); day <= to; day = daysLater(day, 1))
    if (isWorkingDay(day, calendar)) count += 1;
  return count;
}

const day = fc.integer({ min: 0, max: everyDay.length - 1 }).map((index) => everyDay[index] ?? '');
const calendar = fc
  .uniqueArray(day, { minLength: 1, maxLength: 80 })
  .map((days) => listedCalendar('any.csv', new Map(days.map((date) => [date, 'off']))));

/** The longest first period of any law, and the longest a roll can be in such calendars. */
const LONGEST = 45;

describe('any law, request, calendar and time of the controller', () => {
  it('is never due before receipt, nor past the limit of the law', () => {
    const regime = fc.constantFrom(...REGIMES);
    const own = fc.option(
      fc.integer({ min: 1, max: 90 }).map((days) => `P${days}D`),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        regime,
        fc.constantFrom(...RIGHTS),
        day,
        calendar,
        own,
        (law, type, receivedOn, holidays, period) => {
          const running = { type, receivedOn };
          const found = deadlineOf(law, running, { calendar: holidays, own: period });
          const lawful = deadlineOf(law, running, { calendar: holidays });
          if (found.dueOn === undefined) return;
          expect(found.dueOn > receivedOn).toBe(true);
          if (lawful.dueOn === undefined) return;
          expect(found.dueOn <= lawful.dueOn).toBe(true);
          const rolled = daysBetween(lawful.extensionNoticeBy ?? lawful.dueOn, lawful.dueOn);
          expect(rolled >= 0).toBe(true);
          if (lawful.clock?.term?.unit !== 'working-day')
            expect(daysBetween(receivedOn, lawful.dueOn) - rolled).toBeLessThanOrEqual(LONGEST);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a pause moves the day forward or not at all, and a roll lands on a working day', () => {
    const pause = fc.tuple(fc.constantFrom('identity', 'clarification', 'fee'), day, fc.nat(60));
    const pauses = fc.array(
      pause.map(([cause, from, days]) => ({ cause, from, to: daysLater(from, days) }) as const),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('gdpr', 'uk-gdpr', 'ccpa'),
        day,
        calendar,
        pauses,
        (name, receivedOn, off, all) => {
          const later = all.filter(({ from }) => from >= receivedOn);
          const running = { type: 'access', receivedOn, clock: { pauses: later } } as const;
          const found = deadlineOf(requireRegime(name), running, { calendar: off });
          expect((found.dueOn ?? '') >= (found.unsuspendedDueOn ?? '')).toBe(true);
          if (name === 'ccpa') expect(found.dueOn).toBe(found.unsuspendedDueOn);
          else expect(isWorkingDay(found.dueOn ?? '', off)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('rolling forward is never backward, and twice is once', () => {
    fc.assert(
      fc.property(day, calendar, (date, holidays) => {
        const rolled = rollForward(date, holidays);
        expect(rolled >= date).toBe(true);
        expect(rollForward(rolled, holidays)).toBe(rolled);
      }),
    );
  });
});
