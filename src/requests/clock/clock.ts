import type { PlainDate } from '../../base/time.ts';
import { dateIn } from '../../base/time.ts';
import type { AppealDeadline } from '../../law/appeal.ts';
import { appealDeadline, reaskFrom } from '../../law/appeal.ts';
import type { WorkingCalendar } from '../../law/calendar.ts';
import { listedCalendar, WEEKENDS_ONLY } from '../../law/calendar.ts';
import type { Deadline } from '../../law/deadline.ts';
import { deadlineOf } from '../../law/deadline.ts';
import { isHolidayFile, parseHolidays } from '../../law/holiday-file.ts';
import { pauseRule, runningPauses } from '../../law/pauses.ts';
import { publicHolidays } from '../../law/public-holidays.ts';
import type { Running, Setting } from '../../law/reckoning.ts';
import { requireRegime, strictestRegime } from '../../law/regimes.ts';
import type { ClockRule } from '../../law/rules.ts';
import type { Step } from '../../law/steps.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { ClockPause, Request, RequestClock, RequestType } from '../../store/registers.ts';
import { noticed } from '../moves.ts';

/** Makes days of clocks, with the calendars of the policy at hand. */
export interface Deadlines {
  /** The request with the days that the law makes of its clock. */
  reckoned(request: Request): Request;
  /** The deadline of what is not opened yet, under one law. */
  deadline(regime: string, running: Running): Deadline;
  /** Every step of the clock of a request. */
  explain(request: Request): Explained;
  /** Of the regimes that may apply the one whose clock ends first: where the residence is unknown, it runs. */
  strictest(asked: Running): string;
  /** The law that knows no pause of a request for a cause; undefined where all that may apply to it know one. */
  pauseUnknownTo(request: Request, cause: ClockPause['cause']): Lacking | undefined;
}

/** A law that lacks something, and its clock; undefined where it has none for the type of request. */
export interface Lacking {
  readonly regime: string;
  readonly clock: ClockRule | undefined;
}

/** The deadline of a request with what has become of its answer since. */
export interface Explained extends Deadline {
  readonly regime: string;
  /** Since when the clock stands still. */
  readonly pausedSince: PlainDate | undefined;
  /** The last day for the answer if what is awaited came today. */
  readonly dueIfResumedToday: PlainDate | undefined;
  readonly appeal: AppealDeadline | undefined;
  /** When somebody who opted out may be asked again; undefined before that was done. */
  readonly reaskFrom: PlainDate | undefined;
}

/** The deadlines of a ledger's policy; loads its calendars, so it is asked for before an act. */
export async function deadlinesOf(ledger: LedgerOfClocks): Promise<Deadlines> {
  return new PolicyDeadlines(ledger, await calendarsOf(ledger));
}

type LedgerOfClocks = Pick<Ledger, 'policy' | 'policyFiles' | 'now'>;

class PolicyDeadlines implements Deadlines {
  readonly #ledger: LedgerOfClocks;
  readonly #calendars: ReadonlyMap<string, WorkingCalendar>;

  constructor(ledger: LedgerOfClocks, calendars: ReadonlyMap<string, WorkingCalendar>) {
    this.#ledger = ledger;
    this.#calendars = calendars;
  }

