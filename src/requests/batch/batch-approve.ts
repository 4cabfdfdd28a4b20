import { refused } from '../../base/errors.ts';
import { batchName } from '../../base/ids.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Batch } from '../../store/registers.ts';
import { approvalText } from '../approval/approval-text.ts';
import { approvalOf, requireSignedWhereAsked, requireStronger } from '../approval/approve.ts';
import { needsApproval, requireRole } from '../approval/staff.ts';
import { findMember, isCarriedOut, requireBatch } from './batch.ts';

/** A second person accepts all plans of a batch by its one digest, under the rules of a single plan. */
export async function approveBatch(
  ledger: Ledger,
  id: number,
  digest: string,
  armor?: string,
): Promise<Batch> {
  requireRole(ledger, 'approver');
  const act = { act: 'batch.approved', at: ledger.now, actor: ledger.actor };
  return ledger.store.act(act, async (tx) => {
    const batch = await requireBatch(tx, id, digest);
    if (batch.state === 'applied')
      throw refused('batch-applied', `nothing of ${batchName(id)} is left to approve`);
    const approval = approvalOf(ledger, { ...batch, name: batchName(id) }, armor);
    for (const member of batch.requests) {
      const found = await findMember(tx, member);
      if (found.request === undefined || isCarriedOut(found)) continue;
      if (!needsApproval(found.request, ledger.policy)) continue;
      requireSignedWhereAsked(ledger, found.request, approval);
      break;
    }
    requireStronger(batch.approval, approval);
    const approved: Batch = { ...batch, state: 'approved', approval };
    await tx.put('batch', approved);
    const { by, key, sameLogin } = approval;
    tx.facts({ batch: id, digest, requests: batch.requests.length, by, key, same_login: sameLogin });
    return approved;
  });
}

/** What the approver of a batch is to sign. */
export async function batchTextToApprove(ledger: Ledger, id: number, digest: string): Promise<string> {
  await ledger.store.read((tx) => requireBatch(tx, id, digest));
  return approvalText(ledger.origin, batchName(id), digest);
}
