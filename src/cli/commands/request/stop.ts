import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { stopWaiting } from '../../../requests/care/waiting.ts';
import { isEnded } from '../../../requests/transitions.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface StopInput {
  readonly request: string;
  readonly withdrawn: boolean;
}

export async function run(context: CommandContext, input: StopInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const reason = await requireReason(context);
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const request = await stopWaiting(ledger, id, { reason, note }, input.withdrawn);
  context.output.result({ request: requestMembers(request) }, () =>
    [renderHeadline(request), 'the rows are as they were; nothing was erased or changed'].join('\n'),
  );
  const name = requestName(id);
  if (isEnded(request.state)) return ExitCode.done;
  context.output.note(`next: dsr request plan ${name} # where they did ask`);
  context.output.note(`next: dsr request deny ${name} --reason suspected-fraud # where they did not`);
  return ExitCode.done;
}
