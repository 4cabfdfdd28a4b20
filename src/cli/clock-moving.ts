import { ExitCode } from '../base/errors.ts';
import type { Saying } from '../requests/moves.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { CommandContext } from './context.ts';
import { noteAfterMove } from './drafted-letter.ts';
import { requireRequestId } from './request-argument.ts';
import { renderHeadline, requestMembers } from './request-view.ts';

/** Makes one move of the desk that has to do with the clock, and shows the request after it. */
export async function moveClock(
  context: CommandContext,
  words: string,
  move: (ledger: Ledger, id: number, saying: Saying) => Promise<Request>,
): Promise<ExitCode> {
  const id = requireRequestId(words);
  const saying = { reason: context.globals.reason, note: await context.note() };
  const ledger = await context.openLedger('write');
  const request = await move(ledger, id, saying);
  context.output.result({ request: requestMembers(request) }, () => renderHeadline(request));
  await noteAfterMove(context, ledger, request);
  return ExitCode.done;
}
