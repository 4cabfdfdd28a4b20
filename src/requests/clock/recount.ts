import type { Request } from '../../store/registers.ts';
import type { Writer } from '../../store/store.ts';
import { EVERY } from '../listing.ts';
import type { Deadlines } from './clock.ts';

/**
 * Makes the days of every request that waits anew, after the calendar or the controller's own times have changed;
 * gives back how many of them have other days now.
 */
export async function recountRequests(tx: Writer, deadlines: Deadlines): Promise<number> {
  let changed = 0;
  for (const request of await tx.entriesDue('request', EVERY)) {
    const next = deadlines.reckoned(request);
    if (hasSameDays(request, next)) continue;
    await tx.put('request', next);
    changed += 1;
  }
  return changed;
}

function hasSameDays(before: Request, after: Request): boolean {
  return (
    before.dueOn === after.dueOn &&
    before.acknowledgeBy === after.acknowledgeBy &&
    before.appeal?.dueOn === after.appeal?.dueOn
  );
}
