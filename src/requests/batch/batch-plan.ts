import { UserError } from '../../base/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Batch, Request, RequestType } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { loginOf, requireRole } from '../approval/staff.ts';
import { requireAccessFirst } from '../care/own-access.ts';
import { requireOver } from '../care/waiting.ts';
import { requireRequest } from '../find.ts';
import { EVERY } from '../listing.ts';
import { findOpenPlan, makePlan, type PlanInput } from '../plan.ts';
import type { RequestState } from '../transitions.ts';
import { type BatchMember, batchDigest } from './batch.ts';
import { type Blast, blastOf } from './blast-radius.ts';

/** Which requests a batch is to be made of; those that are named, or all that wait and match. */
export interface BatchChoice {
  readonly ids: readonly number[];
  readonly type: RequestType | undefined;
  readonly state: RequestState | undefined;
  /** The first request of a mail: all that came with it. */
  readonly bundle: number | undefined;
}

/** A request that is not in the batch, and why. */
export interface LeftOut {
  readonly request: number;
  readonly code: string;
  readonly message: string;
}

/** What planning a batch came to. */
export interface PlannedBatch {
  /** Undefined where no request could be planned. */
  readonly batch: Batch | undefined;
  readonly plans: readonly Plan[];
  readonly leftOut: readonly LeftOut[];
  /** What carrying it out reaches. */
  readonly blast: Blast;
}

/** Says how far a long step over many requests is. */
export type OnProgress = (done: number, of: number) => void;

/** States whose requests a batch plans without being told to. */
const PLANNED_UNASKED: ReadonlySet<RequestState> = new Set(['verified', 'planned']);

/**
 * Plans many requests, each in an act of its own, and puts those that could be planned under one digest. One
 * that is planned already is planned again, with the same wishes.
 */
export async function planBatch(
  ledger: Ledger,
  choice: BatchChoice,
  onProgress: OnProgress = () => undefined,
): Promise<PlannedBatch> {
  requireRole(ledger, 'planner');
  const requests = await ledger.store.read((tx) => chosen(tx, choice));
  const members: BatchMember[] = [];
  const plans: Plan[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, request] of requests.entries()) {
    onProgress(index, requests.length);
    const result = await planOne(ledger, request, choice);
    if ('code' in result) leftOut.push(result);
    else {
      members.push({ request: request.id, plan: result.digest });
      plans.push(result);
    }
  }
  const blast = blastOf(plans, await ledger.store.read((tx) => tx.figures()), ledger.policy);
  const batch = members.length === 0 ? undefined : await addBatch(ledger, members, leftOut.length);
  return { batch, plans, leftOut, blast };
}

async function chosen(tx: Reader, { ids, type, state, bundle }: BatchChoice): Promise<readonly Request[]> {
  if (ids.length > 0) {
    const named: Request[] = [];
    for (const id of new Set(ids)) named.push(await requireRequest(tx, id));
    return named;
  }
  const waiting = await tx.entriesDue('request', EVERY, { state });
  return waiting
    .filter((request) => type === undefined || request.type === type)
    .filter((request) => bundle === undefined || request.bundle === bundle)
    .toSorted((a, b) => a.id - b.id);
}

async function planOne(ledger: Ledger, request: Request, choice: BatchChoice): Promise<Plan | LeftOut> {
  const isMeant = choice.ids.length > 0 || choice.state !== undefined;
  if (request.verification.verified && !isMeant && !PLANNED_UNASKED.has(request.state))
    return leave(request, 'on-its-way', `it is ${request.state} already`);
  try {
    requireOver(ledger, request);
    const input = await ledger.store.read(async (tx) => {
      await requireAccessGiven(tx, request);
      return wishesOf(tx, request);
    });
    const { plan } = await makePlan(ledger, request.id, input);
    return plan;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return leave(request, error.code, error.message);
  }
}

/** An erasure takes the package of an access with it: the two never go in one batch. */
async function requireAccessGiven(tx: Reader, request: Request): Promise<void> {
  const { type, parental, subject, alsoSubjects = [] } = request;
  if (subject === undefined) return;
  const plan = { right: type === 'delete' ? type : 'parental-review', parental: parental?.action } as const;
  await requireAccessFirst(tx, { plan, request, view: { subjects: [subject, ...alsoSubjects] } }, undefined);
}

function leave({ id }: Request, code: string, message: string): LeftOut {
  return { request: id, code, message };
}

/** What was wished when the request was planned before; a correction cannot be planned without. */
async function wishesOf(tx: Reader, { id, plan: digest }: Request): Promise<PlanInput> {
  const before = await findOpenPlan(tx, id, digest);
  return { edits: before?.edits ?? [], grounds: before?.grounds ?? [] };
}

async function addBatch(ledger: Ledger, members: readonly BatchMember[], leftOut: number): Promise<Batch> {
  const digest = batchDigest(members);
  const facts = { digest, requests: members.length, left_out: leftOut };
  const act = { act: 'batch.planned', at: ledger.now, actor: ledger.actor, facts };
  return ledger.store.act(act, async (tx) => {
    const batch = await tx.add('batch', {
      state: 'open',
      subject: undefined,
      digest,
      at: ledger.now,
      plannedBy: ledger.actor.name,
      plannedLogin: loginOf(ledger.actor),
      requests: members,
    });
    tx.facts({ batch: batch.id });
    return batch;
  });
}
