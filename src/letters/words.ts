import type { Period, PlainDate } from '../base/time.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** `5 January 2026`: read alike on both sides of the ocean. */
export function dateWords(date: PlainDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

const UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };

/** `24 months` of `P24M`. */
export function periodWords(period: Period): string {
  const parts = [...period.matchAll(/(\d+)([YMWD])/g)];
  return parts.map(([, count = '', unit = '']) => counted(Number(count), UNITS[unit] ?? '')).join(' and ');
}

/** `1 row`, `3 rows`. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** `a, b and c`. */
export function series(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
