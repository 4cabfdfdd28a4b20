import { Temporal } from 'temporal-polyfill';
import { UserError } from './errors.ts';

/** An instant as RFC 3339 in UTC with whole seconds: `2026-11-22T01:00:00Z`. */
export type Instant = string;
/** A calendar date: `2026-11-22`. */
export type PlainDate = string;
/** An ISO 8601 duration of a policy: `P90D`, `P7Y`. */
export type Period = string;

export function instantOf(epochSeconds: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(epochSeconds * 1000).toString({ smallestUnit: 'second' });
}

export function epochOf(instant: Instant): number {
  return Math.floor(Temporal.Instant.from(instant).epochMilliseconds / 1000);
}

/** The calendar date on which an instant falls in a time zone. */
export function dateIn(instant: Instant, zone: string): PlainDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

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

export function endOfYear(date: PlainDate): PlainDate {
  return `${date.slice(0, 4)}-12-31`;
}

/** Whole years between a birth date and a date, birthdays on 29 February counted on 1 March. */
export function ageOn(birth: PlainDate, on: PlainDate): number {
  const born = Temporal.PlainDate.from(birth);
  const day = Temporal.PlainDate.from(on);
  const passed = day.month > born.month || (day.month === born.month && day.day >= born.day);
  return day.year - born.year - (passed ? 0 : 1);
}

/** Reads `--as-of` and `--taken-at`: an RFC 3339 instant, or a date that means its first instant in UTC. */
export function parseInstant(text: string, flag: string): Instant {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${Temporal.PlainDate.from(text).toString()}T00:00:00Z`;
    return Temporal.Instant.from(text).toString({ smallestUnit: 'second' });
  } catch (cause) {
    throw new UserError('usage', `${flag} is not a time`, {
      exit: 2,
      hint: 'write 2026-11-22 or 2026-11-22T14:30:00Z',
      cause,
    });
  }
}

/** Reads a calendar date of a flag. */
export function parseDate(text: string, flag: string): PlainDate {
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError('not a date');
    return Temporal.PlainDate.from(text).toString();
  } catch (cause) {
    throw new UserError('usage', `${flag} is not a date`, { exit: 2, hint: 'write 2026-11-22', cause });
  }
}
