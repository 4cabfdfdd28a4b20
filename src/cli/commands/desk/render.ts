import { requestName, subjectName } from '../../../base/ids.ts';
import type { PlainDate } from '../../../base/time.ts';
import type { Policy } from '../../../policy/types.ts';
import type { Desk } from '../../../requests/listing.ts';
import { REQUEST_STATES } from '../../../requests/transitions.ts';
import type { Request } from '../../../store/registers.ts';
import { nextCommand } from '../../next-command.ts';
import type { Output } from '../../output.ts';
import { kindWords } from '../../request-view.ts';
import { wrapWords } from '../../table.ts';
import { urgencyOf, urgencyWords } from '../../urgency.ts';

const HINT = 'dsr --help has every command; dsr status what else is to be seen to';

/** Of when the desk is, and under which policy. */
export interface DeskDay {
  readonly today: PlainDate;
  readonly policy: Pick<Policy, 'fourEyes'>;
}

/** What is due as text: the most urgent first, then how much there is of everything. */
export function renderDesk(output: Output, desk: Desk, day: DeskDay): string {
  const { today } = day;
  const { past, today: now, week, later, first } = desk;
  const waiting = past + now + week + later;
  const below = [...wrapped(output, renderCounts(desk)), '', ...wrapped(output, [HINT])];
  if (waiting === 0) return [`nothing is due (${today})`, ...below].join('\n');
  const more = waiting - first.length;
  return [
    ...wrapped(output, [renderTotals(desk, today)]),
    '',
    output.table(
      COLUMNS,
      first.map((request) => rowOf(request, day)),
    ),
    ...(more > 0 ? [`… and ${more} more: dsr request list`] : []),
    ...below,
  ].join('\n');
}

const COLUMNS = [
  'when',
  { title: 'owed', rank: 3 },
  'request',
  { title: 'type', rank: 5, least: 8 },
  { title: 'state', rank: 4 },
  { title: 'who', rank: 1 },
  { title: 'assignee', rank: 2 },
  'next',
];

function rowOf(request: Request, { today, policy }: DeskDay): readonly (string | undefined)[] {
  const urgency = urgencyOf(request, today);
  return [
    urgencyWords(urgency),
    urgency.owed,
    requestName(request.id),
    kindWords(request),
    request.state,
    request.subject === undefined ? 'nobody known' : subjectName(request.subject),
    request.assignee ?? '',
    nextCommand(request, policy),
  ];
}

function renderTotals({ past, today: now, week, later }: Desk, today: PlainDate): string {
  return `${today}: ${past} past their day, ${now} today, ${week} within 7 days, ${later} later`;
}

function renderCounts({ states }: Desk): readonly string[] {
  const counts = REQUEST_STATES.flatMap((state) =>
    states[state] === undefined ? [] : [`${states[state]} ${state}`],
  );
  return counts.length === 0 ? [] : ['', `requests: ${counts.join(', ')}`];
}

function wrapped(output: Output, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => wrapWords(line, output.width));
}
