import type { ExitCode } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { extendRequest } from '../../../requests/clock/extend.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';

export interface ExtendInput {
  readonly request: string;
  readonly sentOn: string | undefined;
  readonly until: string | undefined;
}

export async function run(context: CommandContext, input: ExtendInput): Promise<ExitCode> {
  const sentOn = parseOptionalDate(input.sentOn, '--sent-on');
  const until = parseOptionalDate(input.until, '--until');
  const reason = await requireReason(context);
  return moveClock(context, input.request, (ledger, id, { note }) =>
    extendRequest(ledger, id, { reason, note, sentOn, until }),
  );
}
