import { Temporal } from 'temporal-polyfill';
import type { Instant, Period, PlainDate } from './time.ts';

/** The first instant of a date in a time zone. */
export function startOfDay(date: PlainDate, zone: string): Instant {
  return Temporal.PlainDate.from(date)
    .toZonedDateTime({ timeZone: zone })
    .toInstant()
    .toString({ smallestUnit: 'second' });
}

/** Adds a calendar period; month ends clamp: 31 January + 1 month is 28 or 29 February. */
export function addPeriod(date: PlainDate, period: Period): PlainDate {
  return Temporal.PlainDate.from(date).add(Temporal.Duration.from(period)).toString();
}

export function subtractPeriod(date: PlainDate, period: Period): PlainDate {
  return Temporal.PlainDate.from(date).subtract(Temporal.Duration.from(period)).toString();
}

/** Whole years between a birth date and a date, birthdays on 29 February counted on 1 March. */
export function ageOn(birth: PlainDate, on: PlainDate): number {
  const born = Temporal.PlainDate.from(birth);
  const day = Temporal.PlainDate.from(on);
  const passed = day.month > born.month || (day.month === born.month && day.day >= born.day);
  return day.year - born.year - (passed ? 0 : 1);
}
