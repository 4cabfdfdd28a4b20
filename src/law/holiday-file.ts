import type { PlainDate } from '../base/time.ts';
import { isDate } from '../base/time.ts';

/** What a file of holidays holds, and which of its places are none. */
export interface HolidayFile {
  /** Date → name; an unnamed one has an empty name. */
  readonly holidays: ReadonlyMap<PlainDate, string>;
  readonly problems: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}

/** Whether a calendar of a policy is a file of dates, not a country or region. */
export function isHolidayFile(calendar: string): boolean {
  return calendar.includes('.');
}

/** Reads lines of `2026-04-06` or `2026-04-06,Easter Monday`; what follows a `#` is a comment. */
export function parseHolidays(text: string): HolidayFile {
  const holidays = new Map<PlainDate, string>();
  const problems: HolidayFile['problems'][number][] = [];
  const refuse = (line: number, column: number, message: string) => problems.push({ line, column, message });
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const content = raw.replace(/#.*$/, '').trimEnd();
    if (content === '') continue;
    const { date, name, column, message } = readLine(content);
    if (date === undefined) refuse(index + 1, column, message);
    else if (holidays.has(date)) refuse(index + 1, 1, 'this date stands in the file twice');
    else holidays.set(date, name);
  }
  if (holidays.size === 0 && problems.length === 0) refuse(1, 1, 'no date stands in the file');
  return { holidays, problems };
}

type Line =
  | { readonly date: PlainDate; readonly name: string; readonly column: 1; readonly message: '' }
  | { readonly date: undefined; readonly name: ''; readonly column: number; readonly message: string };

function readLine(content: string): Line {
  const [date = '', name = '', ...more] = content.split(',');
  const wrong = (column: number, message: string): Line => ({ date: undefined, name: '', column, message });
  if (!/^\d{4}-\d\d-\d\d\s*$/.test(date)) return wrong(1, 'a line starts with a date such as 2026-04-06');
  if (!isDate(date.trim())) return wrong(1, 'the calendar has no such day');
  if (more.length > 0) return wrong(date.length + name.length + 2, 'only a name follows the date');
  return { date: date.trim(), name: name.trim(), column: 1, message: '' };
}
