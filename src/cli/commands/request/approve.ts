import { ExitCode, usage } from '../../../base/errors.ts';
import { approveRequest, textToApprove } from '../../../requests/approval/approve.ts';
import { agreedPlan } from '../../agree-plan.ts';
import type { CommandContext } from '../../context.ts';
import { nextCommand } from '../../next-command.ts';
import { mayAsk } from '../../prompter.ts';
import { readArmor } from '../../read-armor.ts';
import { requireRequestId } from '../../request-argument.ts';
import { approvalWords, renderHeadline, requestMembers } from '../../request-view.ts';

export interface ApproveInput {
  readonly request: string;
  readonly plan: string | undefined;
  readonly print: boolean;
  readonly signature: string | undefined;
}

export async function run(context: CommandContext, input: ApproveInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const isAsked = input.plan === undefined && !input.print && mayAsk(context.io, context.globals.yes);
  if (input.plan === undefined && !isAsked)
    throw usage('--plan is missing', 'name the plan that you looked at by its digest');
  if (input.print && input.signature !== undefined)
    throw usage('--print and --signature exclude each other', 'first print, then sign, then hand it in');
  if (input.print) return print(context, id, input.plan ?? '');
  const armor = await readArmor(context, input.signature);
  const ledger = await context.openLedger('write');
  const plan = input.plan ?? (await agreedPlan(context, ledger, id));
  const request = await approveRequest(ledger, id, plan, armor);
  context.output.result({ request: requestMembers(request) }, () =>
    [renderHeadline(request), ...approvalWords(request)].join('\n'),
  );
  context.output.note(`next: ${nextCommand(request, ledger.policy) ?? ''}`);
  return ExitCode.done;
}

/** Every byte counts: what is printed is what ssh-keygen signs. */
async function print(context: CommandContext, id: number, plan: string): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const text = await textToApprove(ledger, id, plan);
  context.output.result({ text }, () => text, true);
  return ExitCode.done;
}
