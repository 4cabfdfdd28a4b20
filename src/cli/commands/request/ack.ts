import type { ExitCode } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { acknowledgeRequest } from '../../../requests/clock/acknowledge.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';

export interface AckInput {
  readonly request: string;
  readonly sentOn: string | undefined;
}

export async function run(context: CommandContext, input: AckInput): Promise<ExitCode> {
  const sentOn = parseOptionalDate(input.sentOn, '--sent-on');
  return moveClock(context, input.request, (ledger, id, saying) =>
    acknowledgeRequest(ledger, id, sentOn, saying),
  );
}
