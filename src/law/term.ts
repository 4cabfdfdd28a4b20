import { addPeriod } from '../base/periods.ts';
import type { PlainDate } from '../base/time.ts';
import { addDays } from '../base/time.ts';
import type { WorkingCalendar } from './calendar.ts';
import { addWorkingDays } from './calendar.ts';
import type { Rule, Term } from './rules.ts';

/** The last day of a term that begins on a date, which is not counted; month ends are clamped. */
export function endOfTerm(start: PlainDate, { n, unit }: Term, calendar: WorkingCalendar): PlainDate {
  switch (unit) {
    case 'month':
      return addPeriod(start, `P${n}M`);
    case 'day':
      return addDays(start, n);
    case 'working-day':
      return addWorkingDays(start, n, calendar);
  }
}

/** A term and what is added to it, both counted from the start: an extension never starts at a rolled day. */
export function lengthened(term: Term, by: Term): Term {
  if (term.unit !== by.unit) throw new Error('an extension counts in the unit of its term');
  return { n: term.n + by.n, unit: term.unit };
}

/** Whether a month lacks the day on which its period would end. */
export function isClamped(start: PlainDate, end: PlainDate, { unit }: Term): boolean {
  return unit === 'month' && start.slice(8) !== end.slice(8);
}

/** Of several versions of a rule the one in force on a day; before the first, the first. */
export function inForce<R extends Rule>(rules: readonly R[], on: PlainDate): R | undefined {
  const ordered = [...rules].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return ordered.findLast(({ from }) => from <= on) ?? ordered[0];
}

/** The earlier of two days, where there are two. */
export function earlier(one: PlainDate | undefined, other: PlainDate | undefined): PlainDate | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

/** The later of two days; undefined where the second is. */
export function later(one: PlainDate | undefined, other: PlainDate | undefined): PlainDate | undefined {
  return one === undefined || other === undefined || one < other ? other : one;
}
