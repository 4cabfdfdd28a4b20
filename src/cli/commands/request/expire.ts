import type { ExitCode } from '../../../base/errors.ts';
import { expireRequest } from '../../../requests/clock/expire.ts';
import { moveClock } from '../../clock-moving.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';

export async function run(context: CommandContext, input: { readonly request: string }): Promise<ExitCode> {
  const reason = await requireReason(context);
  return moveClock(context, input.request, (ledger, id, { note }) => expireRequest(ledger, id, reason, note));
}
