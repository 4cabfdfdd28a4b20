import { ExitCode } from '../../../base/errors.ts';
import { assignRequest } from '../../../requests/assign.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface AssignInput {
  readonly request: string;
  readonly to: string | undefined;
}

export async function run(context: CommandContext, input: AssignInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const to = input.to ?? (await context.prompter.input({ message: 'To whom?', missing: '--to NAME' }));
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const request = await assignRequest(ledger, id, to, { reason: context.globals.reason, note });
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  return ExitCode.done;
}
