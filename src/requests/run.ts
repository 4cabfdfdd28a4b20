import { type ErasureEnd, finishErasures } from '../evidence/erasure/erasure.ts';
import { type Applied, applyPlan } from '../plan/apply.ts';
import { withoutValues } from '../plan/stored-plan.ts';
import type { Ledger } from '../store/ledger.ts';
import type { AppliedGroup, Request, RequestOutcome } from '../store/registers.ts';
import { endContested } from './care/contested.ts';
import { requireAccessFirst } from './care/own-access.ts';
import { endSpent, endWaiting } from './care/restrictions.ts';
import { type RunOptions, requireServed } from './care/waiting.ts';
import { extentOf, LEAVING, refusalIn } from './extent.ts';
import { requireRequest } from './find.ts';
import { moved, ROUTINE } from './moves.ts';
import { planAgain } from './plan-again.ts';
import { nothingHeldOf } from './searched.ts';
import { settleRequest } from './settle.ts';

/** What the plan of a request has done; its erased bytes are still to be scrubbed. */
export type PlanApplied = Pick<Applied, 'applied' | 'erased'>;

/** A request after its plan was carried out, and what that did. */
export interface Carried {
  readonly request: Request;
  readonly applied: readonly AppliedGroup[];
  /** What followed the erasure; undefined where nothing was erased. */
  readonly end: ErasureEnd | undefined;
}

/** Carries out the plan that was approved, and what follows an erasure. */
export async function applyRequest(
  ledger: Ledger,
  id: number,
  digest: string,
  options: RunOptions = {},
): Promise<Carried> {
  const { applied, erased } = await applyPlanned(ledger, id, digest, options);
  const end = erased ? await finishErasures(ledger, 'if-small') : undefined;
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  return { request, applied, end };
}

/**
 * Carries out the plan that was approved. It is made again, at its own instant, inside the
 * transaction that applies it; where the decisions differ nothing happens (exit 4).
 */
export async function applyPlanned(
  ledger: Ledger,
  id: number,
  digest: string,
  { beforeAccess, ...beside }: RunOptions,
): Promise<PlanApplied> {
  const entry = {
    act: 'request.applied',
    at: ledger.now,
    actor: ledger.actor,
    reason: ledger.reason ?? ROUTINE,
    request: id,
    facts: { plan: digest, before_access: beforeAccess, batch: beside.batch?.id },
  };
  return ledger.store.act(entry, async (tx) => {
    const { request: planned, stored, plan, view } = await planAgain(tx, ledger, id, digest, beside);
    requireServed(ledger, planned, plan);
    await requireAccessFirst(tx, { plan, request: planned, view }, beforeAccess);
    const request = await endWaiting(tx, planned, ledger.now);
    const result = await applyPlan(tx, ledger, plan, view, id);
    await endSpent(tx, view.subjects, ledger.now);
    const outcome: RequestOutcome = {
      at: ledger.now,
      applied: result.applied,
      remains: plan.permittedRemains,
      artifacts: [],
      orders: result.orders,
      bytes: result.erased ? 'pending' : 'not-needed',
      unverified: view.unverified,
      nothingHeld: await nothingHeldOf(tx, ledger, view),
    };
    const whole = joined(request.outcome, outcome);
    const extent = extentOf(whole);
    tx.facts({
      type: request.type,
      extent,
      refusal: extent === 'none' ? refusalIn(whole) : undefined,
      applied: result.applied.map((group) => ({ ...group })),
      orders: result.orders,
    });
    const applied = moved(await endContested(tx, request, plan, ledger.now), 'apply', ledger, ledger.reason);
    await tx.put('request', { ...applied, outcome: whole });
    await tx.put('plan', withoutValues({ ...stored, state: 'applied' }));
    await settleRequest(tx, ledger, id);
    return result;
  });
}

/** What a request has done in all: the rest of a deletion is carried out when its hold is released. */
function joined(before: RequestOutcome | undefined, now: RequestOutcome): RequestOutcome {
  if (before === undefined) return now;
  return {
    ...now,
    // What was held and went the first time is not nothing.
    nothingHeld: before.applied.length > 0 ? before.nothingHeld : now.nothingHeld,
    applied: [...before.applied.filter(({ action }) => !LEAVING.has(action)), ...now.applied],
    orders: before.orders + now.orders,
    bytes: now.bytes === 'not-needed' ? before.bytes : now.bytes,
  };
}
