import { type ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { parseAmount } from '../../../requests/burden.ts';
import { askRequester } from '../../../requests/clock/pause.ts';
import type { ClockPause } from '../../../store/registers.ts';
import { readCause } from '../../ask-desk.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';

export interface AskInput {
  readonly request: string;
  readonly for: ClockPause['cause'] | undefined;
  readonly sentOn: string | undefined;
  readonly until: string | undefined;
  readonly amount: string | undefined;
}

export async function run(context: CommandContext, input: AskInput): Promise<ExitCode> {
  const cause = await readCause(context, input.for);
  const question = {
    cause,
    on: parseOptionalDate(input.sentOn, '--sent-on'),
    until: parseOptionalDate(input.until, '--until'),
    amount: readAmount({ ...input, for: cause }),
  };
  return moveClock(context, input.request, (ledger, id, saying) =>
    askRequester(ledger, id, { ...question, ...saying }),
  );
}

/** A fee is announced with its sum, so that whoever asks can withdraw (EDPB 01/2022 ¶192). */
function readAmount({ for: cause, amount }: AskInput): string | undefined {
  if (cause !== 'fee' && amount !== undefined) throw usage('--amount belongs to --for fee');
  if (cause === 'fee' && amount === undefined)
    throw usage('--amount is missing', 'a fee is announced with its sum: --amount "EUR 15"');
  return amount === undefined ? undefined : parseAmount(amount);
}
