// Instants and days by the engine's own means: the calendar arithmetic of `periods.ts` takes as long to load as
// most commands take. `test/base/time.test.ts` holds both to the same results.

import { UserError } from './errors.ts';

/** An instant as RFC 3339 in UTC with whole seconds: `2026-11-22T01:00:00Z`. */
export type Instant = string;
/** A calendar date: `2026-11-22`. */
export type PlainDate = string;
/** An ISO 8601 duration of a policy: `P90D`, `P7Y`. */
export type Period = string;

/** Comes after every day: where nothing names one. */
export const NO_DAY: PlainDate = '9999-12-31';

const DAY_MS = 86_400_000;

export function instantOf(epochSeconds: number): Instant {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, -5)}Z`;
}

// The engine's parser takes more than this, and reads 30 February as a day in March.
const INSTANT =
  /^(\d{4}-\d\d-\d\d)[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** Epoch seconds of an instant. */
export function epochOf(instant: Instant): number {
  const date = INSTANT.exec(instant)?.[1];
  if (date === undefined || !isDate(date)) throw new RangeError('not an instant');
  return Math.floor(Date.parse(instant.toUpperCase().replace(' ', 'T')) / 1000);
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

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The calendar date on which an instant falls in a time zone. */
export function dateIn(instant: Instant, zone: string): PlainDate {
  const at = epochOf(instant) * 1000;
  const day = Number(dayFormatOf(zone).format(at));
  // No zone is a whole day off UTC, so that the date there is that of UTC or one beside it.
  const dates = [at, at + DAY_MS, at - DAY_MS].map(utcDate);
  return dates.find((date) => Number(date.slice(-2)) === day) ?? utcDate(at);
}

function dayFormatOf(zone: string): Intl.DateTimeFormat {
  const known = dayFormats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', { timeZone: zone, day: 'numeric' });
  dayFormats.set(zone, format);
  return format;
}

function utcDate(epochMilliseconds: number): PlainDate {
  return new Date(epochMilliseconds).toISOString().slice(0, -14);
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return utcDate(Date.parse(date) + days * DAY_MS);
}

/** Days from one date to another; negative where the other is earlier. */
export function daysFromTo(from: PlainDate, to: PlainDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function isWeekend(date: PlainDate): boolean {
  return new Date(date).getUTCDay() % 6 === 0;
}

export function endOfYear(date: PlainDate): PlainDate {
  return `${date.slice(0, 4)}-12-31`;
}

/** Reads `--as-of` and `--taken-at`: an RFC 3339 instant, or a date that means its first instant in UTC. */
export function parseInstant(text: string, flag: string): Instant {
  try {
    return isDate(text) ? `${text}T00:00:00Z` : instantOf(epochOf(text));
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
  if (isDate(text)) return text;
  throw new UserError('usage', `${flag} is not a date`, { exit: 2, hint: 'write 2026-11-22' });
}

/** Reads a calendar date of a flag that may be left out. */
export function parseOptionalDate(text: string | undefined, flag: string): PlainDate | undefined {
  return text === undefined ? undefined : parseDate(text, flag);
}

/** Whether a text is a day of the calendar, written `2026-11-22`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(text)) return false;
  return Number(text.slice(8)) <= 28 || utcDate(Date.parse(text)) === text;
}
