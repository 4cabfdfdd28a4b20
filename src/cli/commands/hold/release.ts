import { ExitCode, usage } from '../../../base/errors.ts';
import { parseName, requestName } from '../../../base/ids.ts';
import { releaseHold } from '../../../retention/hold-acts.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { holdMembers, holdTable } from './members.ts';

export async function run(context: CommandContext, input: { readonly hold: string }): Promise<ExitCode> {
  const id = parseName('H', input.hold);
  if (id === undefined) throw usage('this needs a hold such as H-000003', 'dsr hold list shows them');
  const reason = await requireReason(context);
  const ledger = await context.openLedger('write');
  const { hold, waiting } = await releaseHold(ledger, id, reason);
  const requests = waiting.map((request) => requestName(request.id));
  context.output.result({ hold: holdMembers(hold), holds: [holdMembers(hold)], waiting: requests }, () => {
    const next = requests.map((name) => `a deletion waited for it: dsr request plan ${name}`);
    return [holdTable(context.output, [hold]), ...next].join('\n');
  });
  return ExitCode.done;
}
