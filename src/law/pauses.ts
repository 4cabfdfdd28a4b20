import type { PlainDate } from '../base/time.ts';
import { addDays, daysFromTo } from '../base/time.ts';
import type { ClockPause, RequestType } from '../store/registers.ts';
import type { ClockRule, PauseRule } from './rules.ts';

/** A time in which a clock stood still. */
export interface Stop {
  readonly rule: PauseRule;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Days by which it moves the end; those that another stop has moved it by already are left out. */
  readonly days: number;
}

/** What starts a clock again: the receipt of something that it depends on. */
export interface Restart {
  readonly rule: PauseRule;
  readonly on: PlainDate;
}

/** The rule by which a clock stops for a cause; undefined where the law knows none. */
export function pauseRule(
  clock: ClockRule | undefined,
  type: RequestType,
  cause: ClockPause['cause'],
): PauseRule | undefined {
  return clock?.pauses.find((rule) => rule.cause === cause && (rule.types?.includes(type) ?? true));
}

/** The restarts of a clock, oldest first. */
export function restartsOf(
  clock: ClockRule,
  type: RequestType,
  pauses: readonly ClockPause[],
): readonly Restart[] {
  const restarts = pauses.flatMap(({ cause, to }) => {
    const rule = pauseRule(clock, type, cause);
    return rule?.effect === 'restart' && to !== undefined ? [{ rule, on: to }] : [];
  });
  return restarts.sort((a, b) => (a.on < b.on ? -1 : 1));
}

/** What stops a clock after its start, oldest first; a pause that still runs has moved nothing yet. */
export function stopsOf(
  clock: ClockRule,
  type: RequestType,
  start: PlainDate,
  pauses: readonly ClockPause[],
): readonly Stop[] {
  const stops: Stop[] = [];
  let counted = start;
  for (const { cause, from, to } of [...pauses].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const rule = pauseRule(clock, type, cause);
    if (rule === undefined || rule.effect === 'restart' || to === undefined) continue;
    const end = rule.effect === 'add-days-inclusive' ? addDays(to, 1) : to;
    const begin = from < counted ? counted : from;
    const days = Math.max(0, daysFromTo(begin, end));
    stops.push({ rule, from, to, days });
    if (end > counted) counted = end;
  }
  return stops;
}

/** The pauses that run, where the law lets them stop the clock. */
export function runningPauses(
  clock: ClockRule | undefined,
  type: RequestType,
  pauses: readonly ClockPause[],
): readonly { readonly rule: PauseRule; readonly from: PlainDate }[] {
  return pauses.flatMap(({ cause, from, to }) => {
    const rule = pauseRule(clock, type, cause);
    return rule === undefined || to !== undefined ? [] : [{ rule, from }];
  });
}
