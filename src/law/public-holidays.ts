import type { PlainDate } from '../base/time.ts';
import { addDays } from '../base/time.ts';
import type { WorkingCalendar } from './calendar.ts';

/** One holiday as the package gives it. */
interface Holiday {
  readonly date: string;
  readonly start: Date;
  readonly end: Date;
  readonly name: string;
  readonly type: string;
  readonly substitute?: boolean;
}

const DAY = 86_400_000;

/** A country (`US`) or one of its regions (`DE-BY`), as a policy names it. */
function partsOf(code: string): readonly [string, string | undefined] {
  const [country = '', region] = code.split('-');
  return [country, region];
}

/** The codes of these that no calendar is known for. */
export async function listUnknownCalendars(codes: readonly string[]): Promise<readonly string[]> {
  if (codes.length === 0) return [];
  const { default: Holidays } = await import('date-holidays');
  const all = new Holidays();
  return codes.filter((code) => {
    const [country, region] = partsOf(code);
    if (!Object.hasOwn(all.getCountries(), country)) return true;
    return region !== undefined && !Object.hasOwn(all.getStates(country) ?? {}, region);
  });
}

/** The public holidays of a country or region, each year worked out when it is first asked for. */
export async function publicHolidays(code: string): Promise<WorkingCalendar> {
  const { default: Holidays } = await import('date-holidays');
  const [country, region] = partsOf(code);
  const rules = region === undefined ? new Holidays(country) : new Holidays(country, region);
  const years = new Map<string, ReadonlyMap<PlainDate, string>>();
  return {
    name: code,
    covers: () => true,
    holidayOn: (date) => {
      const year = date.slice(0, 4);
      let days = years.get(year);
      if (days === undefined) {
        days = daysOff(rules.getHolidays(Number(year), 'en'), country);
        years.set(year, days);
      }
      return days.get(date);
    },
  };
}

function daysOff(holidays: readonly Holiday[], country: string): ReadonlyMap<PlainDate, string> {
  return new Map(
    holidays
      .filter((holiday) => isDayOff(holiday, country))
      .flatMap((holiday) => datesOf(holiday).map((date) => [date, holiday.name] as const)),
  );
}

/** Public holidays from midnight on; in the USA the Friday before a Saturday too, whatever the package calls it (5 U.S.C. §6103(b)). */
function isDayOff({ type, date, substitute }: Holiday, country: string): boolean {
  const isSubstitute = country === 'US' && type === 'bank' && substitute === true;
  return (type === 'public' || isSubstitute) && date.slice(11, 16) === '00:00';
}

/** Some holidays last for days; a night with a change of clocks is a day as well. */
function datesOf({ date, start, end }: Holiday): readonly PlainDate[] {
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY));
  const first = date.slice(0, 10);
  return Array.from({ length: days }, (_, i) => addDays(first, i));
}
