import { refused } from '../base/errors.ts';
import { requireFreshSources } from '../evidence/backup/awaited-sources.ts';
import type { Identifier } from '../people/identifier.ts';
import { normalise } from '../people/normalise.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutValues } from '../plan/stored-plan.ts';
import { kindOfColumn, tableSource } from '../policy/find.ts';
import { planRequest } from '../rights/plan-request.ts';
import type { PlanContext, SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { FieldEdit, Request, StoredPlan } from '../store/registers.ts';
import type { Reader, Writer } from '../store/store.ts';
import { loginOf, requireRole } from './approval/staff.ts';
import { requireRequest } from './find.ts';
import { moved, ROUTINE } from './moves.ts';
import { sealOf } from './seal.ts';
import { isSomebody, viewNobody } from './subject.ts';
import { requireMove } from './transitions.ts';
import { requireVerified } from './verification/need.ts';
import { requireOtherProof } from './verification/verification.ts';
import { viewVerified } from './verification/verified-view.ts';

/** What is wished of a plan. */
export interface PlanInput {
  readonly edits: readonly FieldEdit[];
  readonly grounds: readonly string[];
}

/** Plans a verified request and keeps the plan; nothing else is written. */
export async function makePlan(
  ledger: Ledger,
  id: number,
  input: PlanInput,
): Promise<{ request: Request; plan: Plan }> {
  requireRole(ledger, 'planner');
  const entry = {
    act: 'request.planned',
    at: ledger.now,
    actor: ledger.actor,
    reason: ledger.reason ?? ROUTINE,
    request: id,
  };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    requireVerified(request);
    requireMove(request.state, 'plan');
    const { plan } = await planNow(tx, ledger, request, input, ledger.now);
    await replacePlans(tx, id);
    await tx.add('plan', {
      state: 'open',
      subject: request.subject,
      request: id,
      digest: plan.digest,
      plannedBy: ledger.actor.name,
      plannedLogin: loginOf(ledger.actor),
      plan,
      ...input,
    });
    const next = { ...moved(request, 'plan', ledger, ledger.reason), plan: plan.digest, approval: undefined };
    await tx.put('request', next);
    tx.facts({ plan: plan.digest, policy_version: plan.policyVersion });
    return { request: next, plan };
  });
}

/** The plan of a request as the ledger stands, at a given instant, with what it was made from. */
export async function planNow(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  input: PlanInput,
  instant: string,
): Promise<{ readonly plan: Plan; readonly view: SubjectView }> {
  await requireFreshSources(tx, ledger.policy);
  requireOtherProof(request, input.edits, ledger.policy);
  const view = await viewOf(tx, ledger, request);
  await requireUnknown(tx, ledger, view, input.edits);
  const wish = { type: request.type, parental: request.parental?.action, level: request.level, ...input };
  return { plan: planRequest(view, wish, await contextOf(tx, ledger, instant)), view };
}

/** What is theirs, as far as it was verified; an empty view where nobody was known by what was asked for, and nobody is. */
export async function viewOf(tx: Reader, ledger: Ledger, request: Request): Promise<SubjectView> {
  if (request.subject !== undefined)
    return viewVerified(tx, ledger, { ...request, subject: request.subject });
  if (request.asked !== undefined && (await isSomebody(tx, ledger, request.asked))) {
    throw refused(
      'somebody-by-now',
      'somebody is known by this identifier since the request was opened',
      'dsr request withdraw ends it; open it again with its --received date, and verify who asks',
    );
  }
  return viewNobody();
}

/** What planners need beside the person: policy, holds in force and the seal, at an instant. */
export async function contextOf(tx: Reader, ledger: Ledger, instant: string): Promise<PlanContext> {
  return {
    policy: ledger.policy,
    policyVersion: ledger.policyVersion,
    instant,
    holds: await tx.entries('hold', { state: 'placed' }),
    seal: sealOf(ledger),
  };
}

/** Ends the open plans of a request; what they held of personal values goes. */
export async function replacePlans(tx: Writer, request: number): Promise<void> {
  for (const plan of await plansOf(tx, request)) {
    if (plan.state === 'open') await tx.put('plan', withoutValues({ ...plan, state: 'replaced' }));
  }
}

/** The plan of a request with this digest that is neither carried out nor replaced. */
export async function findOpenPlan(
  tx: Reader,
  request: number,
  digest: string | undefined,
): Promise<StoredPlan | undefined> {
  return (await plansOf(tx, request)).findLast((plan) => plan.digest === digest && plan.state === 'open');
}

/** Every plan that was made for a request, oldest first. */
export async function plansOf(tx: Reader, request: number): Promise<readonly StoredPlan[]> {
  return tx.entries('plan', { request });
}

/** An identifier under which the ledger knows somebody else's rows would open them to whoever claims it. */
async function requireUnknown(
  tx: Reader,
  ledger: Ledger,
  view: SubjectView,
  edits: readonly FieldEdit[],
): Promise<void> {
  const own = new Set(view.rows.map(({ record }) => record.id));
  for (const edit of edits) {
    const identifier = identifierOf(edit, ledger);
    if (identifier === undefined) continue;
    const rows = await tx.recordsReached([ledger.keys.hasher.reach(identifier)], own.size + 1);
    if (rows.every(({ id }) => own.has(id))) continue;
    throw refused(
      'identifier-in-use',
      `the new value of ${edit.source}.${edit.field} stands in rows that are not this person's`,
      'dsr subject find looks it up; where it is theirs, dsr subject link gives it to them first',
    );
  }
}

function identifierOf({ source: name, field, value }: FieldEdit, { policy }: Ledger): Identifier | undefined {
  const source = tableSource(policy, name);
  const kind = source && kindOfColumn(policy, source, field);
  if (kind === undefined || kind.strength === 'network' || value === undefined) return undefined;
  const normal = normalise(kind, value);
  return normal === undefined ? undefined : { kind: kind.name, value: normal };
}
