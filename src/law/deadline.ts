import { NO_DAY, type PlainDate } from '../base/time.ts';
import { leftOut, stepsOf } from './explain.ts';
import type { Running, Setting } from './reckoning.ts';
import { daysOf, reckoningOf } from './reckoning.ts';
import type { ClockRule, Regime } from './rules.ts';
import type { Step } from './steps.ts';
import { calendarSteps, lawful } from './steps.ts';
import { endOfTerm, inForce } from './term.ts';

/** The days that a clock comes to, step by step. */
export interface Deadline {
  /** The last day for the answer as the clock stands; a pause that still runs has not moved it yet. */
  readonly dueOn: PlainDate | undefined;
  /** The same without any pause. */
  readonly unsuspendedDueOn: PlainDate | undefined;
  readonly acknowledgeBy: PlainDate | undefined;
  /** The last day on which an extension may be told: inside the first period, before any roll. */
  readonly extensionNoticeBy: PlainDate | undefined;
  /** The last day for the answer that an extension can bring; undefined where the notice alone names it. */
  readonly extendableTo: PlainDate | undefined;
  /** The rule that the clock follows; undefined where the law has none for this type. */
  readonly clock: ClockRule | undefined;
  readonly steps: readonly Step[];
}

/**
 * The deadline of a request under one law. What is still unclear may be anything that the law knows, so the
 * clock that ends first runs for it.
 */
export function deadlineOf(regime: Regime, running: Running, setting: Setting): Deadline {
  const clocks = clocksFor(regime, running);
  const [first] = (clocks.length === 0 ? [undefined] : clocks)
    .map((clock) => reckoned(clock, regime, running, setting))
    .sort(byDueOn);
  if (first === undefined) throw new Error('there is one deadline at least');
  return withAcknowledgement(first, regime, running, setting);
}

/** The clocks that may run for a type of request: one, but for what is unclear; none where the law has none. */
function clocksFor(
  regime: Regime,
  { type, receivedOn }: Pick<Running, 'type' | 'receivedOn'>,
): readonly ClockRule[] {
  const types = type === 'unclear' ? regime.clocks.flatMap((clock) => clock.types) : [type];
  const rules = types.map((one) =>
    inForce(
      regime.clocks.filter((clock) => clock.types.includes(one)),
      receivedOn,
    ),
  );
  return [...new Set(rules.filter((rule) => rule !== undefined))];
}

type Days = Pick<Deadline, 'dueOn' | 'acknowledgeBy'>;

/** The deadline that ends first comes first; of two that end on one day, the one whose receipt is confirmed first. */
export function byDueOn(a: Days, b: Days): number {
  const [one, other] = [daysIn(a), daysIn(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function daysIn({ dueOn = NO_DAY, acknowledgeBy = NO_DAY }: Days): string {
  return `${dueOn} ${acknowledgeBy}`;
}

function reckoned(
  clock: ClockRule | undefined,
  regime: Regime,
  running: Running,
  setting: Setting,
): Deadline {
  const reckoning = reckoningOf(clock, regime, running, setting);
  const days = daysOf(reckoning);
  const pauses = running.clock?.pauses ?? [];
  const { dueOn, extensionNoticeBy, extendableTo } = days;
  return {
    dueOn,
    unsuspendedDueOn: pauses.length === 0 ? dueOn : reckoned(clock, regime, unpaused(running), setting).dueOn,
    acknowledgeBy: undefined,
    extensionNoticeBy,
    extendableTo,
    clock,
    steps: stepsOf(reckoning, days),
  };
}

function unpaused({ clock, ...running }: Running): Running {
  return { ...running, clock: clock && { ...clock, pauses: [] } };
}

function withAcknowledgement(
  deadline: Deadline,
  regime: Regime,
  { type, receivedOn, clock }: Running,
  setting: Setting,
): Deadline {
  const { calendar } = setting;
  const rules = regime.acknowledgements.filter(
    (rule) => rule.types.includes(type) && rule.from <= receivedOn,
  );
  const rule = inForce(rules, receivedOn);
  if (rule === undefined) return deadline;
  const by = endOfTerm(receivedOn, rule.term, calendar);
  const done = clock?.acknowledgedOn === undefined ? '' : `: done on ${clock.acknowledgedOn}`;
  const counts = rule.term.unit === 'working-day' && !deadline.steps.some(({ what }) => what === 'calendar');
  const [received, ...others] = deadline.steps;
  const steps = [
    ...(received === undefined ? [] : [received]),
    lawful('acknowledge', by, rule, `${done}${leftOut(receivedOn, by, rule.term, setting)}`),
    ...(counts ? calendarSteps(calendar, receivedOn, by) : []),
    ...others,
  ];
  return { ...deadline, acknowledgeBy: by, steps };
}
