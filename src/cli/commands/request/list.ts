import { ExitCode } from '../../../base/errors.ts';
import { requestName, subjectName } from '../../../base/ids.ts';
import { dateIn } from '../../../base/time.ts';
import { isOverdue } from '../../../requests/due.ts';
import type { RequestState } from '../../../requests/transitions.ts';
import type { Request } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import type { Output } from '../../output.ts';
import { kindWords, requestMembers } from '../../request-view.ts';

export interface ListInput {
  readonly overdue: boolean;
  readonly state: RequestState | undefined;
}

export async function run(context: CommandContext, input: ListInput): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  const filter = input.state === undefined ? {} : { state: input.state };
  const all = await ledger.store.read((tx) => tx.entries('request', filter));
  const requests = input.overdue ? all.filter((request) => isOverdue(request, today)) : all;
  const members = requests.map((request) => ({
    ...requestMembers(request),
    overdue: isOverdue(request, today),
  }));
  context.output.result({ requests: members }, () => renderList(context.output, requests, today));
  return ExitCode.done;
}

function renderList(output: Output, requests: readonly Request[], today: string): string {
  if (requests.length === 0) return 'no such request';
  const rows = requests.map((request) => [
    requestName(request.id),
    kindWords(request),
    request.state,
    request.subject === undefined ? 'nobody' : subjectName(request.subject),
    request.receivedOn,
    request.dueOn ?? '',
    isOverdue(request, today) ? 'OVERDUE' : '',
  ]);
  return output.table(['request', 'type', 'state', 'subject', 'received', 'due', ''], rows);
}
