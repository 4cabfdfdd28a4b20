import { type ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { appealRequest, decideAppeal } from '../../../requests/clock/appeal.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';

export interface AppealInput {
  readonly request: string;
  readonly received: string | undefined;
  readonly decide: string | undefined;
}

export async function run(context: CommandContext, input: AppealInput): Promise<ExitCode> {
  const { request, decide } = input;
  const received = parseOptionalDate(input.received, '--received');
  if (decide === undefined)
    return moveClock(context, request, (ledger, id, saying) => appealRequest(ledger, id, received, saying));
  if (received !== undefined)
    throw usage('--received and --decide do not go together', 'an appeal is taken up first, then decided');
  const reason = await requireReason(context);
  return moveClock(context, request, (ledger, id, { note }) =>
    decideAppeal(ledger, id, decide === 'granted', { reason, note }),
  );
}
