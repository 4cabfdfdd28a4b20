import { startOfDay } from '../base/periods.ts';
import { addDays, epochOf, type Instant, instantOf, type PlainDate } from '../base/time.ts';
import { isUnanswered } from '../requests/due.ts';
import type { PermittedRemain, Request } from '../store/registers.ts';

/** Where a request stands, in what the protocols of others have words for. */
export type Standing =
  | { readonly kind: 'received' }
  | { readonly kind: 'in-progress'; readonly isIdentityAwaited: boolean }
  /** Answered here; systems upstream have not confirmed it. */
  | { readonly kind: 'ordered' }
  | { readonly kind: 'nothing-held'; readonly isKnown: boolean }
  | { readonly kind: 'done'; readonly isPart: boolean; readonly remains: readonly PermittedRemain[] }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'expired' };

/** Where a request stands; of a duplicate ask for the one that it repeats. */
export function standingOf(request: Request): Standing {
  const { state, outcome, answered, history } = request;
  if (state === 'withdrawn' || state === 'expired') return { kind: state };
  if (state === 'denied')
    return { kind: 'denied', reason: history.findLast(({ to }) => to === 'denied')?.reason ?? 'other' };
  if (state === 'received') return { kind: 'received' };
  if (isUnanswered(request) || state === 'appealed')
    return { kind: 'in-progress', isIdentityAwaited: state === 'awaiting-verification' };
  if (outcome?.nothingHeld !== undefined)
    return { kind: 'nothing-held', isKnown: request.subject !== undefined };
  if (state !== 'closed') return { kind: 'ordered' };
  const remains = outcome?.remains ?? [];
  return { kind: 'done', isPart: remains.length > 0 || answered?.extent === 'part', remains };
}

/** The last second of a day in a zone: days of duties end with their last hour (Reg. 1182/71 Art. 3). */
export function endOfDay(day: PlainDate, zone: string): Instant {
  return instantOf(epochOf(startOfDay(addDays(day, 1), zone)) - 1);
}

/** What stays, in words without a value: `payments: 3 (legal-obligation: tax, until 2033-01-01)`. */
export function remainWords({ category, count, basis, until }: PermittedRemain): string {
  return `${category}: ${count} (${basis}${until === undefined ? '' : `, until ${until}`})`;
}
