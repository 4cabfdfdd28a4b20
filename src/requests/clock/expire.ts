import { refused } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import { requireRegime } from '../../law/regimes.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import { requireRole } from '../approval/staff.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest } from '../moves.ts';
import { replacePlans } from '../plan.ts';
import { isVerifiedFor } from '../verification/need.ts';
import type { Explained } from './clock.ts';
import { deadlinesOf } from './clock.ts';
import { clockOf, todayOf } from './clock-state.ts';

/**
 * Ends a request whose identity was asked for and never proved: once the day is over until which it was awaited,
 * or, where the law says so, the time for the answer (11 CCR §7021(b)).
 */
export async function expireRequest(
  ledger: Ledger,
  id: number,
  reason: string,
  note: string | undefined,
): Promise<Request> {
  requireRole(ledger, 'desk');
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'expire', reason, note }, async (request, tx) => {
    const over = requireUnproven(request, deadlines.explain(request), todayOf(ledger));
    tx.facts(over);
    await replacePlans(tx, id);
    await draftLetter(tx, ledger, request, 'refusal', { reason: 'identity-not-verified' });
    return request;
  });
}

/** By which day the proof is out of time; refuses a request that is proved, was not asked, or still has time. */
function requireUnproven(
  request: Request,
  { dueOn }: Explained,
  today: PlainDate,
): { readonly awaited_until: PlainDate } | { readonly due_on: PlainDate } {
  if (isVerifiedFor(request))
    throw refused('is-verified', 'who asks is verified: the request is answered or denied');
  const asked = clockOf(request).asked?.filter(({ cause }) => cause === 'identity') ?? [];
  if (asked.length === 0)
    throw refused(
      'identity-not-asked',
      'nobody was asked for proof of identity, and silence ends only what was asked',
      'dsr request ask --for identity --until DATE',
    );
  const until = asked.at(-1)?.until;
  if (until !== undefined && until < today) return { awaited_until: until };
  const rule = requireRegime(request.regime).unproven;
  if (rule !== undefined && dueOn !== undefined && dueOn < today) return { due_on: dueOn };
  throw refused(
    'still-awaited',
    until === undefined
      ? `no day was named until which the proof is awaited${rule === undefined ? '' : `, and the answer is due on ${dueOn ?? 'no day'}`}`
      : `the proof is awaited until ${until}`,
    until === undefined ? 'ask again with --until' : 'after that day it can be ended',
  );
}
