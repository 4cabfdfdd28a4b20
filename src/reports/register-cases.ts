import { dateIn, type PlainDate } from '../base/time.ts';
import { extentOf, refusalIn } from '../requests/extent.ts';
import { isCarriedOut, type RequestMove, type RequestState } from '../requests/transitions.ts';
import type { Request, RequestStep } from '../store/registers.ts';
import type { CaseEvent, RequestCase } from './cases.ts';
import { afterEvent } from './cases.ts';

type Told = Pick<
  Request,
  'id' | 'type' | 'regime' | 'receivedOn' | 'history' | 'outcome' | 'answered' | 'state'
>;

/** The case of a request by its own history, the audit log left aside. */
export function registerCase(request: Told, zone: string): RequestCase {
  const { id, type, regime, receivedOn } = request;
  const opened: RequestCase = {
    request: id,
    type,
    regime,
    receivedOn,
    end: 'open',
    respondedOn: undefined,
    reason: undefined,
    isAppealed: false,
  };
  return request.history.reduce((before, step) => {
    const event = eventOf(step, request);
    return event === undefined ? before : afterEvent(before, event, dayOf(step, request, zone));
  }, opened);
}

/** An answer that staff gave counts from the day on which it went. */
function dayOf({ at, move }: RequestStep, { answered }: Told, zone: string): PlainDate {
  return (move === 'answer' ? answered?.on : undefined) ?? dateIn(at, zone);
}

function eventOf(step: RequestStep, request: Told): CaseEvent | undefined {
  switch (moveOf(step)) {
    case 'apply':
      return carriedOut(request);
    case 'close':
      // An answer with a package; of what was carried out it only says that nothing is left to do.
      return step.from !== undefined && isCarriedOut(step.from) ? undefined : carriedOut(request);
    case 'answer':
      return { kind: 'answered', extent: request.answered?.extent ?? 'whole' };
    case 'deny':
      return { kind: 'denied', reason: step.reason };
    case 'withdraw':
      return { kind: 'withdrawn' };
    case 'duplicate':
      return { kind: 'duplicate' };
    case 'expire':
      return { kind: 'expired' };
    case 'appeal':
      return { kind: 'appealed' };
    case 'uphold':
      return { kind: 'upheld' };
    case 'grant':
    case 'reassign':
    case 'reopen':
      return { kind: 'reopened' };
    default:
      return undefined;
  }
}

/** What was carried out; where nothing was done of what was asked, that is a refusal. */
function carriedOut({ outcome }: Told): CaseEvent {
  const extent = outcome === undefined ? 'whole' : extentOf(outcome);
  if (outcome !== undefined && extent === 'none') return { kind: 'denied', reason: refusalIn(outcome) };
  return { kind: 'answered', extent: extent === 'part' ? 'part' : 'whole' };
}

/** What an earlier dsr wrote names no moves: there the new state says which it was. */
const MOVE_TO: Readonly<Partial<Record<RequestState, RequestMove>>> = {
  applied: 'apply',
  closed: 'close',
  denied: 'deny',
  withdrawn: 'withdraw',
};

function moveOf({ move, to }: RequestStep): RequestMove | undefined {
  return move ?? MOVE_TO[to];
}
