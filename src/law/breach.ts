import type { Instant } from '../base/time.ts';
import { epochOf, instantOf } from '../base/time.ts';
import type { Rule } from './rules.ts';

/** The notice of a breach to the supervisory authority: hours, which no weekend moves. */
const BREACH_NOTICE: Rule & { readonly hours: number } = {
  hours: 72,
  rule: 'within 72 hours after becoming aware, counted in UTC',
  source: 'GDPR Art. 33(1)',
  from: '2018-05-25',
  verified: true,
};

/** The last instant for the notice of a breach, or of phased information on it. */
export function breachNoticeBy(awareAt: Instant): Instant {
  return instantOf(epochOf(awareAt) + BREACH_NOTICE.hours * 3600);
}
