import type { ExitCode } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { resumeRequest } from '../../../requests/clock/pause.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';
import type { PauseInput } from './pause.ts';

export async function run(context: CommandContext, input: PauseInput): Promise<ExitCode> {
  const on = parseOptionalDate(input.on, '--on');
  return moveClock(context, input.request, (ledger, id, saying) =>
    resumeRequest(ledger, id, input.for, on, saying),
  );
}
