import { ExitCode, usage } from '../../../base/errors.ts';
import { approveRequest } from '../../../requests/approve.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { nextCommand, renderHeadline, requestMembers } from '../../request-view.ts';

export interface ApproveInput {
  readonly request: string;
  readonly plan: string | undefined;
}

export async function run(context: CommandContext, input: ApproveInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  if (input.plan === undefined)
    throw usage('--plan is missing', 'name the plan that you looked at by its digest');
  const ledger = await context.openLedger('write');
  const request = await approveRequest(ledger, id, input.plan);
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  context.output.note(`next: ${nextCommand(request) ?? ''}`);
  return ExitCode.done;
}
