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
  planned: ['planned', 'approved', 'applied', 'ordered-upstream', 'closed', 'denied', 'withdrawn'],
  approved: ['planned', 'applied', 'ordered-upstream', 'closed', 'denied', 'withdrawn'],
  // A hold that is released lets the rest of a deletion be planned again.
  applied: ['planned', 'ordered-upstream', 'confirmed', 'closed'],
  'ordered-upstream': ['confirmed', 'closed'],
  // A row that is back upstream is ordered away again.
  confirmed: ['ordered-upstream', 'closed'],
  closed: ['ordered-upstream'],
  denied: [],
  withdrawn: [],
};

export function nextStates(state: RequestState): readonly RequestState[] {
  return MOVES[state];
}

/** Refuses a move that the table lacks, naming those it has. */
export function requireMove(from: RequestState, to: RequestState): void {
  const allowed = MOVES[from];
  if (allowed.includes(to)) return;
  throw refused(
    'move-not-allowed',
    `a request that is ${from} cannot become ${to}`,
    allowed.length === 0 ? `${from} is final` : `from here it can become: ${allowed.join(', ')}`,
  );
}
