import { ExitCode } from '../../../base/errors.ts';
import type { Plan } from '../../../plan/plan.ts';
import { requireRequest } from '../../../requests/find.ts';
import { makePlan, viewOf } from '../../../requests/plan.ts';
import { isNothing, searchedMembers, searchedSources } from '../../../requests/searched.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { FieldEdit, Request, SearchedSource } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { nextCommand } from '../../next-command.ts';
import { askEdit, checkEdits, checkGrounds, type EditFlags, readEdits } from '../../plan-wishes.ts';
import { mayAsk } from '../../prompter.ts';
import { revealReason } from '../../reason.ts';
import { renderNothing } from '../../render-finished.ts';
import { planMembers, renderPlan } from '../../render-plan.ts';
import { requireRequestId } from '../../request-argument.ts';
import { remainMembers, renderHeadline, requestMembers } from '../../request-view.ts';
import { recordReveal } from '../../revealing.ts';

export interface PlanInput extends EditFlags {
  readonly request: string;
  readonly ground: readonly string[];
}

interface Planned {
  readonly request: Request;
  readonly plan: Plan;
  readonly nothingHeld: boolean;
  readonly searched: readonly SearchedSource[];
}

export async function run(context: CommandContext, input: PlanInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const reason = await revealReason(context);
  const given = await readEdits(context, input);
  const ledger = await context.openLedger('write');
  const { type, parental } = await ledger.store.read((tx) => requireRequest(tx, id));
  const kind = { type, action: parental?.action };
  const edits = type === 'edit' && given.length === 0 ? await askedEdits(context) : given;
  checkEdits(edits, kind, ledger.policy);
  checkGrounds(input.ground, kind, ledger.policy);
  const planned = await planOf(ledger, await makePlan(ledger, id, { edits, grounds: input.ground }));
  await recordReveal(ledger, id, reason);
  show(context, ledger, planned, reason !== undefined);
  return ExitCode.done;
}

/** On a terminal what changes is asked for. */
async function askedEdits(context: CommandContext): Promise<readonly FieldEdit[]> {
  return mayAsk(context.io, context.globals.yes) ? [await askEdit(context)] : [];
}

function planOf(ledger: Ledger, { request, plan }: Pick<Planned, 'request' | 'plan'>): Promise<Planned> {
  return ledger.store.read(async (tx) => ({
    request,
    plan,
    nothingHeld: isNothing(await viewOf(tx, ledger, request)),
    searched: searchedSources(ledger, await tx.imports()),
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
    searched: searched.map(searchedMembers),
  };
  context.output.result(document, () =>
    [
      renderHeadline(request),
      ...(nothingHeld ? [renderNothing(context.output.clock, searched).join('\n')] : []),
      renderPlan(context.output, plan, manner),
    ].join('\n\n'),
  );
  context.output.note(`next: ${nextCommand(request, ledger.policy) ?? ''}`);
}
