import { ExitCode, UserError } from '../../base/errors.ts';
import { batchName } from '../../base/ids.ts';
import { type ErasureEnd, finishErasures } from '../../evidence/erasure/erasure.ts';
import { isPackaged } from '../../letters/answer-forms.ts';
import { Overtaking } from '../../plan/overtaken.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Batch, Request, StoredPlan } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import { answerRequest } from '../answer.ts';
import { requireApproval, requireRole } from '../approval/staff.ts';
import { startWaiting, waitingStand } from '../care/waiting.ts';
import type { BesideOthers } from '../plan-again.ts';
import { applyPlanned } from '../run.ts';
import { type FoundMember, findMember, isCarriedOut, requireBatch } from './batch.ts';
import type { OnProgress } from './batch-plan.ts';
import { type Blast, blastOf, type Radius, requireInside } from './blast-radius.ts';

/** How far one run may reach, and where its packages go. */
export interface BatchRunOptions {
  readonly radius: Radius;
  /** The folder of the package that answers a request. */
  readonly folderOf: (request: number) => string;
  readonly onProgress?: OnProgress;
}

/** What became of one request of a batch. */
export type BatchStep = { readonly request: number; readonly plan: string } & (
  | { readonly result: 'done' | 'done-before' }
  | { readonly result: 'waiting'; readonly until: string }
  | { readonly result: 'failed'; readonly code: string; readonly message: string }
);

/** A run of a batch, request by request. */
export interface BatchRun {
  readonly batch: Batch;
  readonly steps: readonly BatchStep[];
  /** What followed the erasures; undefined where no bytes wait. */
  readonly end: ErasureEnd | undefined;
}

/**
 * Carries out a batch: each request in an act of its own, so that a kill loses nothing and running it again goes
 * on; then one scrub and one proof for all. A request that is refused leaves the others as they are.
 */
export async function runBatch(
  ledger: Ledger,
  id: number,
  digest: string,
  { radius, folderOf, onProgress = () => undefined }: BatchRunOptions,
): Promise<BatchRun> {
  requireRole(ledger, 'planner');
  const { batch, found, blast } = await ledger.store.read((tx) => gather(tx, ledger, id, digest));
  const left = found.filter((member) => !isCarriedOut(member));
  if (left.length > 0) {
    requireInside(blast, radius, `dsr batch run ${batchName(id)} --plan ${digest} --yes`);
    requireAccepted(ledger, batch, left);
  }
  const steps: BatchStep[] = [];
  const overtaking = new Overtaking();
  for (const { stored } of found) if (stored?.state === 'applied') overtaking.add(stored.plan);
  for (const [index, member] of found.entries()) {
    onProgress(index, found.length);
    const step = await carryOne(ledger, { batch, overtaking }, member, folderOf);
    // The rows that two of a batch share were looked at for both.
    if (step.result === 'done' && member.stored !== undefined) overtaking.add(member.stored.plan);
    steps.push(step);
  }
  const after = await noteRun(ledger, batch, steps);
  return {
    batch: after,
    steps,
    end: await finish(ledger, batch),
  };
}

interface Gathered {
  readonly batch: Batch;
  readonly found: readonly FoundMember[];
  /** Of what is left to do. */
  readonly blast: Blast;
}

async function gather(tx: Reader, ledger: Ledger, id: number, digest: string): Promise<Gathered> {
  const batch = await requireBatch(tx, id, digest);
  const found: FoundMember[] = [];
  for (const member of batch.requests) found.push(await findMember(tx, member));
  const plans = found.flatMap((one) =>
    isCarriedOut(one) || one.stored === undefined ? [] : [one.stored.plan],
  );
  return { batch, found, blast: blastOf(plans, await tx.figures(), ledger.policy) };
}

/** Without a second person nothing of the batch is begun, where the policy asks for one. */
function requireAccepted(ledger: Ledger, batch: Batch, left: readonly FoundMember[]): void {
  for (const { request, stored } of left) {
    if (request === undefined || stored === undefined) continue;
    if (batch.approval !== undefined)
      requireApproval({ ...request, approval: batch.approval }, batch, ledger.policy);
    else requireApproval(request, stored, ledger.policy);
  }
}

/** The batch that a request is carried out in, and what others of it have done. */
type Beside = Required<BesideOthers>;

async function carryOne(
  ledger: Ledger,
  beside: Beside,
  found: FoundMember,
  folderOf: BatchRunOptions['folderOf'],
): Promise<BatchStep> {
  const { member, request, stored } = found;
  if (request === undefined || isCarriedOut(found)) return { ...member, result: 'done-before' };
  if (stored?.state !== 'open') return failed(member, 'plan-changed', 'this is not the plan in force');
  try {
    return { ...member, ...(await carry(ledger, { beside, request, stored }, folderOf)) };
  } catch (error) {
    if (!(error instanceof UserError) || error.exit === ExitCode.busy) throw error;
    return failed(member, error.code, error.message);
  }
}

function failed(member: FoundMember['member'], code: string, message: string): BatchStep {
  return { ...member, result: 'failed', code, message };
}

interface ToCarry {
  readonly beside: Beside;
  readonly request: Request;
  readonly stored: StoredPlan;
}

type Fate = { readonly result: 'done' } | { readonly result: 'waiting'; readonly until: string };

/** Starts the waiting time that the policy has for a plan; what need not wait, or has waited, is carried out. */
async function carry(
  ledger: Ledger,
  { beside, request, stored: { plan } }: ToCarry,
  folderOf: BatchRunOptions['folderOf'],
): Promise<Fate> {
  const { id } = request;
  const stand = waitingStand(ledger, request, plan);
  if (stand === 'running') return { result: 'waiting', until: request.waiting?.until ?? '' };
  if (stand === 'to-start') {
    const { waiting } = await startWaiting(ledger, id, plan.digest, beside);
    return { result: 'waiting', until: waiting?.until ?? '' };
  }
  if (isPackaged(request)) await answerRequest(ledger, id, plan.digest, folderOf(id), beside);
  else await applyPlanned(ledger, id, plan.digest, beside);
  return { result: 'done' };
}

/** Notes what a run of a batch came to; one that found nothing to do is no act. */
async function noteRun(ledger: Ledger, batch: Batch, steps: readonly BatchStep[]): Promise<Batch> {
  const count = (result: BatchStep['result']) => steps.filter((step) => step.result === result).length;
  const [done, waiting, failures] = [count('done'), count('waiting'), count('failed')];
  const after = waiting + failures === 0 ? { ...batch, state: 'applied' } : batch;
  if (done + failures === 0 && after.state === batch.state) return batch;
  const facts = { batch: batch.id, digest: batch.digest, done, waiting, failed: failures };
  return ledger.store.act({ act: 'batch.run', at: ledger.now, actor: ledger.actor, facts }, async (tx) => {
    await tx.put('batch', after);
    return after;
  });
}

/** What follows the erasures of a batch, of an earlier run that was killed too. */
async function finish(ledger: Ledger, { requests }: Batch): Promise<ErasureEnd | undefined> {
  const isWaiting = await ledger.store.read(async (tx) => {
    for (const { request: id } of requests) {
      const bytes = (await tx.entry('request', id))?.outcome?.bytes;
      if (bytes === 'pending' || bytes === 'scrubbed') return true;
    }
    return false;
  });
  return isWaiting ? finishErasures(ledger, 'if-small') : undefined;
}
