import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  dateIn,
  daysFromTo,
  instantOf,
  isWeekend,
  parseDate,
  parseInstant,
} from '../../src/base/time.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/Sao_Paulo',
  '+05:45',
];

const instants = fc.integer({ min: -2_208_988_800, max: 7_258_118_399 }).map(instantOf);
const dates = fc.integer({ min: -30_000, max: 80_000 }).map((days) => addDays('1970-01-01', days));

describe('what the engine makes of instants and days is what Temporal makes of them', () => {
  test('the date in a zone', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...ZONES), (instant, zone) => {
        const { year, month, day } = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
        expect(dateIn(instant, zone)).toBe(Temporal.PlainDate.from({ year, month, day }).toString());
      }),
    );
  });

  test('days added, days between, weekends', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -4000, max: 4000 }), (date, days) => {
        const there = Temporal.PlainDate.from(date).add({ days });
        expect(addDays(date, days)).toBe(there.toString());
        expect(daysFromTo(date, there.toString())).toBe(days);
        expect(isWeekend(there.toString())).toBe(there.dayOfWeek >= 6);
      }),
    );
  });

  test('text that is a day, and text that is none', () => {
    const numbers = fc.tuple(fc.nat(3000), fc.nat(15), fc.nat(35));
    fc.assert(
      fc.property(numbers, ([year, month, day]) => {
        const text = [
          String(year).padStart(4, '0'),
          ...[month, day].map((n) => String(n).padStart(2, '0')),
        ].join('-');
        expect(readOr(() => parseDate(text, '--on'))).toBe(
          readOr(() => Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString()),
        );
      }),
    );
  });
});

function readOr(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

describe('an instant of a flag', () => {
  test.each([
    ['2026-11-22', '2026-11-22T00:00:00Z'],
    ['2026-11-22T14:30:00Z', '2026-11-22T14:30:00Z'],
    ['2026-11-22 14:30:15.999-08:00', '2026-11-22T22:30:15Z'],
    ['2026-11-22t14:30z', '2026-11-22T14:30:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseInstant(text, '--as-of')).toBe(instant);
  });

  test.each(['2026-02-29', '2026-11-31T00:00:00Z', '2026-11-22T14:30:00', '22.11.2026', ''])(
    '%j is refused',
    (text) => {
      expect(() => parseInstant(text, '--as-of')).toThrow('--as-of is not a time');
    },
  );
});
