import { refused } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { deadlinesOf } from './clock.ts';
import { clockOf, requireDay } from './clock-state.ts';

/** Notes that receipt was confirmed to whoever asked, on a day (11 CCR §7021(a), DPA 2018 s. 164A). */
export async function acknowledgeRequest(
  ledger: Ledger,
  id: number,
  sentOn: PlainDate | undefined,
  saying: Saying,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'acknowledge', ...saying }, async (request, tx) => {
    const clock = clockOf(request);
    if (clock.acknowledgedOn !== undefined)
      throw refused('already-acknowledged', `receipt was confirmed on ${clock.acknowledgedOn}`);
    const acknowledgedOn = requireDay(ledger, request, sentOn);
    tx.facts({ sent_on: acknowledgedOn });
    const next = deadlines.reckoned({ ...request, clock: { ...clock, acknowledgedOn } });
    await draftLetter(tx, ledger, next, 'acknowledgement', { note: saying.note });
    return next;
  });
}
