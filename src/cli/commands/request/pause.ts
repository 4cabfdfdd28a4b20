import type { ExitCode } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { pauseRequest } from '../../../requests/clock/pause.ts';
import type { ClockPause } from '../../../store/registers.ts';
import { readCause } from '../../ask-desk.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';

export interface PauseInput {
  readonly request: string;
  readonly for: ClockPause['cause'] | undefined;
  readonly on: string | undefined;
}

export async function run(context: CommandContext, input: PauseInput): Promise<ExitCode> {
  const cause = await readCause(context, input.for);
  const on = parseOptionalDate(input.on, '--on');
  return moveClock(context, input.request, (ledger, id, saying) =>
    pauseRequest(ledger, id, cause, on, saying),
  );
}
