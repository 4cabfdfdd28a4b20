import { refused } from '../base/errors.ts';

export type RequestState =
  | 'received'
  | 'verified'
  | 'planned'
  | 'approved'
  | 'applied'
  | 'ordered-upstream'
  | 'confirmed'
  | 'closed'
  | 'denied'
  | 'withdrawn';

/** The one table of moves; a later step may be reached again while the request is open. */
const MOVES: Readonly<Record<RequestState, readonly RequestState[]>> = {
  received: ['received', 'verified', 'denied', 'withdrawn'],
  verified: ['planned', 'denied', 'withdrawn'],
  planned: ['planned', 'approved', 'applied', 'closed', 'denied', 'withdrawn'],
  approved: ['planned', 'applied', 'closed', 'denied', 'withdrawn'],
  // A hold that is released lets the rest of a deletion be planned again.
  applied: ['planned', 'ordered-upstream', 'confirmed', 'closed'],
  'ordered-upstream': ['confirmed', 'closed'],
  // A row that is back upstream is ordered away again.
  confirmed: ['ordered-upstream', 'closed'],
  closed: ['ordered-upstream'],
  denied: [],
  withdrawn: [],
};

const ENDED: ReadonlySet<RequestState> = new Set(['closed', 'denied', 'withdrawn']);

/** Whether nothing is left to do; what is seen upstream can still bring a closed request back. */
export function isEnded(state: RequestState): boolean {
  return ENDED.has(state);
}

/** What a request may become next; of an ended one nothing that anybody could ask for. */
export function nextStates(state: RequestState): readonly RequestState[] {
  return isEnded(state) ? [] : MOVES[state];
}

/** Whether the table has this move. */
export function mayMove(from: RequestState, to: RequestState): boolean {
  return MOVES[from].includes(to);
}

/** Refuses a move that the table lacks, naming those it has. */
export function requireMove(from: RequestState, to: RequestState): void {
  if (mayMove(from, to)) return;
  const allowed = nextStates(from);
  throw refused(
    'move-not-allowed',
    `a request that is ${from} cannot become ${to}`,
    allowed.length === 0 ? `${from} is final` : `from here it can become: ${allowed.join(', ')}`,
  );
}
