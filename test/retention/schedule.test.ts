import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPeriod } from '../../src/base/periods.ts';
import { expiryCutoff, hasEnded, keepUntil } from '../../src/retention/ends.ts';
import { dueRules } from '../../src/retention/schedule.ts';
import { POLICY } from '../rights/example-policy.ts';

const clock = (instant: string) => ({ instant, zone: 'Europe/Berlin' });

describe('the schedule', () => {
  it.each([
    ['90 days means 90', { after: 'P90D', from: 'date' }, '2026-06-15T10:00:00Z', '2026-03-17'],
    [
      'the day is that of the policy: 22:30 UTC is tomorrow in Berlin',
      { after: 'P90D', from: 'date' },
      '2026-06-14T22:30:00Z',
      '2026-03-17',
    ],
    [
      'a month before 31 March ends in February',
      { after: 'P1M', from: 'date' },
      '2026-03-31T10:00:00Z',
      '2026-02-28',
    ],
    [
      'from the end of the year, whole years stay',
      { after: 'P2Y', from: 'end-of-year' },
      '2026-06-15T10:00:00Z',
      '2024-01-01',
    ],
  ] as const)('%s', (_name, expire, instant, cutoff) => {
    expect(expiryCutoff({ ...expire, source: 'law' }, clock(instant))).toBe(cutoff);
  });

  it('drops a UTC day of a log only when all of it is over in the policy’s zone', () => {
    const [rule] = dueRules(POLICY, clock('2026-06-15T10:00:00Z'));
    // 2026-03-17 begins at 2026-03-16T23:00Z in Berlin, so that UTC day 2026-03-16 is not over yet.
    expect(new Date((rule?.beforeDay ?? 0) * 86_400_000).toISOString()).toBe('2026-03-16T00:00:00.000Z');
  });

  it('never lets a retention end before its period, nor a day later', () => {
    const days = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(days, fc.constantFrom('P7Y', 'P3Y', 'P90D', 'P6M'), (day, period) => {
        const at = day * 86_400 + 43_200;
        const date = new Date(at * 1000).toISOString().slice(0, 10);
        const rule = { fields: [], when: [], basis: 'x', for: period, from: 'date', source: 'law' } as const;
        const until = keepUntil(rule, at, clock('2026-06-15T10:00:00Z'));
        expect(until).toBe(addPeriod(date, period));
        expect(hasEnded(until, clock(`${until}T12:00:00Z`))).toBe(false);
        expect(hasEnded(until, clock(`${addPeriod(until, 'P1D')}T12:00:00Z`))).toBe(true);
      }),
    );
  });
});
