import { describe, expect, it } from 'vitest';
import { addPeriod, startOfDay } from '../../src/base/periods.ts';
import { epochOf } from '../../src/base/time.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { STARTER_POLICY } from '../../src/policy/starter.ts';
import type { KeepRule } from '../../src/policy/types.ts';
import { hasEnded, keepUntil } from '../../src/retention/ends.ts';

const zone = 'Europe/Berlin';
const clockOn = (date: string) => ({ instant: startOfDay(date, zone), zone });

function kept(period: string, date: string): string {
  const rule = { fields: ['id'], when: [], basis: 'tax', for: period, from: 'end-of-year', source: 'law' };
  return keepUntil(rule as KeepRule, epochOf(startOfDay(date, zone)), clockOn('2026-01-05'));
}

describe('how long the law has things kept (law.md §8.5)', () => {
  it.each([
    ['a German invoice', 'P8Y', '2032-12-31', '2033-01-01'],
    ['a German business letter', 'P6Y', '2030-12-31', '2031-01-01'],
    ['a sale under the one-stop shop', 'P10Y', '2034-12-31', '2035-01-01'],
  ])('%s of 2024-03-15, %s: until %s, erasable on %s', (_, period, until, erasable) => {
    expect(kept(period, '2024-03-15')).toBe(until);
    expect(hasEnded(until, clockOn(until))).toBe(false);
    expect(hasEnded(until, clockOn(erasable))).toBe(true);
  });

  it.each([
    ['2026-02-28', '2028-02-28'],
    ['2024-02-29', '2026-02-28'],
  ])('the file of a request of %s is kept until %s by default (11 CCR §7101)', (date, until) => {
    const { requestFileKept } = parsePolicy(STARTER_POLICY, 'dsr.yaml').limits;
    expect(addPeriod(date, requestFileKept)).toBe(until);
  });
});
