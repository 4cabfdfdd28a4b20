import { ExitCode } from '../../../base/errors.ts';
import type { Plan } from '../../../plan/plan.ts';
import { requireRequest } from '../../../requests/open.ts';
import { makePlan, viewOf } from '../../../requests/plan.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { Request } from '../../../store/registers.ts';
import { isNothing } from '../../carry-out.ts';
import type { CommandContext } from '../../context.ts';
import { type Freshness, freshness, freshnessMembers } from '../../freshness.ts';
import { checkEdits, checkGrounds, type EditFlags, readEdits } from '../../plan-wishes.ts';
import { revealReason } from '../../reason.ts';
import { renderNothing } from '../../render-finished.ts';
import { planMembers, renderPlan } from '../../render-plan.ts';
import { requireRequestId } from '../../request-argument.ts';
import { nextCommand, remainMembers, renderHeadline, requestMembers } from '../../request-view.ts';
import { recordReveal } from '../../revealing.ts';

export interface PlanInput extends EditFlags {
  readonly request: string;
  readonly ground: readonly string[];
}

interface Planned {
  readonly request: Request;
  readonly plan: Plan;
  readonly nothingHeld: boolean;
  readonly searched: readonly Freshness[];
}

export async function run(context: CommandContext, input: PlanInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const reason = await revealReason(context);
  const edits = await readEdits(context, input);
  const ledger = await context.openLedger('write');
  const { type, parental } = await ledger.store.read((tx) => requireRequest(tx, id));
  const kind = { type, action: parental?.action };
  checkEdits(edits, kind, ledger.policy);
  checkGrounds(input.ground, kind, ledger.policy);
  const planned = await planOf(ledger, await makePlan(ledger, id, { edits, grounds: input.ground }));
  await recordReveal(ledger, id, reason);
  show(context, ledger, planned, reason !== undefined);
  return ExitCode.done;
}

function planOf(ledger: Ledger, { request, plan }: Pick<Planned, 'request' | 'plan'>): Promise<Planned> {
  return ledger.store.read(async (tx) => ({
    request,
    plan,
    nothingHeld: isNothing(await viewOf(tx, ledger, request)),
    searched: freshness(ledger, await tx.imports()),
  }));
}

function show(context: CommandContext, ledger: Ledger, planned: Planned, reveal: boolean): void {
  const { request, plan, nothingHeld, searched } = planned;
  const manner = { policy: ledger.policy, reveal };
  const document = {
    request: requestMembers(request, reveal),
    plan: planMembers(plan, manner),
    permitted_remains: plan.permittedRemains.map(remainMembers),
    nothing_held: nothingHeld,
    searched: searched.map(freshnessMembers),
  };
  context.output.result(document, () =>
    [
      renderHeadline(request),
      ...(nothingHeld ? [renderNothing(searched).join('\n')] : []),
      renderPlan(context.output, plan, manner),
    ].join('\n\n'),
  );
  context.output.note(`next: ${nextCommand(request) ?? ''}`);
}
