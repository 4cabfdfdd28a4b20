import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import type { PlainDate } from '../../base/time.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, RequestClock } from '../../store/registers.ts';
import { burdenOfFee } from '../burden.ts';
import { requireRequest } from '../find.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest, type Saying } from '../moves.ts';
import { isVerifiedFor, requireIdentityAsked } from '../verification/need.ts';
import type { Deadlines } from './clock.ts';
import { deadlinesOf } from './clock.ts';
import type { Cause } from './clock-state.ts';
import { clockOf, endPauses, requireDay, todayOf } from './clock-state.ts';

/** What the requester is asked for, on which day, and until when it is awaited. */
export interface Question extends Saying {
  readonly cause: Cause;
  readonly on: PlainDate | undefined;
  readonly until: PlainDate | undefined;
  /** Of a fee: how much, as `EUR 15`. */
  readonly amount?: string | undefined;
}

/**
 * Notes that whoever asks was asked for something; where the law lets that stop the clock, it stands still from
 * then on. A request for identity makes the request wait for it.
 */
export async function askRequester(ledger: Ledger, id: number, question: Question): Promise<Request> {
  const { cause, until, amount, reason, note } = question;
  const deadlines = await deadlinesOf(ledger);
  const move = cause === 'identity' ? 'ask' : 'inquire';
  return moveRequest(ledger, id, { move, reason, note }, async (request, tx) => {
    requireAskable(request, cause, ledger);
    const on = requireDay(ledger, request, question.on);
    requireLater(until, on);
    const clock = clockOf(request);
    const asked = [...(clock.asked ?? []), { cause, on, until }];
    const stops = stopsClock(deadlines, request, cause, on);
    const burden =
      amount === undefined ? request.burden : burdenOfFee(ledger, request, { reason, amount, note });
    tx.facts({ for: cause, on, until, pauses: stops, amount, burden: burden?.finding });
    const next = deadlines.reckoned({
      ...request,
      burden,
      clock: { ...clock, asked, ...(stops && { pauses: [...clock.pauses, { cause, from: on }] }) },
    });
    if (hasLetter(cause, note)) await draftLetter(tx, ledger, next, cause, { note });
    return next;
  });
}

/** Staff ask for a fee in their own words; a question that nobody has written down is no letter. */
function hasLetter(cause: Cause, note: string | undefined): cause is 'identity' | 'clarification' {
  return cause === 'identity' || (cause === 'clarification' && note !== undefined && note.trim() !== '');
}

function requireAskable(request: Request, cause: Cause, { policy }: Ledger): void {
  if (request.state === 'appealed') throw refused('appeal-pending', 'an appeal is decided on what was shown');
  if (cause === 'identity') requireIdentityAsked(request, policy);
}

function requireLater(until: PlainDate | undefined, on: PlainDate): void {
  if (until !== undefined && until < on)
    throw refused('awaited-before-asked', `${until} is before the day of asking, ${on}`);
}

/** Whether asking stops the clock: the law knows the pause, none runs yet, nothing is proved, and the time is not over. */
function stopsClock(deadlines: Deadlines, request: Request, cause: Cause, on: PlainDate): boolean {
  const { dueOn } = deadlines.explain(request);
  const runs = clockOf(request).pauses.some((pause) => pause.cause === cause && pause.to === undefined);
  const isOver = dueOn !== undefined && dueOn < on;
  const isProved = cause === 'identity' && isVerifiedFor(request);
  return deadlines.pauseUnknownTo(request, cause) === undefined && !runs && !isProved && !isOver;
}

/** Stops the clock of a request from a day on; a pause that its law does not know is refused with the rule. */
export async function pauseRequest(
  ledger: Ledger,
  id: number,
  cause: Cause,
  named: PlainDate | undefined,
  saying: Saying,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'pause', ...saying }, (request, tx) => {
    const on = requireDay(ledger, request, named);
    requirePause(deadlines, request, cause, on);
    tx.facts({ for: cause, on });
    const clock = clockOf(request);
    return deadlines.reckoned({
      ...request,
      clock: { ...clock, pauses: [...clock.pauses, { cause, from: on }] },
    });
  });
}

function requirePause(deadlines: Deadlines, request: Request, cause: Cause, on: PlainDate): void {
  const { dueOn } = deadlines.explain(request);
  if (request.state === 'appealed') throw refused('appeal-pending', 'the time of an appeal knows no pause');
  const lacking = deadlines.pauseUnknownTo(request, cause);
  if (lacking !== undefined) {
    const rule = lacking.clock?.noPause ?? lacking.clock;
    const words = rule === undefined ? 'the law has no clock for it' : `${rule.source}: ${rule.rule}`;
    throw refused(
      'pause-unknown',
      `${lacking.regime} has no pause for ${cause} of a request of the type ${request.type} (${words})`,
      request.isRegimeAssumed
        ? `nobody has said which law it is; dsr request classify ${requestName(request.id)} --type ${request.type} --regime LAW does`
        : 'dsr request ask asks for it all the same; the clock runs on',
    );
  }
  if (cause === 'identity' && isVerifiedFor(request))
    throw refused('is-verified', 'who asks is verified: nothing is awaited that could stop the clock');
  if (clockOf(request).pauses.some((pause) => pause.cause === cause && pause.to === undefined))
    throw refused('already-paused', `the clock stands still for ${cause} already`);
  if (dueOn !== undefined && dueOn < on)
    throw refused('period-over', `the time for the answer ended on ${dueOn}: nothing stops it afterwards`);
}

/** Lets the clock run on from the day on which what was awaited came. */
export async function resumeRequest(
  ledger: Ledger,
  id: number,
  cause: Cause | undefined,
  named: PlainDate | undefined,
  saying: Saying,
): Promise<Request> {
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'resume', ...saying }, (request, tx) => {
    const on = requireDay(ledger, request, named);
    const clock = clockOf(request);
    const causes = endable(clock, cause, on);
    tx.facts({ for: causes, on });
    return deadlines.reckoned({ ...request, clock: endPauses(clock, causes, on) });
  });
}

/** The causes whose pauses end on a day: the one that is named, or all that run. */
function endable({ pauses }: RequestClock, cause: Cause | undefined, on: PlainDate): readonly Cause[] {
  const running = pauses.filter((pause) => pause.to === undefined && (cause ?? pause.cause) === pause.cause);
  const later = running.find(({ from }) => from > on);
  if (running.length === 0)
    throw refused(
      'not-paused',
      `the clock does not stand still${cause === undefined ? '' : ` for ${cause}`}`,
    );
  if (later !== undefined)
    throw refused(
      'resumed-before-paused',
      `${on} is before the day on which the clock stopped, ${later.from}`,
    );
  return running.map((pause) => pause.cause);
}

/**
 * What becomes of a request once who asks has proved who they are: the clock that stood still for it runs on from
 * that day. Asked for before the act, as it may need calendars.
 */
export async function onceProved(ledger: Ledger, id: number): Promise<(request: Request) => Request> {
  const request = await ledger.store.read((tx) => requireRequest(tx, id));
  const isAwaited = (one: Request) =>
    clockOf(one).pauses.some(({ cause, to }) => cause === 'identity' && to === undefined);
  if (!isAwaited(request)) return (same) => same;
  const deadlines = await deadlinesOf(ledger);
  return (proved) =>
    deadlines.reckoned({ ...proved, clock: endPauses(clockOf(proved), ['identity'], todayOf(ledger)) });
}
