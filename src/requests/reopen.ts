import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { CAUSES } from './choices.ts';
import { deadlinesOf } from './clock/clock.ts';
import { endPauses, todayOf } from './clock/clock-state.ts';
import { moveRequest } from './moves.ts';
import type { RequestMove } from './transitions.ts';
import { isVerifiedFor } from './verification/need.ts';

/** Takes up a request again that has ended; its clock still counts from its receipt. */
export async function reopenRequest(
  ledger: Ledger,
  id: number,
  reason: string,
  note: string | undefined,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'reopen', reason, note, further: verifiedAgain }, (request, tx) => {
    tx.facts({ from: request.state });
    return deadlines.reckoned({ ...request, duplicateOf: undefined, clock: running(request, ledger) });
  });
}

/** The clock with nothing awaited any more: what was, came to nothing when the request ended. */
export function running(request: Request, ledger: Pick<Ledger, 'now' | 'policy'>): Request['clock'] {
  return request.clock && endPauses(request.clock, CAUSES, todayOf(ledger));
}

/** The move that follows where whoever asks was verified before. */
export function verifiedAgain(request: Request): RequestMove | undefined {
  return isVerifiedFor(request) ? 'verify' : undefined;
}
