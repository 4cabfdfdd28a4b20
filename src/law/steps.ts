import type { PlainDate } from '../base/time.ts';
import type { WorkingCalendar } from './calendar.ts';
import type { Rule } from './rules.ts';

/** One step of a clock with the rule behind it. */
export interface Step {
  readonly what:
    | 'received'
    | 'acknowledge'
    | 'restart'
    | 'period'
    | 'clamp'
    | 'pause'
    | 'pause-running'
    | 'extension-notice'
    | 'extension'
    | 'roll'
    | 'own-deadline'
    | 'calendar'
    | 'due'
    | 'appeal'
    | 'appeal-extension-notice'
    | 'appeal-extension'
    | 're-ask';
  /** The day to which the step comes; undefined where the law names none. */
  readonly on: PlainDate | undefined;
  readonly rule: string;
  readonly source: string;
  readonly verified: boolean;
  /** Since when the rule applies; undefined where the policy says so, not a law. */
  readonly appliesFrom: PlainDate | undefined;
}

/** The step that a rule of the law makes. */
export function lawful(what: Step['what'], on: PlainDate | undefined, rule: Rule, more = ''): Step {
  const { source, verified, from } = rule;
  return { what, on, rule: `${rule.rule}${more}`, source, verified, appliesFrom: from };
}

/** A step that the controller's own policy makes. */
export function ownStep(what: Step['what'], on: PlainDate | undefined, rule: string, source: string): Step {
  return { what, on, rule, source, verified: true, appliesFrom: undefined };
}

const HOLIDAYS = 'policy: controller.holidays';

/** What has to be said of the calendar by which working days were counted from one day to another. */
export function calendarSteps(calendar: WorkingCalendar, from: PlainDate, until: PlainDate): readonly Step[] {
  if (calendar.name === undefined)
    return [
      ownStep('calendar', undefined, 'no holidays are named: only Saturdays and Sundays are off', HOLIDAYS),
    ];
  const missing = [...new Set([from, until].filter((day) => !calendar.covers(day)).map(yearOf))];
  if (missing.length === 0) return [];
  const words = `${calendar.name} does not cover ${missing.join(' and ')}: no holiday of that time is counted`;
  return [ownStep('calendar', undefined, words, HOLIDAYS)];
}

function yearOf(date: PlainDate): string {
  return date.slice(0, 4);
}
