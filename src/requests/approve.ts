import { refused } from '../base/errors.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { plansOf } from './plan.ts';

/** A second person accepts a plan by its digest; never the one who planned. */
export async function approveRequest(ledger: Ledger, id: number, digest: string): Promise<Request> {
  const entry = {
    act: 'request.approved',
    at: ledger.now,
    actor: ledger.actor,
    request: id,
    facts: { plan: digest },
  };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    const plan = (await plansOf(tx, id)).find(
      (stored) => stored.digest === digest && stored.state === 'open',
    );
    if (plan === undefined)
      throw refused(
        'plan-not-current',
        'this is not the plan in force',
        'dsr request plan shows the plan and its digest',
      );
    if (plan.plannedBy === ledger.actor.name)
      throw refused(
        'own-plan',
        'the one who planned cannot approve',
        'let somebody else approve it with --actor',
      );
    const next = {
      ...moved(request, 'approve', ledger),
      approval: { plan: digest, actor: ledger.actor.name, at: ledger.now },
    };
    await tx.put('request', next);
    return next;
  });
}
