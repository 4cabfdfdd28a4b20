import { ExitCode } from '../../../base/errors.ts';
import { markDuplicate } from '../../../requests/opening/duplicates.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export interface DuplicateInput {
  readonly request: string;
  readonly of: string | undefined;
}

export async function run(context: CommandContext, input: DuplicateInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const question = { message: 'Which request does it repeat? R-000007', missing: '--of R-ID' };
  const of = requireRequestId(input.of ?? (await context.prompter.input(question)));
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const request = await markDuplicate(ledger, id, of, context.globals.reason, note);
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  return ExitCode.done;
}
