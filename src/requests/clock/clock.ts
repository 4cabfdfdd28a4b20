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
  strictest(asked: { readonly type: RequestType; readonly receivedOn: PlainDate }): string;
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
export async function deadlinesOf(
  ledger: Pick<Ledger, 'policy' | 'policyFiles' | 'now'>,
): Promise<Deadlines> {
  const { controller, deadlines } = ledger.policy;
  const calendars = await calendarsOf(ledger);
  const settingOf = (regime: string): Setting => {
    const name = controller.holidays[regime] ?? controller.holidays.default;
    const calendar = (name === undefined ? undefined : calendars.get(name)) ?? WEEKENDS_ONLY;
    return { calendar, own: deadlines[regime] };
  };
  const deadline = (regime: string, running: Running): Deadline =>
    deadlineOf(requireRegime(regime), running, settingOf(regime));
  const clock = (request: Request): Deadline => deadline(request.regime, request);
  return {
    reckoned: (request) => {
      const { dueOn, acknowledgeBy, clock: rule } = clock(request);
      const appeal = appealOf(request, settingOf(request.regime));
      return noticed({
        ...request,
        dueOn: dayFor(request, dueOn, appeal),
        acknowledgeBy,
        ...(request.clock && { clock: withoutUnknown(request.clock, rule, request.type) }),
        ...(request.appeal && { appeal: { ...request.appeal, dueOn: appeal?.dueOn } }),
      });
    },
    deadline,
    explain: (request) => explained(request, clock(request), settingOf(request.regime), ledger),
    strictest: (asked) => strictestRegime(controller.regimes, asked, settingOf),
  };
}

/** Each calendar of the policy, by the name that the policy gives it. */
async function calendarsOf({
  policy,
  policyFiles,
}: Pick<Ledger, 'policy' | 'policyFiles'>): Promise<ReadonlyMap<string, WorkingCalendar>> {
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

function explained(
  request: Request,
  deadline: Deadline,
  setting: Setting,
  { now, policy }: Pick<Ledger, 'now' | 'policy'>,
): Explained {
  const today = dateIn(now, policy.controller.zone);
  const regime = requireRegime(request.regime);
  const pauses = request.clock?.pauses ?? [];
  const [running] = runningPauses(deadline.clock, request.type, pauses);
  const appeal = appealOf(request, setting);
  const reask = refusedAgain(request, policy.controller.zone, setting);
  const resumed =
    running === undefined ? undefined : deadlineOf(regime, resumedOn(request, today), setting).dueOn;
  return {
    ...deadline,
    dueOn: dayFor(request, deadline.dueOn, appeal),
    regime: request.regime,
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
