import { refused } from '../base/errors.ts';
import { addPeriod, dateIn } from '../base/time.ts';
import { type ErasureEnd, finishErasures } from '../evidence/erasure/erasure.ts';
import { applyPlan } from '../plan/apply.ts';
import { grewPastLimit } from '../plan/digest.ts';
import type { Plan } from '../plan/plan.ts';
import { withoutValues } from '../plan/stored-plan.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AppliedGroup, Request, RequestOutcome, StoredPlan } from '../store/registers.ts';
import type { Reader, Writer } from '../store/store.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { planNow, plansOf } from './plan.ts';
import { settleRequest } from './settle.ts';
import { requireMove } from './transitions.ts';

/** A request after its plan was carried out, and what that did. */
export interface Carried {
  readonly request: Request;
  readonly applied: readonly AppliedGroup[];
  /** What followed the erasure; undefined where nothing was erased. */
  readonly end: ErasureEnd | undefined;
}

/**
 * Carries out the plan that was approved. It is made again, at its own instant, inside the
 * transaction that applies it; where the decisions differ nothing happens (exit 4).
 */
export async function applyRequest(ledger: Ledger, id: number, digest: string): Promise<Carried> {
  const entry = {
    act: 'request.applied',
    at: ledger.now,
    actor: ledger.actor,
    request: id,
    facts: { plan: digest },
  };
  const applied = await ledger.store.act(entry, async (tx) => {
    const { request, stored, plan, view } = await planAgain(tx, ledger, id, digest);
    const result = await applyPlan(tx, ledger, plan, view, id);
    const outcome: RequestOutcome = {
      at: ledger.now,
      applied: result.applied,
      remains: plan.permittedRemains,
      artifacts: [],
      orders: result.orders,
      bytes: result.erased ? 'pending' : 'not-needed',
    };
    tx.facts({
      type: request.type,
      applied: result.applied.map((group) => ({ ...group })),
      orders: result.orders,
    });
    const applied = moved(request, 'apply', ledger);
    await tx.put('request', { ...applied, outcome: joined(request.outcome, outcome) });
    await tx.put('plan', withoutValues({ ...stored, state: 'applied' }));
    await settleRequest(tx, ledger, id);
    return result;
  });
  const end = applied.erased ? await finishErasures(ledger, 'if-small') : undefined;
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  return { request, applied: applied.applied, end };
}

const STAYING: ReadonlySet<string> = new Set(['hold', 'keep']);

/** What a request has done in all: the rest of a deletion is carried out when its hold is released. */
function joined(before: RequestOutcome | undefined, now: RequestOutcome): RequestOutcome {
  if (before === undefined) return now;
  return {
    ...now,
    applied: [...before.applied.filter(({ action }) => !STAYING.has(action)), ...now.applied],
    orders: before.orders + now.orders,
    bytes: now.bytes === 'not-needed' ? before.bytes : now.bytes,
  };
}

export interface PlannedAgain {
  readonly request: Request;
  readonly stored: StoredPlan;
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly view: SubjectView;
}

/** The stored plan, made again and found to decide the same; refuses one that is old, replaced or not verified. */
export async function planAgain(
  tx: Writer,
  ledger: Ledger,
  id: number,
  digest: string,
): Promise<PlannedAgain> {
  const request = await requireRequest(tx, id);
  requireMove(request.state, 'apply');
  const stored = await requireOpenPlan(tx, id, digest);
  requireFresh(stored.plan, ledger);
  const { plan, view } = await planNow(tx, ledger, request, stored, stored.plan.instant);
  if (plan.digest !== digest || grewPastLimit(stored.plan, plan))
    throw planChanged('what the plan decides has changed since it was made');
  return { request, stored, plan, view };
}

/** The plan in force of a request, if it has this digest; another one is refused. */
export async function requireOpenPlan(tx: Reader, id: number, digest: string): Promise<StoredPlan> {
  const stored = (await plansOf(tx, id)).find((plan) => plan.digest === digest && plan.state === 'open');
  if (stored === undefined) throw planChanged('this is not the plan in force');
  return stored;
}

function requireFresh(plan: Plan, ledger: Ledger): void {
  const { zone } = ledger.policy.controller;
  const last = addPeriod(dateIn(plan.instant, zone), ledger.policy.limits.planValid);
  if (dateIn(ledger.now, zone) > last) throw planChanged(`the plan was good until ${last}`);
}

function planChanged(message: string) {
  return refused('plan-changed', message, 'dsr request plan makes a new one; look at it before you run it');
}
