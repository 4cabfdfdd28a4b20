import { type Instant, NO_DAY, type PlainDate } from '../base/time.ts';
import type { Request } from '../store/registers.ts';
import { isEnded } from './transitions.ts';

/** What tells whether whoever asked still waits for an answer. */
type Answering = Pick<Request, 'state' | 'outcome' | 'answered' | 'reopened'>;

/** Whether whoever asked still waits for an answer, or for the decision on an appeal. */
export function isUnanswered({ state, outcome, answered, reopened }: Answering): boolean {
  if (isEnded(state)) return false;
  const isAnswered = outcome !== undefined || answered !== undefined;
  return !isAnswered || reopened === true || state === 'appealed';
}

/** Since when the clock stands still because something of the requester's is awaited; undefined while it runs. */
export function pausedSince({ clock }: Pick<Request, 'clock'>): PlainDate | undefined {
  return clock?.pauses
    .filter(({ to }) => to === undefined)
    .map(({ from }) => from)
    .sort()[0];
}

/** Until when what was asked for is awaited: the day after which staff look again. */
function awaitedUntil({ clock }: Pick<Request, 'clock'>): PlainDate | undefined {
  const paused = new Set(clock?.pauses.filter(({ to }) => to === undefined).map(({ cause }) => cause));
  return clock?.asked
    ?.filter(({ cause }) => paused.has(cause))
    .map(({ until }) => until)
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);
}

/** The last day for the confirmation of receipt that is still owed. */
export function acknowledgementOwed({
  acknowledgeBy,
  clock,
}: Pick<Request, 'acknowledgeBy' | 'clock'>): PlainDate | undefined {
  return clock?.acknowledgedOn === undefined ? acknowledgeBy : undefined;
}

/**
 * The day by which somebody has to see to a request: the end of its waiting time, the acknowledgement that
 * is owed, the answer; after all others where no law and no policy names one, undefined where nobody waits.
 */
export function attentionOf(request: Request): PlainDate | undefined {
  const { state, waiting, appeal } = request;
  if (state === 'appealed') return appeal?.dueOn ?? NO_DAY;
  if (!isUnanswered(request)) return undefined;
  const wait = state === 'waiting' ? waiting?.until : undefined;
  const due = awaitedUntil(request) ?? request.dueOn;
  return [due, acknowledgementOwed(request), wait].filter((day) => day !== undefined).sort()[0] ?? NO_DAY;
}

/**
 * Not answered, and the last day for it is over, or for the confirmation of receipt; while the clock stands still
 * no answer is.
 */
export function isOverdue(
  request: Answering & Pick<Request, 'dueOn' | 'acknowledgeBy' | 'appeal' | 'clock'>,
  today: PlainDate,
): boolean {
  if (!isUnanswered(request)) return false;
  const answer = pausedSince(request) === undefined ? request.dueOn : undefined;
  const days =
    request.state === 'appealed' ? [request.appeal?.dueOn] : [answer, acknowledgementOwed(request)];
  return days.some((day) => day !== undefined && day < today);
}

/** When a request ended; undefined while it is open. Letters and notes of a later day do not make it later. */
export function endedAt({ state, history }: Pick<Request, 'state' | 'history'>): Instant | undefined {
  return isEnded(state) ? history.findLast(({ from, to }) => from !== to)?.at : undefined;
}
