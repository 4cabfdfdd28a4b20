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

// As instants are kept; of these Temporal takes thirty times as long as the engine's own parser.
const KEPT = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Epoch seconds of an instant. */
export function epochOf(instant: Instant): number {
  const kept = KEPT.test(instant) ? Date.parse(instant) : Number.NaN;
  // The engine reads 30 February as a day in March; Temporal refuses it.
  const isThatDay = new Date(kept).getUTCDate() === Number(instant.slice(8, 10));
  return Math.floor((isThatDay ? kept : Temporal.Instant.from(instant).epochMilliseconds) / 1000);
}

/** The newest of some instants, in whatever order; undefined of none. */
export function newestOf(instants: readonly Instant[]): Instant | undefined {
  const [first, ...others] = instants;
  return others.reduce((newest, one) => (isBefore(one, newest) ? newest : one), first);
}

/** The oldest of some instants; undefined of none. */
export function oldestOf(instants: readonly Instant[]): Instant | undefined {
  const [first, ...others] = instants;
  return others.reduce((oldest, one) => (isBefore(one, oldest) ? one : oldest), first);
}

function isBefore(one: Instant, other: Instant | undefined): boolean {
  return other !== undefined && epochOf(one) < epochOf(other);
}

/** Whole days from one instant to another; none where the other is earlier. */
export function daysBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.floor((epochOf(to) - epochOf(from)) / 86_400));
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
