import { ExitCode } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import { addSubject } from '../../../requests/care/reassign.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface AddSubjectInput {
  readonly request: string;
  readonly id: string | undefined;
}

export async function run(context: CommandContext, input: AddSubjectInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const words = await readIdentifier(context, input.id);
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const who = parseIdentifier(words, ledger.policy);
  const request = await addSubject(ledger, id, who, { reason: context.globals.reason, note });
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  context.output.note(`it counts once it is verified itself: dsr request verify ${requestName(id)}`);
  return ExitCode.done;
}
