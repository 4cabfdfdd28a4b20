import { refused } from '../base/errors.ts';
import { addPeriod } from '../base/periods.ts';
import { dateIn } from '../base/time.ts';
import { grewPastLimit } from '../plan/digest.ts';
import type { Overtaking } from '../plan/overtaken.ts';
import type { Plan } from '../plan/plan.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Batch, Request, StoredPlan } from '../store/registers.ts';
import type { Reader, Writer } from '../store/store.ts';
import { requireApproval, requireRole } from './approval/staff.ts';
import { requireRequest } from './find.ts';
import { findOpenPlan, planNow } from './plan.ts';
import { sealOf } from './seal.ts';
import { requireMove } from './transitions.ts';

/** A plan that was made again, and is to be carried out. */
export interface PlannedAgain {
  readonly request: Request;
  readonly stored: StoredPlan;
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly view: SubjectView;
}

/** What a plan is run beside. */
export interface BesideOthers {
  /** The batch that the plan is run in. */
  readonly batch?: Batch | undefined;
  /** What other plans of the batch have done to rows that it shares with them. */
  readonly overtaking?: Overtaking | undefined;
}

/** The stored plan, made again and found to decide the same; refuses one that is old, replaced or not approved. */
export async function planAgain(
  tx: Writer,
  ledger: Ledger,
  id: number,
  digest: string,
  { batch, overtaking }: BesideOthers = {},
): Promise<PlannedAgain> {
  requireRole(ledger, 'planner');
  const found = await requireRequest(tx, id);
  requireMove(found.state, 'apply');
  const stored = await requireOpenPlan(tx, id, digest);
  // A batch that was approved stands for every plan in it.
  const isByBatch = batch?.approval !== undefined;
  const request = isByBatch ? { ...found, approval: batch.approval } : found;
  requireApproval(request, isByBatch ? batch : stored, ledger.policy);
  requireFresh(stored.plan, request, ledger);
  const { plan, view } = await planNow(tx, ledger, request, stored, stored.plan.instant);
  const isSame = plan.digest === digest || overtaking?.explains(stored.plan, plan, sealOf(ledger)) === true;
  if (!isSame || grewPastLimit(stored.plan, plan))
    throw planChanged('what the plan decides has changed since it was made');
  return { request, stored, plan: { ...plan, digest }, view };
}

/** The plan in force of a request, if it has this digest; another one is refused. */
async function requireOpenPlan(tx: Reader, id: number, digest: string): Promise<StoredPlan> {
  const stored = await findOpenPlan(tx, id, digest);
  if (stored === undefined) throw planChanged('this is not the plan in force');
  return stored;
}

/** The plan in force, where whoever the policy asks for has accepted it: what an operator looks at before it is run. */
export async function requireAcceptedPlan(
  tx: Reader,
  { policy }: Pick<Ledger, 'policy'>,
  request: Request,
  digest: string,
): Promise<StoredPlan> {
  const stored = await requireOpenPlan(tx, request.id, digest);
  requireApproval(request, stored, policy);
  return stored;
}

/** A plan is good for the policy's time, and so long after the waiting time that it is for. */
function requireFresh(plan: Plan, { waiting }: Request, { policy, now }: Ledger): void {
  const { zone } = policy.controller;
  const made = dateIn(plan.instant, zone);
  const from = waiting?.plan === plan.digest && waiting.until > made ? waiting.until : made;
  const last = addPeriod(from, policy.limits.planValid);
  if (dateIn(now, zone) > last) throw planChanged(`the plan was good until ${last}`);
}

function planChanged(message: string) {
  return refused('plan-changed', message, 'dsr request plan makes a new one; look at it before you run it');
}
