import { requestName } from '../base/ids.ts';
import { dateIn, daysFromTo } from '../base/time.ts';
import { ROUTINE } from '../requests/moves.ts';
import type { Appeal, Request } from '../store/registers.ts';
import { isComplied, type RequestCase } from './cases.ts';
import { registerCase } from './register-cases.ts';
import { codeOf, isDayWithin, type ReportFrame, type Row, type Table } from './table.ts';

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
  'acknowledge_by',
  'acknowledged_on',
  'due_on',
  'extension_reason',
  'paused_days',
  'answered_on',
  'days',
  'late',
  'outcome',
  'denial_basis',
  'burden',
  'fee',
  'verified',
  'verification_method',
  'approval',
  'appeal',
  'appeal_received_on',
  'appeal_decided_on',
  'duplicate_of',
  'reasons',
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * The register of requests received in the period: the record that 11 CCR §7101(b) asks for (the day, nature
 * and manner of the request, the day and nature of the response, the basis of a denial in whole or part) and
 * the appeals of Colorado's Rule 6.11. Dates, outcomes and codes, nobody's name.
 */
export function registerTable(requests: readonly Request[], frame: ReportFrame): Table<Column> {
  const received = requests.filter((request) => isDayWithin(frame, request.receivedOn));
  return { columns: COLUMNS, rows: received.map((request) => rowOf(request, frame)) };
}

function rowOf(request: Request, frame: ReportFrame): Row<Column> {
  return {
    ...asked(request),
    ...clockOf(request, frame),
    ...answerOf(request, registerCase(request, frame.zone), frame),
    ...appealOf(request, frame),
    burden: request.burden?.finding,
    fee: request.burden?.fee,
    verified: request.verification.verified,
    verification_method: codeOf(request.verification.method),
    approval: request.approval && (request.approval.by ?? 'declaration'),
    reasons: reasonsOf(request),
  };
}

function asked(request: Request) {
  const { id, type, parental, level, state, regime, requester, channel, foreign, duplicateOf } = request;
  return {
    request: requestName(id),
    type,
    action: parental?.action,
    level: type === 'access' ? level : undefined,
    state,
    regime: codeOf(regime),
    requester: codeOf(requester),
    channel: codeOf(channel ?? foreign?.protocol),
    duplicate_of: duplicateOf === undefined ? undefined : requestName(duplicateOf),
  };
}

function clockOf({ receivedOn, acknowledgeBy, dueOn, clock }: Request, { today }: ReportFrame) {
  const pauses = (clock?.pauses ?? []).map(({ from, to }) => daysFromTo(from, to ?? today));
  return {
    received_on: receivedOn,
    acknowledge_by: acknowledgeBy,
    acknowledged_on: clock?.acknowledgedOn,
    due_on: dueOn,
    extension_reason: codeOf(clock?.extension?.reason),
    paused_days: pauses.length === 0 ? undefined : pauses.reduce((sum, days) => sum + days, 0),
  };
}

function answerOf(request: Request, { end, respondedOn, reason }: RequestCase, { today }: ReportFrame) {
  const { receivedOn, dueOn } = request;
  const until = respondedOn ?? (end === 'open' ? today : undefined);
  return {
    answered_on: respondedOn,
    days: until === undefined ? undefined : daysFromTo(receivedOn, until),
    late: dueOn === undefined ? undefined : until !== undefined && until > dueOn,
    outcome: isComplied(end) ? answerWords(request, end) : end,
    denial_basis: denialBasis(request, end, reason),
  };
}

function answerWords(request: Request, extent: 'whole' | 'part'): string {
  if (isNothingHeld(request)) return 'nothing-held';
  return extent === 'part' ? 'answered-in-part' : 'answered';
}

/** Access and deletion, also by a parent, that met no row and no line. */
function isNothingHeld({ type, parental, outcome }: Request): boolean {
  const asks = parental?.action ?? type;
  if (outcome === undefined || (asks !== 'access' && asks !== 'delete' && asks !== 'review')) return false;
  return outcome.applied.every((group) => group.count === 0);
}

/** Why a request was refused, or on what grounds something stays of it: the basis of a denial in whole or part. */
function denialBasis({ outcome }: Request, end: RequestCase['end'], reason: string | undefined) {
  const bases = [...new Set((outcome?.remains ?? []).map(({ basis }) => basis))];
  if (end === 'part' || (end === 'denied' && bases.length > 0)) return bases;
  return end === 'denied' ? [codeOf(reason) ?? 'unknown'] : [];
}

/** Whether there was an appeal, and what became of it (4 CCR 904-3, Rule 6.11). */
function appealOf({ appeal, state }: Request, { zone }: ReportFrame) {
  return {
    appeal: appeal && resolutionOf(appeal, state),
    appeal_received_on: appeal?.receivedOn,
    appeal_decided_on: appeal?.decided && dateIn(appeal.decided.at, zone),
  };
}

function resolutionOf({ decided }: Appeal, state: Request['state']): string {
  if (decided !== undefined) return decided.granted ? 'granted' : 'upheld';
  return state === 'appealed' ? 'open' : 'withdrawn';
}

function reasonsOf(request: Request): readonly string[] {
  const given = request.history.filter(({ reason }) => reason !== ROUTINE);
  return [...new Set(given.flatMap(({ reason }) => codeOf(reason) ?? []))];
}
