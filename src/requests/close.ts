import { refused } from '../base/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { requireRole } from './approval/staff.ts';
import { burdenOfRefusal } from './burden.ts';
import { endWaiting } from './care/restrictions.ts';
import { requireRequest } from './find.ts';
import { draftLetter } from './letters/draft-letter.ts';
import { requireLawfulRefusal } from './letters/refusal-rules.ts';
import { moved, withNote } from './moves.ts';
import { replacePlans } from './plan.ts';

const ENDED_BY = { deny: 'request.denied', withdraw: 'request.withdrawn' } as const;

/**
 * Refuses or ends a request without carrying it out; the reason is a code, words go to the file. A refusal is
 * drafted with its reasons and remedies (GDPR Art. 12(4)).
 */
export async function endRequest(
  ledger: Ledger,
  id: number,
  move: 'deny' | 'withdraw',
  reason: string,
  note: string | undefined,
): Promise<Request> {
  requireRole(ledger, 'desk');
  const entry = { act: ENDED_BY[move], at: ledger.now, actor: ledger.actor, reason, request: id };
  return ledger.store.act(entry, async (tx) => {
    const before = await requireRequest(tx, id);
    if (before.outcome !== undefined)
      throw refused(
        'already-carried-out',
        'what was asked is carried out, at least in part',
        'dsr request show tells what was done',
      );
    if (move === 'deny') requireLawfulRefusal(before, reason, note);
    const request = await endWaiting(tx, moved(before, move, ledger, reason), ledger.now);
    const burden = move === 'deny' ? burdenOfRefusal(ledger, before, reason, note) : before.burden;
    tx.facts({ burden: burden?.finding });
    const ended = { ...(note === undefined ? request : withNote(request, ledger, note)), burden };
    await tx.put('request', ended);
    await replacePlans(tx, id);
    if (move === 'deny') await draftLetter(tx, ledger, ended, 'refusal', { reason, note });
    return ended;
  });
}
