import { addPeriod, subtractPeriod } from '../base/periods.ts';
import type { Instant, PlainDate } from '../base/time.ts';
import { dateIn, endOfYear, instantOf } from '../base/time.ts';
import type { Category, KeepRule } from '../policy/types.ts';

/** Where dates are counted: at which instant, in which zone. */
export interface RetentionClock {
  readonly instant: Instant;
  readonly zone: string;
}

/** The last day on which a row may be kept under a rule; a row without a date counts from the deletion. */
export function keepUntil(rule: KeepRule, at: number | undefined, clock: RetentionClock): PlainDate {
  const today = dateIn(clock.instant, clock.zone);
  const dated = at === undefined || rule.from === 'deletion' ? today : dateIn(instantOf(at), clock.zone);
  return addPeriod(rule.from === 'end-of-year' ? endOfYear(dated) : dated, rule.for);
}

/** Whether a last day has passed. */
export function hasEnded(until: PlainDate, clock: RetentionClock): boolean {
  return until < dateIn(clock.instant, clock.zone);
}

/**
 * The first date whose rows are still within a category's period; rows dated before it are due.
 * 90 days means 90 by the policy's calendar; an end of year keeps whole years.
 */
export function expiryCutoff(expire: NonNullable<Category['expire']>, clock: RetentionClock): PlainDate {
  const today = dateIn(clock.instant, clock.zone);
  const cutoff = subtractPeriod(today, expire.after);
  return expire.from === 'end-of-year' ? `${cutoff.slice(0, 4)}-01-01` : cutoff;
}
