import { refused } from '../../base/errors.ts';
import { parseSshKeyLine, type SshKey } from '../../base/ssh-key.ts';
import type { Policy, StaffRole } from '../../policy/types.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Approval, Request, StoredPlan } from '../../store/registers.ts';
import type { Actor } from '../../store/store.ts';

/** Who may do the work of a role: planners and approvers also sit at the desk; legal staff have the holds alone. */
const MAY: Readonly<Record<StaffRole, readonly StaffRole[]>> = {
  desk: ['desk', 'planner', 'approver'],
  planner: ['planner'],
  approver: ['approver'],
  legal: ['legal'],
};

/**
 * Refuses an act to whom the policy does not give it. Where the policy names nobody, everybody may do
 * everything; what a schedule does (purge, imports, expiry) needs no role.
 */
export function requireRole({ policy, actor }: Pick<Ledger, 'policy' | 'actor'>, role: StaffRole): void {
  if (mayAct(policy, actor.name, role)) return;
  const hint = `the policy says under staff who may: ${MAY[role].join(', ')}; --actor says who acts`;
  if (findMember(policy, actor.name) === undefined)
    throw refused('not-of-staff', 'the policy does not name who acts as staff', hint);
  throw refused('lacks-role', `who acts has no role that may do the work of ${role}`, hint);
}

/** Whether somebody may do the work of a role, by the policy. */
function mayAct(policy: Pick<Policy, 'staff'>, name: string, role: StaffRole): boolean {
  if (Object.keys(policy.staff).length === 0) return true;
  return findMember(policy, name)?.roles.some((own) => MAY[role].includes(own)) ?? false;
}

/** The login that stands behind an actor's name: of whoever called sudo, where somebody did. */
export function loginOf({ login, sudo }: Actor): string {
  return sudo ?? login;
}

function findMember({ staff }: Pick<Policy, 'staff'>, name: string): Policy['staff'][string] | undefined {
  return Object.hasOwn(staff, name) ? staff[name] : undefined;
}

/** Whether the plan of a request takes a second person; a deletion that a parent asks for is a deletion. */
export function needsApproval(
  { type, parental }: Pick<Request, 'type' | 'parental'>,
  { fourEyes }: Pick<Policy, 'fourEyes'>,
): boolean {
  const types = fourEyes?.types ?? [];
  return types.includes(type) || (parental?.action === 'delete' && types.includes('delete'));
}

/**
 * Where the policy asks for four eyes: refuses to carry out a plan that nobody but its planner has accepted.
 * The approval has to be of exactly this plan, by somebody who still may approve, and signed where the
 * policy wants signatures. A batch hands in its own approval, digest and planner.
 */
export function requireApproval(
  request: Pick<Request, 'type' | 'parental' | 'approval'>,
  plan: Pick<StoredPlan, 'digest' | 'plannedBy'>,
  policy: Pick<Policy, 'fourEyes' | 'staff'>,
): void {
  if (!needsApproval(request, policy)) return;
  const fault = faultOf(request.approval, plan, policy);
  if (fault === undefined) return;
  const hint = `dsr request approve with --plan ${plan.digest}, by somebody else; then run it with that --plan`;
  throw refused('not-approved', fault, hint);
}

function faultOf(
  approval: Approval | undefined,
  { digest, plannedBy }: Pick<StoredPlan, 'digest' | 'plannedBy'>,
  policy: Pick<Policy, 'fourEyes' | 'staff'>,
): string | undefined {
  if (approval === undefined) return 'the policy asks for a second person, and nobody has approved this plan';
  if (approval.plan !== digest) return 'the approval is of another plan';
  if (approval.actor === plannedBy) return 'the one who planned cannot approve';
  if (!mayAct(policy, approval.actor, 'approver')) return 'who approved may not approve any more';
  if (policy.fourEyes?.signed === true && approval.by !== 'signature')
    return 'the policy asks for a signed approval, and this one is by declaration';
  if (approval.by === 'signature' && !keysOf(policy, approval.actor).some(isKeyOf(approval)))
    return 'the policy has no more the key that the approval was signed with';
  return undefined;
}

function isKeyOf({ key }: Approval): (own: SshKey) => boolean {
  return ({ fingerprint }) => fingerprint === key;
}

/** The keys that the policy has of somebody; none where it does not name them. */
export function keysOf(policy: Pick<Policy, 'staff'>, name: string): readonly SshKey[] {
  const keys = findMember(policy, name)?.keys ?? [];
  return keys.map(parseSshKeyLine).filter((key) => typeof key !== 'string');
}
