import type { PlainDate } from '../base/time.ts';
import { addDays } from '../base/time.ts';
import type { Appeal, RequestType } from '../store/registers.ts';
import type { WorkingCalendar } from './calendar.ts';
import type { AppealRule, Regime } from './rules.ts';
import type { Step } from './steps.ts';
import { lawful } from './steps.ts';
import { endOfTerm, inForce, isClamped, lengthened } from './term.ts';

/** By when an appeal has to be decided. */
export interface AppealDeadline {
  readonly dueOn: PlainDate;
  /** The last day on which its extension may be told; undefined where the law has none. */
  readonly extensionNoticeBy: PlainDate | undefined;
  readonly rule: AppealRule;
  readonly steps: readonly Step[];
}

/** The deadline of an appeal that was received on a day; undefined where the law has no appeal to the controller. */
export function appealDeadline(
  regime: Regime,
  { receivedOn, extension }: Pick<Appeal, 'receivedOn' | 'extension'>,
  calendar: WorkingCalendar,
): AppealDeadline | undefined {
  const rule = inForce(regime.appeals, receivedOn);
  if (rule === undefined) return undefined;
  const first = endOfTerm(receivedOn, rule.term, calendar);
  const longer = rule.extension;
  const longest = longer?.term && endOfTerm(receivedOn, lengthened(rule.term, longer.term), calendar);
  const extended = extension === undefined ? undefined : longest;
  const steps = [
    lawful('appeal', first, rule),
    ...(longer === undefined ? [] : [lawful('appeal-extension-notice', first, longer)]),
    ...(longer === undefined || extended === undefined ? [] : [lawful('appeal-extension', extended, longer)]),
  ];
  return {
    dueOn: extended ?? first,
    extensionNoticeBy: longer === undefined ? undefined : first,
    rule,
    steps,
  };
}

/**
 * The first day on which somebody may be asked again for what they refused. A year that ends on a day which
 * its month lacks is given a day more.
 */
export function reaskFrom(
  regime: Regime,
  type: RequestType,
  refusedOn: PlainDate,
  calendar: WorkingCalendar,
): { readonly on: PlainDate; readonly step: Step } | undefined {
  const rule = regime.reask;
  if (rule === undefined || !rule.types.includes(type)) return undefined;
  const end = endOfTerm(refusedOn, rule.term, calendar);
  const on = isClamped(refusedOn, end, rule.term) ? addDays(end, 1) : end;
  return { on, step: lawful('re-ask', on, rule) };
}
