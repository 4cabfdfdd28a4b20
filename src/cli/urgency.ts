import { daysFromTo, NO_DAY, type PlainDate } from '../base/time.ts';
import { isOverdue, isUnanswered, pausedSince } from '../requests/due.ts';
import type { Request } from '../store/registers.ts';

/** How soon somebody has to see to a request. */
export interface Urgency {
  readonly level: 'overdue' | 'today' | 'week' | 'later' | 'none';
  /** The day that counts; undefined where nobody waits, or no law and no policy names one. */
  readonly day: PlainDate | undefined;
  /** Days until then, negative once it is over. */
  readonly days: number | undefined;
  /** What is owed on that day. */
  readonly owed:
    | 'answer'
    | 'acknowledgement'
    | 'end of waiting'
    | 'appeal'
    | 'what was asked for'
    | undefined;
}

const WEEK = 7;
/** While the clock stands still there is no last day. */
const STANDING: Urgency = {
  level: 'later',
  day: undefined,
  days: undefined,
  owed: 'what was asked for',
};
const AT_REST: Urgency = { level: 'none', day: undefined, days: undefined, owed: undefined };

/** How soon a request is to be seen to, by its day of attention; a waiting time that is over is no delay, nor is what they owe us. */
export function urgencyOf(request: Request, today: PlainDate): Urgency {
  const { attentionOn } = request;
  if (attentionOn === undefined) return AT_REST;
  const owed = owedOn(request, attentionOn);
  if (attentionOn === NO_DAY) return { level: 'later', day: undefined, days: undefined, owed };
  const days = daysFromTo(today, attentionOn);
  return { level: levelOf(days, isOverdue(request, today), owed), day: attentionOn, days, owed };
}

/** How long there is until the last day of the answer, of an appeal's where one is open. */
export function answerUrgency(request: Request, today: PlainDate): Urgency {
  const { state, appeal, dueOn } = request;
  if (!isUnanswered(request)) return AT_REST;
  const day = state === 'appealed' ? appeal?.dueOn : dueOn;
  if (state !== 'appealed' && pausedSince(request) !== undefined) return STANDING;
  if (day === undefined) return { ...AT_REST, level: 'later', owed: 'answer' };
  const days = daysFromTo(today, day);
  return { level: levelOf(days, days < 0, 'answer'), day, days, owed: 'answer' };
}

function levelOf(days: number, overdue: boolean, owed: Urgency['owed']): Urgency['level'] {
  const isTheirs = owed === 'end of waiting' || owed === 'what was asked for';
  if (days < 0) return isTheirs && !overdue ? 'today' : 'overdue';
  return days === 0 ? 'today' : days <= WEEK ? 'week' : 'later';
}

function owedOn(request: Request, day: PlainDate): Urgency['owed'] {
  const { state, waiting, dueOn, acknowledgeBy } = request;
  if (state === 'appealed') return 'appeal';
  if (pausedSince(request) !== undefined && day !== acknowledgeBy) return 'what was asked for';
  if (state === 'waiting' && waiting?.until === day) return 'end of waiting';
  return dueOn === day || day === NO_DAY ? 'answer' : 'acknowledgement';
}

/** `overdue 3 days`, `today`, `in 5 days`, `no date`, `stands still`; empty where nobody waits. */
export function urgencyWords({ level, days, owed }: Urgency): string {
  if (level === 'none') return '';
  if (days === undefined) return owed === 'what was asked for' ? 'stands still' : 'no date';
  if (level === 'overdue') return `overdue ${daysWords(-days)}`;
  return level === 'today' ? 'today' : `in ${daysWords(days)}`;
}

function daysWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
