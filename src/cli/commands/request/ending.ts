import { ExitCode } from '../../../base/errors.ts';
import { endRequest } from '../../../requests/close.ts';
import { readRefusal } from '../../ask-refusal.ts';
import type { CommandContext } from '../../context.ts';
import { noteAfterMove } from '../../drafted-letter.ts';
import { requireReason } from '../../reason.ts';
import { requireRequestId } from '../../request-argument.ts';
import { renderHeadline, requestMembers } from '../../request-view.ts';

/** Ends a request without carrying it out; the reason is a code, words go to its file. */
export async function end(
  context: CommandContext,
  words: string,
  to: 'deny' | 'withdraw',
): Promise<ExitCode> {
  const id = requireRequestId(words);
  const { reason, note } =
    to === 'deny'
      ? await readRefusal(context)
      : { reason: await requireReason(context), note: await context.note() };
  const ledger = await context.openLedger('write');
  const request = await endRequest(ledger, id, to, reason, note);
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  await noteAfterMove(context, ledger, request);
  return ExitCode.done;
}
