import { refused } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import { dateIn } from '../../base/time.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { ClockPause, Request, RequestClock } from '../../store/registers.ts';

/** What may be awaited of whoever asks. */
export type Cause = ClockPause['cause'];

/** What has moved the clock of a request so far. */
export function clockOf({ clock }: Pick<Request, 'clock'>): RequestClock {
  return clock ?? { pauses: [] };
}

/** The day of an act, in the controller's zone. */
export function todayOf({ now, policy }: Pick<Ledger, 'now' | 'policy'>): PlainDate {
  return dateIn(now, policy.controller.zone);
}

/** The day on which something happened, today where none is named; refuses one before the receipt or after today. */
export function requireDay(
  ledger: Pick<Ledger, 'now' | 'policy'>,
  { receivedOn }: Pick<Request, 'receivedOn'>,
  named: PlainDate | undefined,
): PlainDate {
  const today = todayOf(ledger);
  const day = named ?? today;
  if (day > today)
    throw refused('day-in-future', `${day} is after today, ${today}`, 'give the day on which it was done');
  if (day < receivedOn)
    throw refused('day-before-receipt', `${day} is before the day of receipt, ${receivedOn}`);
  return day;
}

/** The clock with its pauses of these causes ended on a day. */
export function endPauses(clock: RequestClock, causes: readonly Cause[], on: PlainDate): RequestClock {
  const pauses = clock.pauses.map((pause) =>
    pause.to === undefined && causes.includes(pause.cause)
      ? { ...pause, to: on < pause.from ? pause.from : on }
      : pause,
  );
  return { ...clock, pauses };
}
