import type { PlainDate } from '../base/time.ts';
import { addDays } from '../base/time.ts';
import { daysOff, holidaysIn } from './calendar.ts';
import { runningPauses } from './pauses.ts';
import type { Days, Reckoning, Running, Setting } from './reckoning.ts';
import { longestTerm } from './reckoning.ts';
import type { ClockRule, Rule, Term } from './rules.ts';
import type { Step } from './steps.ts';
import { calendarSteps, lawful, ownStep } from './steps.ts';
import { endOfTerm, isClamped } from './term.ts';

/** Every step of a reckoning with its rule, in the order in which the law takes them. */
export function stepsOf(reckoning: Reckoning, days: Days): readonly Step[] {
  const { clock, running, regime } = reckoning;
  const { own, extended, dueOn } = days;
  const due =
    dueOn === undefined ? 'neither the law nor the policy names a day' : 'the last day for the answer';
  return [
    ...startSteps(reckoning),
    ...periodSteps(reckoning),
    ...pauseSteps(reckoning),
    ...extensionSteps(reckoning, days),
    ...rollSteps(reckoning, days),
    ...(own === undefined ? [] : [ownTime(regime.name, own, extended !== undefined)]),
    ...countingSteps(reckoning, days),
    clock === undefined || (dueOn === own && dueOn !== days.rolled)
      ? ownStep('due', dueOn, due, policyPlace(regime.name))
      : lawful('due', dueOn, { ...clock, rule: due, verified: isVerified(reckoning, days) }),
    ...runningSteps(clock, running),
  ];
}

function startSteps({ clock, running, restarts }: Reckoning): readonly Step[] {
  const { receivedOn } = running;
  if (clock === undefined)
    return [ownStep('received', receivedOn, 'the law has no clock for this type of request', 'policy')];
  const early =
    receivedOn < clock.from ? '; received before the law applied, counted by it all the same' : '';
  return [
    lawful('received', receivedOn, clock.start, early),
    ...restarts.map(({ rule, on }) => lawful('restart', on, rule)),
  ];
}

function periodSteps(reckoning: Reckoning): readonly Step[] {
  const { clock, start, setting } = reckoning;
  if (clock === undefined) return [];
  const { term } = clock;
  if (term === undefined) return [lawful('period', undefined, clock)];
  const end = endOfTerm(start, term, setting.calendar);
  const cut = clampRule(reckoning, term);
  return [
    lawful('period', end, clock, leftOut(start, end, term, setting)),
    ...(cut === undefined ? [] : [lawful('clamp', end, cut)]),
  ];
}

/** The rule by which a term ends on the last day of a month that lacks the day of its start. */
function clampRule({ clock, start, setting }: Reckoning, term: Term | undefined): Rule | undefined {
  if (term === undefined || !isClamped(start, endOfTerm(start, term, setting.calendar), term))
    return undefined;
  return clock?.clamp;
}

/** The term at whose end an answer that is put off is due; undefined where the notice has named the day. */
function termOfExtension({ clock, running }: Reckoning): Term | undefined {
  return running.clock?.extension?.until === undefined ? longestTerm(clock) : undefined;
}

/** The calendar is said where working days were counted, or a last day was looked up in it. */
function countingSteps({ clock, start, setting }: Reckoning, { nominal, rolled }: Days): readonly Step[] {
  if (nominal === undefined || rolled === undefined) return [];
  if (clock?.term?.unit === 'working-day') return calendarSteps(setting.calendar, start, rolled);
  return clock?.roll === undefined ? [] : calendarSteps(setting.calendar, nominal, rolled);
}

/** The holidays that a count of working days has left out. */
export function leftOut(start: PlainDate, end: PlainDate, { unit }: Term, { calendar }: Setting): string {
  const holidays = unit === 'working-day' ? holidaysIn(addDays(start, 1), end, calendar) : [];
  return holidays.length === 0 ? '' : `; not counted: ${holidays.join(', ')}`;
}

/** Each pause with the day to which it moves the end of the first period. */
function pauseSteps({ clock, start, stops, setting }: Reckoning): readonly Step[] {
  if (clock?.term === undefined) return [];
  let end = endOfTerm(start, clock.term, setting.calendar);
  return stops.map(({ rule, from, to, days }) => {
    end = addDays(end, days);
    return lawful('pause', end, rule, `: ${from} to ${to}, ${days} days`);
  });
}

function runningSteps(clock: ClockRule | undefined, { type, clock: state }: Running): readonly Step[] {
  return runningPauses(clock, type, state?.pauses ?? []).map(({ rule, from }) =>
    lawful('pause-running', undefined, rule, `: since ${from}`),
  );
}

function extensionSteps(reckoning: Reckoning, { extensionNoticeBy, extended }: Days): readonly Step[] {
  const rule = reckoning.clock?.extension;
  if (rule === undefined) return [];
  const cut = extended === undefined ? undefined : clampRule(reckoning, termOfExtension(reckoning));
  return [
    lawful('extension-notice', extensionNoticeBy, {
      ...rule,
      rule: 'an extension is told by the end of the first period, before it moves to a working day',
    }),
    ...(extended === undefined ? [] : [lawful('extension', extended, rule)]),
    ...(cut === undefined ? [] : [lawful('clamp', extended, cut)]),
  ];
}

function rollSteps({ clock, setting }: Reckoning, { nominal, rolled }: Days): readonly Step[] {
  if (clock?.roll === undefined || nominal === undefined || rolled === undefined || nominal === rolled)
    return [];
  const over = daysOff(nominal, rolled, setting.calendar);
  return [lawful('roll', rolled, clock.roll, `: ${over.join(', ')}`)];
}

function policyPlace(regime: string): string {
  return `policy: deadlines.${regime}`;
}

function ownTime(regime: string, own: PlainDate, isExtended: boolean): Step {
  const rule = isExtended
    ? "the controller's own time, which the notice of the extension has ended"
    : "the controller's own time: it shortens what the law gives, and never lengthens it";
  return ownStep('own-deadline', own, rule, policyPlace(regime));
}

/** Whether every rule that has made the last day was read in its source. */
function isVerified(reckoning: Reckoning, { extended, nominal, rolled }: Days): boolean {
  const { clock, restarts, stops } = reckoning;
  const rules = [
    clock,
    clampRule(reckoning, extended === undefined ? clock?.term : termOfExtension(reckoning)),
    ...restarts.map(({ rule }) => rule),
    ...stops.map(({ rule }) => rule),
    ...(extended === undefined ? [] : [clock?.extension]),
    ...(nominal === rolled ? [] : [clock?.roll]),
  ];
  return rules.every((rule) => rule?.verified !== false);
}
