import { requestName } from '../base/ids.ts';
import { pausedSince } from '../requests/due.ts';
import { movesFrom, type RequestMove } from '../requests/transitions.ts';
import type { Request } from '../store/registers.ts';

/** The verb of each move; undefined for those that dsr makes by itself. */
const VERBS: Readonly<Record<RequestMove, string | undefined>> = {
  acknowledge: 'ack',
  ask: 'ask',
  try: undefined,
  verify: 'verify',
  reassign: 'reassign',
  plan: 'plan',
  approve: 'approve',
  wait: undefined,
  stop: 'stop',
  apply: 'run',
  order: undefined,
  confirm: undefined,
  close: undefined,
  answer: 'sent',
  deny: 'deny',
  withdraw: 'withdraw',
  expire: 'expire',
  duplicate: 'duplicate',
  appeal: 'appeal',
  uphold: 'appeal',
  grant: 'appeal',
  reopen: 'reopen',
  'add-subject': 'add-subject',
  inquire: 'ask',
  assign: 'assign',
  attach: 'attach',
  classify: 'classify',
  dispute: 'dispute',
  extend: 'extend',
  letter: 'letter',
  pause: 'pause',
  resume: 'resume',
  send: 'sent',
  state: 'statement',
};

/** The verbs of `dsr request` that may be used on a request as it stands, each once. */
export function verbsFor(request: Request): readonly string[] {
  const moves = movesFrom(request.state).filter((move) => isMeant(request, move));
  return [...new Set(moves.flatMap((move) => VERBS[move] ?? []))];
}

function isMeant(request: Request, move: RequestMove): boolean {
  const { type, clock } = request;
  const isPaused = pausedSince(request) !== undefined;
  if (move === 'classify') return type === 'unclear';
  if (move === 'acknowledge') return clock?.acknowledgedOn === undefined;
  if (move === 'extend') return clock?.extension === undefined;
  if (move === 'resume') return isPaused;
  if (move === 'expire') return clock?.asked?.some(({ cause }) => cause === 'identity') === true;
  return move !== 'pause' || !isPaused;
}

/** What may be done with a request, in words: `ack, ask, verify: dsr request VERB R-000007`. */
export function renderVerbs(request: Request): string {
  return `${verbsFor(request).join(', ')} (dsr request VERB ${requestName(request.id)})`;
}
