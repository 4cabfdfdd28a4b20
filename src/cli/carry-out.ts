import { usage } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { type SignedCheckpoint, signedCheckpoint } from '../evidence/audit/checkpoint.ts';
import { isPackaged } from '../letters/answer-forms.ts';
import type { Plan } from '../plan/plan.ts';
import { answerRequest } from '../requests/answer.ts';
import type { RunOptions } from '../requests/care/waiting.ts';
import { applyRequest, type Carried } from '../requests/run.ts';
import { isNothing, searchedSources } from '../requests/searched.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request, SearchedSource } from '../store/registers.ts';
import type { Suppression } from '../store/store.ts';
import type { CommandContext } from './context.ts';
import type { Intent } from './right-person.ts';

/** A request that was carried out, with all that its answer says. */
export interface Finished extends Carried {
  readonly plan: Plan;
  readonly nothingHeld: boolean;
  readonly searched: readonly SearchedSource[];
  /** Work orders of the request that nobody has confirmed yet. */
  readonly openOrders: number;
  /** Keyed digests that keep the person from coming back. */
  readonly digests: readonly Suppression[];
  /** Of the audit log after it. */
  readonly checkpoint: SignedCheckpoint;
}

/** The folder that the answer goes to; undefined where there is none, and then `--out` is refused. */
export function packageFolder(
  context: CommandContext,
  request: Request,
  out: string | undefined,
): string | undefined {
  if (isPackaged(request)) return context.path(out ?? `packages/${requestName(request.id)}`);
  if (out !== undefined) throw usage('--out belongs to requests that are answered with a package');
  return undefined;
}

/** Carries out the plan of a request and gathers what its answer says. */
export async function carryOut(
  ledger: Ledger,
  intent: Intent,
  folder: string | undefined,
  options: RunOptions = {},
): Promise<Finished> {
  const { request, plan, view } = intent;
  const carried =
    folder === undefined
      ? await applyRequest(ledger, request.id, plan.digest, options)
      : answered(await answerRequest(ledger, request.id, plan.digest, folder));
  const isOwn = (entry: { readonly request: number }) => entry.request === request.id;
  const { orders, digests, checkpoint, imports } = await ledger.store.read(async (tx) => ({
    orders: await tx.entries('work-order', { request: request.id, state: 'ordered' }),
    digests: request.subject === undefined ? [] : await tx.suppressionsOf(request.subject),
    checkpoint: await signedCheckpoint(tx, ledger),
    imports: await tx.imports(),
  }));
  return {
    ...carried,
    plan,
    nothingHeld: isNothing(view),
    searched: searchedSources(ledger, imports),
    openOrders: orders.length,
    digests: digests.filter(isOwn),
    checkpoint,
  };
}

function answered(request: Request): Carried {
  return { request, applied: request.outcome?.applied ?? [], end: undefined };
}
