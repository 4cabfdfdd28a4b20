import { addPeriod } from '../base/periods.ts';
import type { Period, PlainDate } from '../base/time.ts';
import { addDays } from '../base/time.ts';
import type { RequestClock, RequestType } from '../store/registers.ts';
import type { WorkingCalendar } from './calendar.ts';
import { rollForward } from './calendar.ts';
import type { Restart, Stop } from './pauses.ts';
import { restartsOf, stopsOf } from './pauses.ts';
import type { ClockRule, Regime, Term } from './rules.ts';
import { earlier, endOfTerm, later, lengthened } from './term.ts';

/** What a clock is reckoned from. */
export interface Running {
  readonly type: RequestType;
  readonly receivedOn: PlainDate;
  readonly clock?: RequestClock | undefined;
}

/** What the policy brings to the clocks of a regime. */
export interface Setting {
  readonly calendar: WorkingCalendar;
  /** The controller's own time for the answer; shortens, never lengthens. */
  readonly own?: Period | undefined;
}

/** A clock on its way to a deadline. */
export interface Reckoning {
  readonly clock: ClockRule | undefined;
  readonly regime: Regime;
  readonly running: Running;
  readonly setting: Setting;
  readonly restarts: readonly Restart[];
  readonly stops: readonly Stop[];
  /** From where the periods are counted: receipt, or what the law puts in its place. */
  readonly start: PlainDate;
  readonly stopped: number;
}

/** What a clock counts from, and by how much it stood still. */
export function reckoningOf(
  clock: ClockRule | undefined,
  regime: Regime,
  running: Running,
  setting: Setting,
): Reckoning {
  const { type, receivedOn } = running;
  const pauses = running.clock?.pauses ?? [];
  const restarts = clock === undefined ? [] : restartsOf(clock, type, pauses);
  const start = restarts.at(-1)?.on ?? receivedOn;
  const stops = clock === undefined ? [] : stopsOf(clock, type, start, pauses);
  const stopped = stops.reduce((sum, { days }) => sum + days, 0);
  return { clock, regime, running, setting, restarts, stops, start, stopped };
}

/** The days of a reckoning; `first` and `nominal` are before the roll. */
export interface Days {
  readonly first: PlainDate | undefined;
  readonly own: PlainDate | undefined;
  readonly extended: PlainDate | undefined;
  readonly nominal: PlainDate | undefined;
  readonly rolled: PlainDate | undefined;
  readonly dueOn: PlainDate | undefined;
  readonly extensionNoticeBy: PlainDate | undefined;
  readonly extendableTo: PlainDate | undefined;
}

/** The days to which a reckoning comes. */
export function daysOf(reckoning: Reckoning): Days {
  const { clock, setting, start, stopped } = reckoning;
  const first = endOf(reckoning, clock?.term);
  const own =
    clock === undefined || setting.own === undefined
      ? undefined
      : addDays(addPeriod(start, setting.own), stopped);
  const longest = endOf(reckoning, longestTerm(clock));
  const extended = extendedDay(reckoning, first, longest);
  const nominal = extended ?? first;
  const rolled = rolledDay(reckoning, nominal);
  return {
    first,
    own,
    extended,
    nominal,
    rolled,
    // The notice of an extension has named its day to the person, so the controller's own time is over.
    dueOn: extended === undefined ? earlier(rolled, own) : rolled,
    // The law's own period: the controller's shorter time takes nothing from what the law gives.
    extensionNoticeBy: clock?.extension === undefined ? undefined : first,
    extendableTo: rolledDay(reckoning, longest),
  };
}

function endOf({ start, stopped, setting }: Reckoning, term: Term | undefined): PlainDate | undefined {
  return term === undefined ? undefined : addDays(endOfTerm(start, term, setting.calendar), stopped);
}

/**
 * The day to which an extension puts the end off: the one that its notice names, else as late as the law lets.
 * A law without extensions knows none, whatever was told while the request was unclear.
 */
function extendedDay(
  { clock, running }: Reckoning,
  first: PlainDate | undefined,
  longest: PlainDate | undefined,
): PlainDate | undefined {
  const notice = running.clock?.extension;
  if (notice === undefined || clock?.extension === undefined) return undefined;
  // A pause or a restart after the notice may end the first period later than the day that the notice names.
  return later(first, earlier(notice.until, longest));
}

/** The term with its extension, both counted from the start; undefined where the law has no such number. */
export function longestTerm(clock: ClockRule | undefined): Term | undefined {
  const [term, by] = [clock?.term, clock?.extension?.term];
  return term === undefined || by === undefined ? undefined : lengthened(term, by);
}

function rolledDay({ clock, setting }: Reckoning, day: PlainDate | undefined): PlainDate | undefined {
  return day === undefined || clock?.roll === undefined ? day : rollForward(day, setting.calendar);
}