  reckoned(given: Request): Request {
    const request = this.#certain(given);
    const { dueOn, acknowledgeBy, clock: rule } = this.deadline(this.#lawOf(request), request);
    const appeal = appealOf(request, this.#settingOf(request.regime));
    return noticed({
      ...request,
      dueOn: dayFor(request, dueOn, appeal),
      acknowledgeBy,
      ...(request.clock && { clock: withoutUnknown(request.clock, rule, request.type) }),
      ...(request.appeal && { appeal: { ...request.appeal, dueOn: appeal?.dueOn } }),
    });
  }

  deadline(regime: string, running: Running): Deadline {
    return deadlineOf(requireRegime(regime), running, this.#settingOf(regime));
  }

  explain(given: Request): Explained {
    const request = this.#certain(given);
    const law = this.#lawOf(request);
    const running = { law, deadline: this.deadline(law, request), setting: this.#settingOf(law) };
    return explained(request, running, this.#settingOf(request.regime), this.#ledger);
  }

  strictest(asked: Running): string {
    const { regimes } = this.#ledger.policy.controller;
    return strictestRegime(regimes, asked, (regime) => this.#settingOf(regime));
  }

  pauseUnknownTo(request: Request, cause: ClockPause['cause']): Lacking | undefined {
    return this.#clocksOf(request).find(({ clock }) => pauseRule(clock, request.type, cause) === undefined);
  }

  #settingOf(regime: string): Setting {
    const { controller, deadlines } = this.#ledger.policy;
    const name = controller.holidays[regime] ?? controller.holidays.default;
    const calendar = name === undefined ? undefined : this.#calendars.get(name);
    return { calendar: calendar ?? WEEKENDS_ONLY, own: deadlines[regime] };
  }

  /** The law whose clock runs: where nobody named one, the one that ends first as the clock stands. */
  #lawOf(request: Request): string {
    return request.isRegimeAssumed ? this.strictest(request) : request.regime;
  }

  /** The laws that may apply and have a clock for the request. */
  #clocksOf({ type, receivedOn, regime, isRegimeAssumed }: Request): readonly Lacking[] {
    const mayApply = isRegimeAssumed ? this.#ledger.policy.controller.regimes : [regime];
    const clocks = mayApply.flatMap((name) => {
      const { clock } = this.deadline(name, { type, receivedOn });
      return clock === undefined ? [] : [{ regime: name, clock }];
    });
    return clocks.length === 0 ? [{ regime, clock: undefined }] : clocks;
  }

  /** The request with the pauses that count: where nobody named the law, those that all know. */
  #certain(request: Request): Request {
    const { clock, isRegimeAssumed } = request;
    if (!isRegimeAssumed || clock === undefined) return request;
    const isKnown = ({ cause }: ClockPause) => this.pauseUnknownTo(request, cause) === undefined;
    return { ...request, clock: { ...clock, pauses: clock.pauses.filter(isKnown) } };
  }
}

/** Each calendar of the policy, by the name that the policy gives it. */
async function calendarsOf({
  policy,
  policyFiles,
}: LedgerOfClocks): Promise<ReadonlyMap<string, WorkingCalendar>> {
  const names = new Set(Object.values(policy.controller.holidays));
  const load = async (name: string): Promise<WorkingCalendar> =>
    isHolidayFile(name)
      ? listedCalendar(name, parseHolidays(policyFiles[name] ?? '').holidays)
      : publicHolidays(name);
  return new Map(await Promise.all([...names].map(async (name) => [name, await load(name)] as const)));
}

/** The clock without the pauses that run though its law knows none of them: such a clock does not stand still. */
function withoutUnknown(clock: RequestClock, rule: ClockRule | undefined, type: RequestType): RequestClock {
  const isKnown = ({ cause, to }: ClockPause) =>
    to !== undefined || pauseRule(rule, type, cause) !== undefined;
  return { ...clock, pauses: clock.pauses.filter(isKnown) };
}

/** The last day for the answer: what an appeal has brought back is done within the time of the appeal. */
function dayFor(
  { appeal }: Request,
  dueOn: PlainDate | undefined,
  deadline: AppealDeadline | undefined,
): PlainDate | undefined {
  return appeal?.decided?.granted === true ? deadline?.dueOn : dueOn;
}

function appealOf({ regime, appeal }: Request, { calendar }: Setting): AppealDeadline | undefined {
  return appeal && appealDeadline(requireRegime(regime), appeal, calendar);
}

/** The law whose clock runs for a request, and what that clock comes to. */
interface RunningClock {
  readonly law: string;
  readonly deadline: Deadline;
  readonly setting: Setting;
}

/** `own` is the setting of the request's own law: its appeal and what follows a refusal are under that one. */
function explained(
  request: Request,
  { law, deadline, setting }: RunningClock,
  own: Setting,
  { now, policy }: Pick<Ledger, 'now' | 'policy'>,
): Explained {
  const today = dateIn(now, policy.controller.zone);
  const pauses = request.clock?.pauses ?? [];
  const [running] = runningPauses(deadline.clock, request.type, pauses);
  const appeal = appealOf(request, own);
  const reask = refusedAgain(request, policy.controller.zone, own);
  const resumed =
    running === undefined
      ? undefined
      : deadlineOf(requireRegime(law), resumedOn(request, today), setting).dueOn;
  return {
    ...deadline,
    dueOn: dayFor(request, deadline.dueOn, appeal),
    regime: law,
    pausedSince: running?.from,
    dueIfResumedToday: resumed,
    appeal,
    reaskFrom: reask?.on,
    steps: [...deadline.steps, ...(appeal?.steps ?? []), ...(reask === undefined ? [] : [reask.step])],
  };
}

/** The clock as it would be if everything that is awaited came on a day. */
function resumedOn({ type, receivedOn, clock }: Running, day: PlainDate): Running {
  const pauses = (clock?.pauses ?? []).map((pause) => ({ ...pause, to: pause.to ?? day }));
  return { type, receivedOn, clock: { ...clock, pauses } };
}

function refusedAgain(
  { regime, type, answered, outcome }: Request,
  zone: string,
  { calendar }: Setting,
): { readonly on: PlainDate; readonly step: Step } | undefined {
  const doneAt = answered?.at ?? outcome?.at;
  if (doneAt === undefined) return undefined;
  return reaskFrom(requireRegime(regime), type, dateIn(doneAt, zone), calendar);
}
