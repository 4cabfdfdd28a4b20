import { requestName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { maskValue } from '../base/mask.ts';
import type { PlainDate } from '../base/time.ts';
import type { Explained } from '../requests/clock/clock.ts';
import { isUnanswered } from '../requests/due.ts';
import type { Letter, Request, WorkOrder } from '../store/registers.ts';
import { renderVerbs } from './move-commands.ts';
import { renderRequestOrders } from './order-view.ts';
import type { Output } from './output.ts';
import { renderRemains } from './render-plan.ts';
import { approvalWords, renderHeadline } from './request-view.ts';
import { renderNamed } from './table.ts';
import { answerUrgency, urgencyWords } from './urgency.ts';

/** One request with all that belongs to it. */
export interface RequestFile {
  readonly request: Request;
  readonly deadline: Explained;
  readonly orders: readonly WorkOrder[];
  readonly letters: readonly Letter[];
  readonly today: PlainDate;
  /** Who another system says the person is; not verified, and shown with a reason alone. */
  readonly claims: Readonly<Record<string, Json>> | undefined;
  /** The command that takes it on. */
  readonly next: string | undefined;
}

/** How much of it is shown. */
export interface RequestManner {
  /** What staff and the person wrote. */
  readonly withFile: boolean;
  readonly reveal: boolean;
}

/** A request for a terminal: how it stands, then what was done, then what may be done next. */
export function renderRequest(output: Output, file: RequestFile, manner: RequestManner): string {
  const { request, letters, orders } = file;
  const { outcome } = request;
  const standing = [
    ...askedLines(file, manner),
    ...clockLines(file),
    ...proofLines(output, request),
    ...stateLines(output, request),
  ];
  const parts = [
    [renderHeadline(request)],
    renderNamed(standing, output.width),
    renderLetters(output, letters),
    renderRequestOrders(output, orders),
    outcome === undefined ? [] : renderRemains(outcome.remains),
    renderHistory(output, request),
    manner.withFile ? renderWords(output, request) : [],
    manner.withFile && manner.reveal ? renderNamed(claimLines(file), output.width) : [],
    renderNamed(nextLines(file), output.width),
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

type Line = readonly [name: string, value: string];

function askedLines({ request }: RequestFile, { reveal }: RequestManner): readonly Line[] {
  const { receivedOn, channel, requester, regime, asked, assignee, bundle, duplicateOf, foreign } = request;
  const way = channel === undefined ? '' : ` by ${channel}`;
  const lines: readonly (Line | undefined)[] = [
    ['received', `${receivedOn}${way} from ${requester}, regime ${regime}`],
    asked && ['asked about', `${asked.kind}:${shownValue(asked, reveal)}, by which nobody was known`],
    foreign && [
      'came by',
      `${foreign.protocol}${foreign.sender === undefined ? '' : ` from ${foreign.sender}`}`,
    ],
    assignee === undefined ? undefined : ['assigned to', assignee],
    bundle === undefined || bundle === request.id ? undefined : ['same mail as', requestName(bundle)],
    duplicateOf === undefined ? undefined : ['repeats', requestName(duplicateOf)],
  ];
  return lines.filter((line) => line !== undefined);
}

function claimLines({ request, claims = {} }: RequestFile): readonly Line[] {
  const sender = request.foreign?.sender ?? 'the sender';
  return Object.entries(claims).map(([name, value]) => [
    `${name}, says ${sender}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

function clockLines({ request, deadline, today }: RequestFile): readonly Line[] {
  const { clock, acknowledgeBy, appeal } = request;
  const lines: readonly (Line | undefined)[] = [
    ['answer by', answerWords(request, deadline, today)],
    acknowledgementLine(clock?.acknowledgedOn, acknowledgeBy),
    ...(clock?.pauses ?? []).map(
      ({ cause, from, to }): Line => [
        'paused',
        `for ${cause} from ${from} ${to === undefined ? 'on' : `to ${to}`}`,
      ],
    ),
    clock?.extension && ['extended', `on ${clock.extension.noticeOn}, ${clock.extension.reason}`],
    appeal && ['appeal', `of ${appeal.receivedOn}, ${appealWords(appeal)}`],
  ];
  return lines.filter((line) => line !== undefined);
}

function answerWords(request: Request, deadline: Explained, today: PlainDate): string {
  const { dueOn } = request;
  if (dueOn === undefined) return 'no date that a law or the policy names';
  const left = urgencyWords(answerUrgency(request, today));
  const { unsuspendedDueOn, dueIfResumedToday } = deadline;
  return [
    isUnanswered(request) && request.state !== 'appealed' ? `${dueOn}, ${left}` : dueOn,
    ...(unsuspendedDueOn === undefined || unsuspendedDueOn === dueOn
      ? []
      : [`${unsuspendedDueOn} without the pauses`]),
    ...(dueIfResumedToday === undefined ? [] : [`${dueIfResumedToday} if what is awaited came today`]),
  ].join('; ');
}

function acknowledgementLine(on: PlainDate | undefined, by: PlainDate | undefined): Line | undefined {
  if (on !== undefined) return ['acknowledged', `on ${on}${by === undefined ? '' : `, owed by ${by}`}`];
  return by === undefined ? undefined : ['acknowledge by', by];
}

function appealWords({ dueOn, decided }: NonNullable<Request['appeal']>): string {
  if (decided !== undefined) return decided.granted ? 'granted' : 'refused';
  return dueOn === undefined ? 'no date' : `to be decided by ${dueOn}`;
}

function proofLines(output: Output, request: Request): readonly Line[] {
  const { verification, documents = [] } = request;
  const { verified, method, matched, needed, tries } = verification;
  const points = needed > 0 ? `, ${matched} of ${needed}` : '';
  return [
    ['verified', verified ? `by ${method ?? 'nothing'}${points}` : `no, ${tries} tries made${points}`],
    ...documents.map(
      ({ kind, at, actor }): Line => ['seen', `${kind}, ${output.clock.words(at)} by ${actor}`],
    ),
    ...approvalWords(request).map((words): Line => ['approval', words]),
  ];
}

function stateLines(output: Output, { waiting, disputes = [], burden, answered }: Request): readonly Line[] {
  const lines: readonly (Line | undefined)[] = [
    waiting && ['waiting', `until ${waiting.until}; dsr request stop ends it before`],
    ...disputes.map(
      ({ source, fields, at, endedAt }): Line => [
        'disputed',
        `${source}: ${fields.join(', ')}, since ${output.clock.words(at)}${endedAt === undefined ? '' : `, settled ${output.clock.words(endedAt)}`}`,
      ],
    ),
    burden && ['burden', [burden.finding, burden.fee].filter((words) => words !== undefined).join(', ')],
    answered && ['answered', `${output.clock.words(answered.at)} by hand, in ${answered.extent}`],
  ];
  return lines.filter((line) => line !== undefined);
}

function renderLetters(output: Output, letters: readonly Letter[]): readonly string[] {
  if (letters.length === 0) return [];
  const rows = letters.map(({ kind, at, sentOn, channel }, index) => [
    index + 1,
    kind,
    output.clock.cell(at),
    sentOn ?? 'not yet',
    channel ?? '',
  ]);
  return [output.table(['letter', 'kind', output.clock.head('drafted'), 'sent', 'by'], rows)];
}

function renderHistory(output: Output, { history }: Request): readonly string[] {
  const rows = history.map(({ at, actor, move, to, reason }) => [
    output.clock.cell(at),
    actor,
    move ?? '',
    to,
    reason ?? '',
  ]);
  return [output.table([output.clock.head('at'), 'actor', 'move', 'became', 'reason'], rows)];
}

function renderWords(output: Output, { notes, statements = [] }: Request): readonly string[] {
  return [
    ...notes.map(({ at, actor, text }) => `${output.clock.words(at)} ${actor}: ${text}`),
    ...statements.map(
      ({ at, actor, text }) => `${output.clock.words(at)} statement, noted by ${actor}: ${text}`,
    ),
  ];
}

function nextLines({ request, next }: RequestFile): readonly Line[] {
  return [...(next === undefined ? [] : [['next', next] as const]), ['possible', renderVerbs(request)]];
}

function shownValue({ kind, value }: NonNullable<Request['asked']>, reveal: boolean): string {
  return reveal ? value : maskValue(kind, value);
}
