import { expect, test } from 'vitest';
import { LocalTime } from '../../src/cli/local-time.ts';

const shown: readonly (readonly [string, string, string, string])[] = [
  ['an instant stands on the clock of the zone', 'Europe/Berlin', '2026-01-05T09:00:00Z', '2026-01-05 10:00'],
  ['summer time counts', 'Europe/Berlin', '2026-07-05T09:00:59Z', '2026-07-05 11:00'],
  ['the day can be another one', 'America/Los_Angeles', '2026-01-05T07:59:00Z', '2026-01-04 23:59'],
  ['midnight is hour 0', 'UTC', '2026-01-05T00:00:00Z', '2026-01-05 00:00'],
  ['zones of half an hour', 'Asia/Kolkata', '2026-01-05T20:00:00Z', '2026-01-06 01:30'],
  ['the first of an hour shown twice', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25 02:30 GMT+02:00'],
  ['the second of them', 'Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25 02:30 GMT+01:00'],
];

test.each(shown)('%s', (_name, zone, instant, words) => {
  expect(new LocalTime(zone).cell(instant)).toBe(words);
});

test('the zone is named where the time stands by itself, and in the head of a column', () => {
  const clock = new LocalTime('Europe/Berlin');
  expect(clock.words('2026-01-05T09:00:00Z')).toBe('2026-01-05 10:00 Europe/Berlin');
  expect(clock.head('at')).toBe('at (Europe/Berlin)');
  expect(clock.day('2026-01-05T23:00:00Z')).toBe('2026-01-06');
  expect(clock.cell(undefined)).toBe('');
});
