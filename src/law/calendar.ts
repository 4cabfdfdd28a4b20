import type { PlainDate } from '../base/time.ts';
import { addDays, isWeekend } from '../base/time.ts';

/** Which days are no working days beside Saturdays and Sundays. */
export interface WorkingCalendar {
  /** A country or region (`US`, `DE-BY`) or a file (`office.csv`); undefined where only weekends are off. */
  readonly name: string | undefined;
  /** What the holiday on a date is called; undefined on every other day. */
  holidayOn(date: PlainDate): string | undefined;
  /** Whether the calendar says anything of the year in which a date lies. */
  covers(date: PlainDate): boolean;
}

/** The calendar of a policy that names no holidays. */
export const WEEKENDS_ONLY: WorkingCalendar = {
  name: undefined,
  holidayOn: () => undefined,
  covers: () => true,
};

/** The calendar of a list of holidays; it covers the years of which it has a day, so that a gap is seen. */
export function listedCalendar(name: string, holidays: ReadonlyMap<PlainDate, string>): WorkingCalendar {
  const years = new Set([...holidays.keys()].map((date) => date.slice(0, 4)));
  return {
    name,
    holidayOn: (date) => holidays.get(date),
    covers: (date) => years.has(date.slice(0, 4)),
  };
}

/** Whether a date is neither of a weekend nor a holiday. */
export function isWorkingDay(date: PlainDate, calendar: WorkingCalendar): boolean {
  return !isWeekend(date) && calendar.holidayOn(date) === undefined;
}

/** The date itself, or the next working day where it is none: never an earlier one. */
export function rollForward(date: PlainDate, calendar: WorkingCalendar): PlainDate {
  let day = date;
  while (!isWorkingDay(day, calendar)) day = addDays(day, 1);
  return day;
}

/** The n-th working day after a date, which is not counted itself. */
export function addWorkingDays(date: PlainDate, n: number, calendar: WorkingCalendar): PlainDate {
  let day = date;
  for (let left = n; left > 0; left -= isWorkingDay(day, calendar) ? 1 : 0) day = addDays(day, 1);
  return day;
}

/** The days from one date up to another that are no working days, each with what it is. */
export function daysOff(from: PlainDate, to: PlainDate, calendar: WorkingCalendar): readonly string[] {
  return datesIn(from, to)
    .filter((date) => !isWorkingDay(date, calendar))
    .map((date) => `${date} ${calendar.holidayOn(date) || weekdayOf(date)}`);
}

/** The holidays of a span that are no weekend, each with its name. */
export function holidaysIn(from: PlainDate, to: PlainDate, calendar: WorkingCalendar): readonly string[] {
  return datesIn(from, to)
    .filter((date) => !isWeekend(date) && calendar.holidayOn(date) !== undefined)
    .map((date) => `${date} ${calendar.holidayOn(date)}`.trimEnd());
}

/** Every date from one up to another, which is left out. */
function datesIn(from: PlainDate, to: PlainDate): readonly PlainDate[] {
  const dates: PlainDate[] = [];
  for (let date = from; date < to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

function weekdayOf(date: PlainDate): string {
  if (!isWeekend(date)) return 'holiday';
  return isWeekend(addDays(date, 1)) ? 'Saturday' : 'Sunday';
}
