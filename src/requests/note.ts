import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { requireRole } from './approval/staff.ts';
import { requireRequest } from './find.ts';
import { withNote } from './moves.ts';

/** Adds staff's own words to the file of a request; the audit log learns only that there are some. */
export async function noteRequest(ledger: Ledger, id: number, text: string): Promise<Request> {
  requireRole(ledger, 'desk');
  const entry = { act: 'request.noted', at: ledger.now, actor: ledger.actor, request: id };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    const noted = withNote(request, ledger, text);
    await tx.put('request', noted);
    return noted;
  });
}
