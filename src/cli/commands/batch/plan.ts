import { ExitCode } from '../../../base/errors.ts';
import { batchName, requestName } from '../../../base/ids.ts';
import { needsApproval } from '../../../requests/approval/staff.ts';
import { type BatchChoice, type PlannedBatch, planBatch } from '../../../requests/batch/batch-plan.ts';
import { flagsToReach, radiusOf } from '../../../requests/batch/blast-radius.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { batchMembers, faultMembers, renderBatch, renderFaults } from './members.ts';

export interface PlanInput extends Pick<BatchChoice, 'type' | 'state'> {
  readonly requests: readonly string[];
  readonly bundle: string | undefined;
}

export async function run(context: CommandContext, input: PlanInput): Promise<ExitCode> {
  const { type, state } = input;
  const ids = input.requests.map(requireRequestId);
  const bundle = input.bundle === undefined ? undefined : requireRequestId(input.bundle);
  const ledger = await context.openLedger('write');
  const progress = context.output.progress();
  const planned = await planBatch(ledger, { ids, type, state, bundle }, (done, of) =>
    progress.update(`planned ${done} of ${of}`),
  );
  context.output.result(members(planned), () => render(context, planned));
  if (planned.batch !== undefined) context.output.note(`next: ${await nextOf(ledger, planned)}`);
  return ids.length > 0 && planned.leftOut.length > 0 ? ExitCode.partly : ExitCode.done;
}

interface Total {
  readonly source: string;
  readonly action: string;
  readonly requests: number;
  readonly count: number;
}

/** What all plans together do, by source and action. */
function totalsOf({ plans }: PlannedBatch): readonly Total[] {
  const items = plans.flatMap(({ items }, plan) => items.map((item) => ({ ...item, plan })));
  const groups = Map.groupBy(items, ({ source, action }) => `${source} ${action}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = group.reduce((sum, { records, events }) => sum + records.length + events, 0);
    const { source, action } = first;
    return [{ source, action, requests: new Set(group.map(({ plan }) => plan)).size, count }];
  });
}

function members(planned: PlannedBatch): Record<string, unknown> {
  const { batch, leftOut, blast } = planned;
  return {
    batch: batch === undefined ? null : batchMembers(batch),
    requests: (batch?.requests ?? []).map(({ request, plan }) => ({ id: requestName(request), plan })),
    left_out: leftOut.map(faultMembers),
    totals: totalsOf(planned).map((total) => ({ ...total })),
    reach: { requests: blast.requests, accounts: blast.accounts, all_accounts: blast.allAccounts },
  };
}

function render({ output }: CommandContext, planned: PlannedBatch): string {
  const { batch, leftOut, blast } = planned;
  const left = leftOut.length === 0 ? [] : [`left out: ${leftOut.length}`, ...renderFaults(leftOut)];
  if (batch === undefined) return ['no request could be planned', ...left].join('\n');
  const rows = totalsOf(planned).map(({ source, action, requests, count }) => [
    source,
    action,
    requests,
    count,
  ]);
  const { accounts, allAccounts } = blast;
  return [
    renderBatch(batch),
    '',
    output.table(['source', 'action', 'requests', 'count'], rows),
    ...(accounts === 0 ? [] : ['', `reaches ${accounts} of ${allAccounts} account rows`]),
    ...(left.length === 0 ? [] : ['', ...left]),
  ].join('\n');
}

async function nextOf(ledger: Ledger, { batch, blast }: PlannedBatch): Promise<string> {
  if (batch === undefined) return '';
  const words = `${batchName(batch.id)} --plan ${batch.digest}`;
  const isShared = await ledger.store.read(async (tx) => {
    for (const { request: id } of batch.requests) {
      const request = await tx.entry('request', id);
      if (request !== undefined && needsApproval(request, ledger.policy)) return true;
    }
    return false;
  });
  if (isShared) return `dsr batch approve ${words} # by somebody else`;
  const flags = flagsToReach(blast, radiusOf(ledger.policy));
  return ['dsr batch run', words, '--yes', ...flags].join(' ');
}
