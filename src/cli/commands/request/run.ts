import { type ExitCode, refused } from '../../../base/errors.ts';
import { requireAccessFirst } from '../../../requests/care/own-access.ts';
import { requireOver } from '../../../requests/care/waiting.ts';
import { requireRequest } from '../../../requests/find.ts';
import { viewOf } from '../../../requests/plan.ts';
import { requireAcceptedPlan } from '../../../requests/plan-again.ts';
import { requireMove } from '../../../requests/transitions.ts';
import type { Ledger } from '../../../store/ledger.ts';
import { packageFolder } from '../../carry-out.ts';
import type { CommandContext } from '../../context.ts';
import { mayAsk, needsAnswer } from '../../prompter.ts';
import { revealReason } from '../../reason.ts';
import { requireRequestId } from '../../request-argument.ts';
import { recordReveal } from '../../revealing.ts';
import { confirmPerson, type Intent } from '../../right-person.ts';
import { readBeforeAccess, runIntent } from '../../running.ts';

export interface RunInput {
  readonly request: string;
  readonly plan: string | undefined;
  readonly out: string | undefined;
  readonly beforeAccess: boolean;
}

export async function run(context: CommandContext, input: RunInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  requireAnswers(context, input);
  const reason = await revealReason(context);
  const beforeAccess = await readBeforeAccess(context, input.beforeAccess);
  const ledger = await context.openLedger('write');
  const intent = await intentOf(ledger, id, input.plan, beforeAccess);
  const folder = packageFolder(context, intent.request, input.out);
  if (!context.globals.yes) await confirmPerson(context, ledger, intent);
  await recordReveal(ledger, id, reason);
  return runIntent(context, ledger, intent, { folder, reveal: reason !== undefined, beforeAccess });
}

/** Without a person to ask, `--yes` says that one agreed and `--plan` to what. */
function requireAnswers({ io, globals }: CommandContext, { plan }: RunInput): void {
  if (mayAsk(io, globals.yes)) return;
  if (!globals.yes) throw needsAnswer('--yes', false);
  if (plan === undefined) throw needsAnswer('--plan DIGEST', true);
}

function intentOf(
  ledger: Ledger,
  id: number,
  digest: string | undefined,
  beforeAccess: string | undefined,
): Promise<Intent> {
  return ledger.store.read(async (tx) => {
    const request = await requireRequest(tx, id);
    requireMove(request.state, 'apply');
    requireOver(ledger, request);
    const wanted = digest ?? request.plan;
    if (wanted === undefined)
      throw refused('not-planned', 'the request has no plan', 'dsr request plan makes one');
    const { plan } = await requireAcceptedPlan(tx, ledger, request, wanted);
    const intent = { request, plan, view: await viewOf(tx, ledger, request) };
    await requireAccessFirst(tx, intent, beforeAccess);
    return intent;
  });
}
