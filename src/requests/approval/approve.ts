import { refused, type UserError } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { SshKey } from '../../base/ssh-key.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Approval, Request, StoredPlan } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { requireRequest } from '../find.ts';
import { moved, ROUTINE } from '../moves.ts';
import { findOpenPlan } from '../plan.ts';
import { APPROVAL_NAMESPACE, approvalText } from './approval-text.ts';
import { isSignedWith, parseSshSignature } from './ssh-signature.ts';
import { keysOf, loginOf, needsApproval, requireRole } from './staff.ts';

/** A second person accepts a plan by its digest, never the one who planned; an SSH signature proves who. */
export async function approveRequest(
  ledger: Ledger,
  id: number,
  digest: string,
  armor?: string,
): Promise<Request> {
  requireRole(ledger, 'approver');
  const entry = {
    act: 'request.approved',
    at: ledger.now,
    actor: ledger.actor,
    reason: ledger.reason ?? ROUTINE,
    request: id,
  };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    const plan = await requirePlanInForce(tx, id, digest);
    const approval = approvalOf(ledger, { ...plan, name: requestName(id) }, armor);
    requireSignedWhereAsked(ledger, request, approval);
    requireStronger(request.approval, approval);
    const next = { ...moved(request, 'approve', ledger, ledger.reason), approval };
    await tx.put('request', next);
    const { by, key, sameLogin } = approval;
    tx.facts({ plan: digest, by, key, same_login: sameLogin });
    return next;
  });
}

/** What the approver of a plan is to sign; only of the plan in force. */
export async function textToApprove(ledger: Ledger, id: number, digest: string): Promise<string> {
  return ledger.store.read(async (tx) => {
    await requireRequest(tx, id);
    await requirePlanInForce(tx, id, digest);
    return approvalText(ledger.origin, requestName(id), digest);
  });
}

async function requirePlanInForce(tx: Reader, id: number, digest: string): Promise<StoredPlan> {
  const found = await findOpenPlan(tx, id, digest);
  if (found !== undefined) return found;
  throw refused(
    'plan-not-current',
    'this is not the plan in force',
    'dsr request plan shows the plan and its digest',
  );
}

/** A plan, or a batch of them, as it is approved: `name` is what the signed line calls it. */
export interface ToApprove extends Pick<StoredPlan, 'digest' | 'plannedBy' | 'plannedLogin'> {
  readonly name: string;
}

/** The approval of whoever acts: refuses the planner's own, and a signature that does not prove them. */
export function approvalOf(
  ledger: Pick<Ledger, 'now' | 'actor' | 'policy' | 'origin'>,
  { digest, plannedBy, plannedLogin, name }: ToApprove,
  armor: string | undefined,
): Approval {
  const { actor, now: at } = ledger;
  if (plannedBy === actor.name)
    throw refused(
      'own-plan',
      'the one who planned cannot approve',
      'let somebody else approve it with --actor',
    );
  const isSameLogin = plannedLogin === loginOf(actor);
  const approval = {
    plan: digest,
    actor: actor.name,
    at,
    ...(isSameLogin && ({ sameLogin: true } as const)),
  };
  if (armor !== undefined) {
    const text = approvalText(ledger.origin, name, digest);
    return { ...approval, by: 'signature', key: requireOwnSignature(ledger, armor, text).fingerprint };
  }
  return { ...approval, by: 'declaration' };
}

/** The key of the policy with which whoever acts signed a text; any other signature is refused. */
function requireOwnSignature(
  { policy, actor }: Pick<Ledger, 'policy' | 'actor'>,
  armor: string,
  text: string,
): SshKey {
  const keys = keysOf(policy, actor.name);
  if (keys.length === 0)
    throw refused(
      'no-key-of-theirs',
      'the policy has no key of who acts',
      'staff: keys: of the policy names the public keys that sign approvals',
    );
  const signature = parseSshSignature(armor);
  if (signature === undefined) throw badSignature('bad-signature', 'this is not a whole signature of SSH');
  if (signature.namespace !== APPROVAL_NAMESPACE)
    throw badSignature('wrong-namespace', `the signature is not for ${APPROVAL_NAMESPACE}`);
  const own = keys.find(({ blob }) => blob.equals(signature.key));
  if (own === undefined)
    throw badSignature('wrong-key', 'the signature was made with a key that is not of who acts');
  if (!isSignedWith(own, signature, Buffer.from(text), APPROVAL_NAMESPACE))
    throw badSignature('bad-signature', 'the signature is not of this plan of this ledger, or was changed');
  return own;
}

function badSignature(code: string, message: string): UserError {
  return refused(
    code,
    message,
    `dsr request approve R-… --plan DIGEST --print | ssh-keygen -Y sign -n ${APPROVAL_NAMESPACE} -f KEY`,
  );
}

/** Refuses a declaration where the policy wants the approval of such a request signed. */
export function requireSignedWhereAsked({ policy }: Ledger, request: Request, { by }: Approval): void {
  if (by === 'signature' || policy.fourEyes?.signed !== true || !needsApproval(request, policy)) return;
  throw refused(
    'signature-required',
    'the policy wants this approval signed',
    `dsr request approve with --print shows what to sign, with --signature FILE takes the signature`,
  );
}

/** While a request waits it can be approved again: by a signature where a declaration stands, not the other way. */
export function requireStronger(before: Approval | undefined, now: Approval): void {
  if (before?.plan !== now.plan || (now.by === 'signature' && before.by !== 'signature')) return;
  throw refused('already-approved', 'this plan is approved already');
}
