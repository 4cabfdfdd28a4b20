import { ExitCode } from '../../../base/errors.ts';
import { requestName, subjectName } from '../../../base/ids.ts';
import { dateIn } from '../../../base/time.ts';
import type { Policy } from '../../../policy/types.ts';
import { isOverdue } from '../../../requests/due.ts';
import { type Listing, type ListingFilter, listRequests } from '../../../requests/listing.ts';
import type { CommandContext } from '../../context.ts';
import { nextWords } from '../../next-command.ts';
import type { Output } from '../../output.ts';
import { painterOf } from '../../paint-urgency.ts';
import { kindWords, requestMembers } from '../../request-view.ts';
import { answerUrgency, urgencyWords } from '../../urgency.ts';
import { readCount } from '../../whole-number.ts';

export interface ListInput extends ListingFilter {
  readonly limit: string | undefined;
  readonly all: boolean;
}

/** How many requests a listing for people shows where nothing else is said; a document has them all. */
const SHOWN = 200;

export async function run(context: CommandContext, { limit, all, ...filter }: ListInput): Promise<ExitCode> {
  const most = readCount(limit, '--limit') ?? (all || context.globals.json ? undefined : SHOWN);
  const ledger = await context.openLedger('read');
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  const listing = await ledger.store.read((tx) => listRequests(tx, filter, today, most));
  const members = listing.requests.map((request) => ({
    ...requestMembers(request),
    overdue: isOverdue(request, today),
  }));
  context.output.painted(
    { requests: members, total: listing.total },
    () => renderList(context.output, listing, today, ledger.policy),
    await painterOf(context.output),
  );
  return ExitCode.done;
}

/** Columns that a narrow window leaves out have a rank. */
const COLUMNS = [
  'request',
  { title: 'type', least: 8 },
  { title: 'state', rank: 5 },
  { title: 'who', rank: 3 },
  { title: 'received', rank: 1 },
  { title: 'due', rank: 4 },
  'days left',
  { title: 'assignee', rank: 2 },
  'next',
];

function renderList(
  output: Output,
  { requests, total }: Listing,
  today: string,
  policy: Pick<Policy, 'fourEyes'>,
): string {
  if (requests.length === 0) return 'no such request';
  const rows = requests.map((request) => [
    requestName(request.id),
    kindWords(request),
    request.state,
    request.subject === undefined ? 'nobody' : subjectName(request.subject),
    request.receivedOn,
    request.dueOn ?? '',
    urgencyWords(answerUrgency(request, today)),
    request.assignee ?? '',
    nextWords(request, policy) ?? '',
  ]);
  const table = output.table(COLUMNS, rows);
  const more = total - requests.length;
  return more === 0
    ? table
    : `${table}\n… and ${more} more: --all shows them, --state and --type some of them`;
}
