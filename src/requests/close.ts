import { refused } from '../base/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { replacePlans } from './plan.ts';

const ENDED_BY = { deny: 'request.denied', withdraw: 'request.withdrawn' } as const;

/** Refuses or ends a request without carrying it out; the reason is a code, words go to the file. */
export async function endRequest(
  ledger: Ledger,
  id: number,
  move: 'deny' | 'withdraw',
  reason: string,
  note: string | undefined,
): Promise<Request> {
  const entry = { act: ENDED_BY[move], at: ledger.now, actor: ledger.actor, reason, request: id };
  return ledger.store.act(entry, async (tx) => {
    const before = await requireRequest(tx, id);
    if (before.outcome !== undefined)
      throw refused(
        'already-carried-out',
        'what was asked is carried out, at least in part',
        'dsr request show tells what was done',
      );
    const request = moved(before, move, ledger, reason);
    const notes =
      note === undefined
        ? request.notes
        : [...request.notes, { at: ledger.now, actor: ledger.actor.name, text: note }];
    const ended = { ...request, notes };
    await tx.put('request', ended);
    await replacePlans(tx, id);
    return ended;
  });
}
