import { refused, usage } from '../../base/errors.ts';
import type { PlainDate } from '../../base/time.ts';
import type { Rule } from '../../law/rules.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request } from '../../store/registers.ts';
import { CAUSES } from '../choices.ts';
import { draftLetter } from '../letters/draft-letter.ts';
import { moveRequest } from '../moves.ts';
import type { Deadlines, Explained } from './clock.ts';
import { deadlinesOf } from './clock.ts';
import { clockOf, endPauses, requireDay } from './clock-state.ts';

/** An extension as its notice tells it to whoever asked. */
export interface Extending {
  /** Why, as a code: `complexity`, `number-of-requests`. */
  readonly reason: string;
  readonly note: string | undefined;
  readonly sentOn: PlainDate | undefined;
  /** The day that the notice names, where the law leaves it open or staff need less than it gives. */
  readonly until: PlainDate | undefined;
}

/**
 * Puts off the answer once, as far as the law lets (GDPR Art. 12(3), 11 CCR §7021(b)); the notice has to be inside
 * the first period. Of a request that is appealed, the decision on the appeal.
 */
export async function extendRequest(ledger: Ledger, id: number, extending: Extending): Promise<Request> {
  const { reason, note, until } = extending;
  const deadlines = await deadlinesOf(ledger);
  return moveRequest(ledger, id, { move: 'extend', reason, note }, async (request, tx) => {
    const noticeOn = requireDay(ledger, request, extending.sentOn);
    const extension = { noticeOn, reason, until };
    const extended =
      request.state === 'appealed'
        ? { ...request, appeal: extendedAppeal(deadlines, request, extension) }
        : { ...request, clock: extendedClock(deadlines, request, extension) };
    const next = deadlines.reckoned(extended);
    // The letter speaks of the answer; that of an appeal staff write in their own words.
    if (request.state !== 'appealed') await draftLetter(tx, ledger, next, 'extension', { reason, note });
    tx.facts({ notice_on: noticeOn, due_on: next.state === 'appealed' ? next.appeal?.dueOn : next.dueOn });
    return next;
  });
}

interface Extension {
  readonly noticeOn: PlainDate;
  readonly reason: string;
  readonly until: PlainDate | undefined;
}

function extendedClock(deadlines: Deadlines, request: Request, extension: Extension): Request['clock'] {
  const state = clockOf(request);
  // A period that stands still is not over: it is counted as if what is awaited came on the day of the notice.
  const resumed = endPauses(state, CAUSES, extension.noticeOn);
  const deadline = deadlines.explain({ ...request, clock: resumed });
  const { clock, extensionNoticeBy } = deadline;
  if (clock?.extension === undefined) throw noExtension(request, clock);
  if (state.extension !== undefined)
    throw refused(
      'already-extended',
      `the answer was put off already, on ${state.extension.noticeOn} (${saying(clock.extension)})`,
      'a second time the law does not give',
    );
  requireTimely(extension, extensionNoticeBy, clock.extension);
  requireDayOfNotice(extension, deadline);
  return { ...state, extension };
}

function extendedAppeal(deadlines: Deadlines, request: Request, extension: Extension): Request['appeal'] {
  const { appeal } = deadlines.explain(request);
  const { noticeOn, reason } = extension;
  if (request.appeal === undefined || appeal?.rule.extension === undefined)
    throw noExtension(request, appeal?.rule);
  if (request.appeal.extension !== undefined)
    throw refused('already-extended', `the decision was put off already (${saying(appeal.rule.extension)})`);
  if (noticeOn < request.appeal.receivedOn)
    throw refused('day-before-receipt', `${noticeOn} is before the appeal, ${request.appeal.receivedOn}`);
  requireTimely(extension, appeal.extensionNoticeBy, appeal.rule.extension);
  return { ...request.appeal, extension: { noticeOn, reason } };
}

function noExtension({ regime, type }: Request, rule: Rule | undefined): Error {
  const words = rule === undefined ? 'the law has no clock for it' : saying(rule);
  return refused(
    'no-extension',
    `${regime} has no extension for a request of the type ${type} (${words})`,
    'answer in time, or in part what can be answered in time',
  );
}

function requireTimely({ noticeOn }: Extension, by: PlainDate | undefined, rule: Rule): void {
  if (by === undefined || noticeOn <= by) return;
  throw refused(
    'extension-too-late',
    `the notice is of ${noticeOn}, and the first period ended on ${by} (${saying(rule)})`,
    'answer now; --sent-on names an earlier day on which the notice was sent',
  );
}

/** A day that the notice names lies after the first period, and no later than the law lets. */
function requireDayOfNotice({ until }: Extension, { clock, dueOn, extendableTo }: Explained): void {
  if (until === undefined) {
    if (clock?.extension?.term !== undefined) return;
    throw usage('--until is missing', 'under this law the notice itself names the new day');
  }
  if (dueOn !== undefined && until <= dueOn)
    throw refused('extends-nothing', `${until} is no later than ${dueOn}, when the answer is due anyway`);
  if (extendableTo !== undefined && until > extendableTo && clock?.extension !== undefined)
    throw refused(
      'extension-too-long',
      `${until} is after ${extendableTo} (${saying(clock.extension)})`,
      'name an earlier day',
    );
}

function saying({ source, rule }: Rule): string {
  return `${source}: ${rule}`;
}
