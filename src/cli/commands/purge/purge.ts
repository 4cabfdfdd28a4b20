import { ExitCode, refused } from '../../../base/errors.ts';
import type { Plan, PlanItem } from '../../../plan/plan.ts';
import { type PurgeResult, planPurge, runPurge } from '../../../retention/purge.ts';
import type { CommandContext } from '../../context.ts';
import { endMembers, exitOfEnd, renderEnd } from '../../erasure-end.ts';
import type { Output } from '../../output.ts';

export interface PurgeInput {
  readonly dryRun: boolean;
  readonly plan: string | undefined;
}

export async function run(context: CommandContext, input: PurgeInput): Promise<ExitCode> {
  const ledger = await context.openLedger(input.dryRun ? 'read' : 'write');
  const plan = await planPurge(ledger);
  if (input.plan !== undefined && input.plan !== plan.digest) {
    throw refused('plan-changed', 'what is due is not what this plan says', 'dsr purge --dry-run shows it');
  }
  if (input.dryRun) {
    context.output.result({ dry_run: true, ...planMembers(plan) }, () => renderPlan(context.output, plan));
    return ExitCode.done;
  }
  await confirm(context, plan);
  const result = await runPurge(ledger, plan);
  context.output.result(resultMembers(result, ledger.now), () => renderResult(context, result));
  return exitOfEnd(result.end);
}

async function confirm(context: CommandContext, plan: Plan): Promise<void> {
  if (due(plan).length === 0) return;
  if (!context.globals.yes) context.output.note(renderPlan(context.output, plan));
  if (!(await context.prompter.confirm('Erase all of this?')))
    throw refused('not-confirmed', 'nothing was erased');
}

const GOING: ReadonlySet<PlanItem['action']> = new Set(['erase', 'forget']);

function due(plan: Plan): readonly PlanItem[] {
  return plan.items.filter(({ action }) => GOING.has(action));
}

function spared(plan: Plan): readonly PlanItem[] {
  return plan.items.filter(({ action }) => !GOING.has(action));
}

function planMembers(plan: Plan): Record<string, unknown> {
  return {
    plan: {
      digest: plan.digest,
      instant: plan.instant,
      policy_version: plan.policyVersion,
      items: plan.items.map(itemMembers),
    },
    overdue: due(plan).map(itemMembers),
    protected: spared(plan).map(itemMembers),
  };
}

function itemMembers(item: PlanItem): Record<string, unknown> {
  return {
    source: item.source,
    category: item.category,
    action: item.action,
    count: item.records.length + item.events,
    reason: item.reason,
    basis: item.basis ?? null,
    until: item.until ?? null,
  };
}

function resultMembers(result: PurgeResult, now: string): Record<string, unknown> {
  return {
    ...planMembers(result.plan),
    overdue: [],
    applied: result.applied.map(({ basis, until, ...group }) => ({
      ...group,
      basis: basis ?? null,
      until: until ?? null,
    })),
    rejects: result.rejects,
    bytes: result.bytes,
    ...endMembers(result.end),
    heartbeat: now,
  };
}

function renderPlan(output: Output, plan: Plan): string {
  if (plan.items.length === 0) return `nothing is due\nplan ${plan.digest}`;
  const rows = plan.items.map((item) => [
    item.source,
    item.category,
    item.action,
    item.records.length + item.events,
    item.reason,
    item.until ?? '',
  ]);
  return `${output.table(['source', 'category', 'action', 'count', 'reason', 'until'], rows)}\nplan ${plan.digest}`;
}

const BYTES: Readonly<Record<PurgeResult['bytes'], readonly string[]>> = {
  scrubbed: ['erased here; the ledger was scrubbed'],
  // What keeps them waiting is said with what followed.
  pending: [],
  'not-needed': ['nothing was due'],
};

function renderResult(context: CommandContext, result: PurgeResult): string {
  const { output } = context;
  const rows = result.applied.map((group) => [group.source, group.category, group.action, group.count]);
  const parts = rows.length === 0 ? [] : [output.table(['source', 'category', 'action', 'count'], rows)];
  if (result.rejects > 0) parts.push(`${result.rejects} set-aside rows expired`);
  return [...parts, ...BYTES[result.bytes], ...renderEnd(context, result.end)].join('\n');
}
