import type { PlainDate } from '../base/time.ts';
import type { Request } from '../store/registers.ts';
import { isEnded } from './transitions.ts';

/** Whether whoever asked still waits for an answer. */
export function isUnanswered({ state, outcome }: Pick<Request, 'state' | 'outcome'>): boolean {
  return outcome === undefined && !isEnded(state);
}

/** Not answered, and the last day for it is over. */
export function isOverdue(request: Pick<Request, 'state' | 'outcome' | 'dueOn'>, today: PlainDate): boolean {
  return isUnanswered(request) && request.dueOn !== undefined && request.dueOn < today;
}
