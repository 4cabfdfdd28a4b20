import { ExitCode, refused } from '../../../base/errors.ts';
import { requireRequest } from '../../../requests/open.ts';
import { viewOf } from '../../../requests/plan.ts';
import { requireOpenPlan } from '../../../requests/run.ts';
import { requireMove } from '../../../requests/transitions.ts';
import type { Ledger } from '../../../store/ledger.ts';
import { carryOut, packageFolder } from '../../carry-out.ts';
import type { CommandContext } from '../../context.ts';
import { exitOfEnd } from '../../erasure-end.ts';
import { mayAsk, needsAnswer } from '../../prompter.ts';
import { revealReason } from '../../reason.ts';
import { finishedMembers, noteNext, renderFinished } from '../../render-finished.ts';
import { requireRequestId } from '../../request-argument.ts';
import { recordReveal } from '../../revealing.ts';
import { confirmPerson, type Intent } from '../../right-person.ts';

export interface RunInput {
  readonly request: string;
  readonly plan: string | undefined;
  readonly out: string | undefined;
}

export async function run(context: CommandContext, input: RunInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  requireAnswers(context, input);
  const reason = await revealReason(context);
  const ledger = await context.openLedger('write');
  const intent = await intentOf(ledger, id, input.plan);
  const folder = packageFolder(context, intent.request, input.out);
  if (!context.globals.yes) await confirmPerson(context, ledger, intent);
  await recordReveal(ledger, id, reason);
  const finished = await carryOut(ledger, intent, folder);
  const manner = { policy: ledger.policy, reveal: reason !== undefined };
  context.output.result(finishedMembers(finished, manner), () => renderFinished(context, finished));
  noteNext(context, finished.request);
  return finished.end === undefined ? ExitCode.done : exitOfEnd(finished.end);
}

/** Without a person to ask, `--yes` says that one agreed and `--plan` to what. */
function requireAnswers({ io, globals }: CommandContext, { plan }: RunInput): void {
  if (mayAsk(io, globals.yes)) return;
  if (!globals.yes) throw needsAnswer('--yes', false);
  if (plan === undefined) throw needsAnswer('--plan DIGEST', true);
}

function intentOf(ledger: Ledger, id: number, digest: string | undefined): Promise<Intent> {
  return ledger.store.read(async (tx) => {
    const request = await requireRequest(tx, id);
    requireMove(request.state, 'apply');
    const wanted = digest ?? request.plan;
    if (wanted === undefined)
      throw refused('not-planned', 'the request has no plan', 'dsr request plan makes one');
    const { plan } = await requireOpenPlan(tx, id, wanted);
    return { request, plan, view: await viewOf(tx, ledger, request) };
  });
}
