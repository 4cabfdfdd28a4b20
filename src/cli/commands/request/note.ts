import { ExitCode, usage } from '../../../base/errors.ts';
import { noteRequest } from '../../../requests/note.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

export async function run(context: CommandContext, input: { readonly request: string }): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const note = await context.note();
  if (note === undefined || note === '')
    throw usage('--note is missing', 'give the words, or - to read them');
  const ledger = await context.openLedger('write');
  const request = await noteRequest(ledger, id, note);
  context.output.result(
    { request: requestMembers(request), notes: request.notes.length },
    () =>
      `${renderHeadline(request)}\n${request.notes.length} ${request.notes.length === 1 ? 'note' : 'notes'} in its file`,
  );
  return ExitCode.done;
}
