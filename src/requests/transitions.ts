import { refused } from '../base/errors.ts';

/** Where a request stands. */
export type RequestState =
  | 'received'
  | 'acknowledged'
  | 'awaiting-verification'
  | 'verified'
  | 'planned'
  | 'approved'
  | 'waiting'
  | 'applied'
  | 'ordered-upstream'
  | 'confirmed'
  | 'closed'
  | 'denied'
  | 'withdrawn'
  | 'expired'
  | 'appealed';

/** Moves of the desk that leave the state as it is. */
const BESIDE = [
  'add-subject',
  'assign',
  'attach',
  'classify',
  'dispute',
  'extend',
  'inquire',
  'letter',
  'pause',
  'resume',
  'send',
  'state',
] as const;

/** Moves that lead from state to state. */
const ALONG = [
  'acknowledge',
  'ask',
  'try',
  'verify',
  'reassign',
  'plan',
  'approve',
  'wait',
  'stop',
  'apply',
  'order',
  'confirm',
  'close',
  'answer',
  'deny',
  'withdraw',
  'expire',
  'duplicate',
  'appeal',
  'uphold',
  'grant',
  'reopen',
] as const;

/** What somebody does with a request; staff know most of them as verbs of `dsr request`. */
export type RequestMove = (typeof BESIDE)[number] | (typeof ALONG)[number];

type Moves = Readonly<Partial<Record<RequestMove, RequestState>>>;

/** What every request that is not carried out can do. */
const ENDS: Moves = { deny: 'denied', withdraw: 'withdrawn', expire: 'expired', duplicate: 'closed' };

const UNVERIFIED: Moves = {
  ask: 'awaiting-verification',
  try: 'awaiting-verification',
  verify: 'verified',
  reassign: 'received',
  answer: 'closed',
  ...ENDS,
};

/** The one table: state → move → the state after it. Moves beside the way are `DURING`. */
const TABLE: Readonly<Record<RequestState, Moves>> = {
  received: { acknowledge: 'acknowledged', ...UNVERIFIED },
  acknowledged: UNVERIFIED,
  'awaiting-verification': { acknowledge: 'awaiting-verification', ...UNVERIFIED },
  verified: {
    acknowledge: 'verified',
    ask: 'verified',
    // A second account or address is verified beside the first; a guess at it counts too.
    try: 'verified',
    verify: 'verified',
    plan: 'planned',
    reassign: 'received',
    answer: 'closed',
    ...ENDS,
  },
  planned: {
    acknowledge: 'planned',
    ask: 'planned',
    try: 'planned',
    verify: 'planned',
    plan: 'planned',
    approve: 'approved',
    wait: 'waiting',
    stop: 'verified',
    apply: 'applied',
    close: 'closed',
    reassign: 'received',
    ...ENDS,
  },
  approved: {
    acknowledge: 'approved',
    plan: 'planned',
    wait: 'waiting',
    stop: 'verified',
    apply: 'applied',
    close: 'closed',
    reassign: 'received',
    ...ENDS,
  },
  waiting: {
    acknowledge: 'waiting',
    plan: 'planned',
    approve: 'waiting',
    stop: 'verified',
    apply: 'applied',
    reassign: 'received',
    ...ENDS,
  },
  // A hold that is released lets the rest of a deletion be planned again.
  applied: { plan: 'planned', order: 'ordered-upstream', confirm: 'confirmed', close: 'closed' },
  'ordered-upstream': { confirm: 'confirmed', close: 'closed' },
  // A row that is back upstream is ordered away again.
  confirmed: { order: 'ordered-upstream', close: 'closed' },
  // Who was verified before is verified again at once.
  closed: { order: 'ordered-upstream', appeal: 'appealed', reopen: 'received' },
  denied: { appeal: 'appealed', reopen: 'received' },
  appealed: { acknowledge: 'appealed', uphold: 'denied', grant: 'received', withdraw: 'withdrawn' },
  withdrawn: { reopen: 'received' },
  expired: { reopen: 'received' },
};

/** In which states each move beside the way may be made: until it has ended, until it is carried out too, or always. */
const DURING: Readonly<Record<(typeof BESIDE)[number], 'open' | 'unanswered' | 'all'>> = {
  'add-subject': 'unanswered',
  assign: 'open',
  attach: 'open',
  classify: 'unanswered',
  // Its end outlasts a refusal: the person is told first.
  dispute: 'all',
  extend: 'unanswered',
  inquire: 'unanswered',
  letter: 'all',
  pause: 'unanswered',
  resume: 'unanswered',
  send: 'all',
  state: 'all',
};

const ENDED: ReadonlySet<RequestState> = new Set(['closed', 'denied', 'withdrawn', 'expired']);
const CARRIED_OUT: ReadonlySet<RequestState> = new Set(['applied', 'ordered-upstream', 'confirmed']);

/** Every state, in the order in which a request may come to it. */
export const REQUEST_STATES: readonly RequestState[] = Object.keys(TABLE) as RequestState[];

/** Whether nothing is left to do; what is seen upstream, or an appeal, can still bring a request back. */
export function isEnded(state: RequestState): boolean {
  return ENDED.has(state);
}

/** Whether the plan of a request has been carried out, and something of it is left to do. */
export function isCarriedOut(state: RequestState): boolean {
  return CARRIED_OUT.has(state);
}

/** Every move that may be made in a state, those that leave it as it is included. */
export function movesFrom(state: RequestState): readonly RequestMove[] {
  return [...ALONG, ...BESIDE].filter((move) => stateAfter(state, move) !== undefined);
}

/** The state after a move, or undefined where the table has no such move. */
export function stateAfter(state: RequestState, move: RequestMove): RequestState | undefined {
  if (!isBeside(move)) return TABLE[state][move];
  const when = DURING[move];
  const isOpen = !ENDED.has(state);
  const may = when === 'all' || (when === 'open' ? isOpen : isOpen && !CARRIED_OUT.has(state));
  return may ? state : undefined;
}

function isBeside(move: RequestMove): move is (typeof BESIDE)[number] {
  return (BESIDE as readonly RequestMove[]).includes(move);
}

/** The state after a move; one that the table lacks is refused with those that it has. */
export function requireMove(state: RequestState, move: RequestMove): RequestState {
  const next = stateAfter(state, move);
  if (next !== undefined) return next;
  throw refused(
    'move-not-allowed',
    `a request that is ${state} has no move ${move}`,
    `from here it has: ${movesFrom(state).join(', ')}; dsr request show names their commands`,
  );
}
