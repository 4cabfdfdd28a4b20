import { usage } from '../../../base/errors.ts';
import { batchName, parseName, requestName } from '../../../base/ids.ts';
import type { LeftOut } from '../../../requests/batch/batch-plan.ts';
import type { Batch } from '../../../store/registers.ts';
import { approvalMembers, approvalWords } from '../../request-view.ts';

/** The number of a batch such as `B-000005`. */
export function requireBatchId(words: string): number {
  const id = parseName('B', words.trim());
  if (id !== undefined) return id;
  throw usage('this needs a batch such as B-000005', 'dsr batch plan makes one');
}

/** The digest that was looked at; without it nothing is approved or run. */
export function requireDigest(plan: string | undefined): string {
  if (plan !== undefined) return plan;
  throw usage('--plan is missing', 'name the batch that you looked at by its digest');
}

export function batchMembers({
  id,
  state,
  digest,
  at,
  plannedBy,
  approval,
  requests,
}: Batch): Record<string, unknown> {
  return {
    id: batchName(id),
    state,
    digest,
    planned_at: at,
    planned_by: plannedBy,
    requests: requests.length,
    approval: approval === undefined ? null : approvalMembers(approval),
  };
}

export function renderBatch({ id, state, digest, requests, approval }: Batch): string {
  const approved = approvalWords({ approval });
  const count = requests.length === 1 ? '1 request' : `${requests.length} requests`;
  return [batchName(id), state, count, digest, ...approved].join('  ');
}

export function faultMembers({ request, code, message }: LeftOut): Record<string, unknown> {
  return { request: requestName(request), code, message };
}

/** How many of those that are left out for one reason are named on the screen; a document names all. */
const NAMED = 5;

/** `3 not-verified: who asks is not verified (R-000001, …)`: a line for each reason. */
export function renderFaults(faults: readonly LeftOut[]): readonly string[] {
  const byReason = Map.groupBy(faults, ({ code, message }) => `${code}: ${message}`);
  return [...byReason].map(([reason, some]) => {
    const names = some.slice(0, NAMED).map(({ request }) => requestName(request));
    return `  ${some.length} ${reason} (${[...names, ...(some.length > NAMED ? ['…'] : [])].join(', ')})`;
  });
}
