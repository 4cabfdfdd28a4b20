import { requestName } from '../base/ids.ts';
import type { PlainDate } from '../base/time.ts';
import { dateIn } from '../base/time.ts';
import type { Request } from '../store/registers.ts';
import { codeOf, daysBetween, isDayWithin, type ReportFrame, type Row, type Table } from './table.ts';

const COLUMNS = [
  'request',
  'type',
  'action',
  'level',
  'state',
  'regime',
  'requester',
  'channel',
  'received_on',
  'due_on',
  'answered_on',
  'days',
  'late',
  'outcome',
  'verified',
  'verification_method',
  'reasons',
] as const;

type Column = (typeof COLUMNS)[number];

/** The register of requests (11 CCR §7101) received in the period: dates, outcome and codes, nobody's name. */
export function registerTable(requests: readonly Request[], frame: ReportFrame): Table<Column> {
  const received = requests.filter((request) => isDayWithin(frame, request.receivedOn));
  return { columns: COLUMNS, rows: received.map((request) => rowOf(request, frame)) };
}

function rowOf(request: Request, frame: ReportFrame): Row<Column> {
  const answeredOn = answerOf(request, frame);
  const isOver = answeredOn !== undefined || request.state === 'withdrawn';
  const { dueOn } = request;
  return {
    request: requestName(request.id),
    type: request.type,
    action: request.parental?.action,
    level: request.type === 'access' ? request.level : undefined,
    state: request.state,
    regime: codeOf(request.regime),
    requester: codeOf(request.requester),
    channel: codeOf(request.channel),
    received_on: request.receivedOn,
    due_on: dueOn,
    answered_on: answeredOn,
    days:
      isOver && answeredOn === undefined
        ? undefined
        : daysBetween(request.receivedOn, answeredOn ?? frame.today),
    late: dueOn === undefined ? undefined : isLate(dueOn, isOver, answeredOn, frame),
    outcome: outcomeOf(request, answeredOn),
    verified: request.verification.verified,
    verification_method: codeOf(request.verification.method),
    reasons: reasonsOf(request),
  };
}

const ANSWERS: ReadonlySet<string> = new Set(['applied', 'closed', 'denied']);

/** The day of the first answer; a withdrawn request gets none. */
function answerOf(request: Request, { zone }: ReportFrame): PlainDate | undefined {
  const answer = request.history.find((move) => ANSWERS.has(move.to));
  return answer === undefined ? undefined : dateIn(answer.at, zone);
}

function isLate(
  dueOn: PlainDate,
  isOver: boolean,
  answeredOn: PlainDate | undefined,
  frame: ReportFrame,
): boolean {
  return isOver ? answeredOn !== undefined && answeredOn > dueOn : frame.today > dueOn;
}

function outcomeOf(request: Request, answeredOn: PlainDate | undefined): string {
  if (request.state === 'withdrawn' || request.state === 'denied') return request.state;
  if (answeredOn === undefined || request.outcome === undefined) return 'open';
  if (isNothingHeld(request)) return 'nothing-held';
  return request.outcome.remains.length > 0 ? 'answered-in-part' : 'answered';
}

/** Access and deletion, also by a parent, that met no row and no line. */
function isNothingHeld({ type, parental, outcome }: Request): boolean {
  const asks = parental?.action ?? type;
  if (asks !== 'access' && asks !== 'delete' && asks !== 'review') return false;
  return (outcome?.applied ?? []).every((group) => group.count === 0);
}

function reasonsOf(request: Request): readonly string[] {
  return [...new Set(request.history.flatMap(({ reason }) => codeOf(reason) ?? []))];
}
