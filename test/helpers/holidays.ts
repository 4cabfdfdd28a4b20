import type { WorkingCalendar } from '../../src/law/calendar.ts';
import { listedCalendar } from '../../src/law/calendar.ts';

/** Easter Sundays of the years that the worked dates of the law touch. */
const EASTER: Readonly<Record<number, string>> = {
  2024: '2024-03-31',
  2025: '2025-04-20',
  2026: '2026-04-05',
  2027: '2027-03-28',
  2028: '2028-04-16',
};

function beside(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The six days of the worked examples: 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December. */
export const SIX_HOLIDAYS: WorkingCalendar = listedCalendar(
  'six.csv',
  new Map(
    Object.entries(EASTER).flatMap(([year, easter]) =>
      [
        `${year}-01-01`,
        beside(easter, -2),
        beside(easter, 1),
        `${year}-05-01`,
        `${year}-12-25`,
        `${year}-12-26`,
      ].map((date) => [date, 'holiday'] as const),
    ),
  ),
);
