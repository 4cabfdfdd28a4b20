import type { PlainDate } from '../base/time.ts';
import type { Request } from '../store/registers.ts';
import { isEnded } from './transitions.ts';

/** Whether whoever asked still waits for an answer. */
export function isUnanswered({
  state,
  outcome,
  answered,
}: Pick<Request, 'state' | 'outcome' | 'answered'>): boolean {
  return outcome === undefined && answered === undefined && !isEnded(state);
}

/** Where no law and no policy names a day: after all that have one. */
const NO_DAY = '9999-12-31';

/**
 * The day by which somebody has to see to a request: the end of its waiting time, the acknowledgement that
 * is owed, the answer; undefined where nobody waits.
 */
export function attentionOf(request: Request): PlainDate | undefined {
  const { state, waiting, appeal, acknowledgeBy, clock } = request;
  if (state === 'appealed') return appeal?.dueOn ?? NO_DAY;
  if (!isUnanswered(request)) return undefined;
  const acknowledgement = clock?.acknowledgedOn === undefined ? acknowledgeBy : undefined;
  const wait = state === 'waiting' ? waiting?.until : undefined;
  return [request.dueOn, acknowledgement, wait].filter((day) => day !== undefined).sort()[0] ?? NO_DAY;
}

/** Not answered, and the last day for it is over. */
export function isOverdue(
  request: Pick<Request, 'state' | 'outcome' | 'answered' | 'dueOn'>,
  today: PlainDate,
): boolean {
  return isUnanswered(request) && request.dueOn !== undefined && request.dueOn < today;
}
