import type { Canonical } from '../base/json.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { Writer } from '../store/store.ts';
import { requireRole } from './approval/staff.ts';
import { endWaiting } from './care/restrictions.ts';
import { attentionOf } from './due.ts';
import { requireRequest } from './find.ts';
import type { RequestMove } from './transitions.ts';
import { isEnded, requireMove } from './transitions.ts';

/** The reason of a move that follows from the one before it. */
export const ROUTINE = 'routine';

/** The request after a move of the table, with its line of history and its new day of attention. */
export function moved(
  request: Request,
  move: RequestMove,
  ledger: Pick<Ledger, 'now' | 'actor'>,
  reason: string = ROUTINE,
): Request {
  const to = requireMove(request.state, move);
  const line = { at: ledger.now, actor: ledger.actor.name, move, from: request.state, to, reason };
  return noticed({ ...request, ...openAgain(request, move), state: to, history: [...request.history, line] });
}

/** What is opened again is owed an answer once more, until it has one. */
function openAgain({ reopened }: Request, move: RequestMove): Pick<Request, 'reopened'> {
  if (move === 'reopen' || move === 'grant') return { reopened: true };
  return reopened === undefined || !ANSWERS.has(move) ? {} : { reopened: undefined };
}

const ANSWERS: ReadonlySet<RequestMove> = new Set(['apply', 'answer', 'close', 'deny', 'withdraw', 'expire']);

/** The request with the day by which somebody has to see to it. */
export function noticed(request: Request): Request {
  return { ...request, attentionOn: attentionOf(request) };
}

/** The name of a move in the audit log: `request.acknowledged`. */
const ACTS: Readonly<Record<DeskMove, string>> = {
  'add-subject': 'request.subject-added',
  acknowledge: 'request.acknowledged',
  appeal: 'request.appealed',
  ask: 'request.asked',
  assign: 'request.assigned',
  attach: 'request.document-seen',
  classify: 'request.classified',
  dispute: 'request.disputed',
  duplicate: 'request.found-duplicate',
  expire: 'request.expired',
  extend: 'request.extended',
  inquire: 'request.inquired',
  grant: 'request.appeal-granted',
  letter: 'request.letter-drafted',
  answer: 'request.answered-by-hand',
  pause: 'request.paused',
  reassign: 'request.reassigned',
  reopen: 'request.reopened',
  resume: 'request.resumed',
  send: 'request.letter-sent',
  state: 'request.statement-added',
  stop: 'request.stopped',
  uphold: 'request.refusal-upheld',
  wait: 'request.waiting-started',
};

/** Moves that are an act of their own; the others belong to a use case. */
export type DeskMove = Exclude<
  RequestMove,
  'try' | 'verify' | 'plan' | 'approve' | 'apply' | 'order' | 'confirm' | 'close' | 'deny' | 'withdraw'
>;

/** What staff say of one of their moves. */
export interface Saying {
  /** A code, for the audit log too. */
  readonly reason: string | undefined;
  /** Words for the request file; never in the audit log. */
  readonly note?: string | undefined;
}

/** What one move of the desk is to say of itself. */
export interface Moving extends Saying {
  readonly move: DeskMove;
  readonly facts?: { readonly [key: string]: Canonical | undefined };
  /** A move that follows from this one by itself. */
  readonly further?: (after: Request) => RequestMove | undefined;
}

/**
 * Makes one move of the desk: its line of history, its audit entry and whatever `change` does commit
 * together; a move that the table lacks, or that `change` refuses, leaves nothing.
 */
export async function moveRequest(
  ledger: Ledger,
  id: number,
  { move, reason, note, facts, further }: Moving,
  change: (request: Request, tx: Writer) => Request | Promise<Request> = (request) => request,
): Promise<Request> {
  const { now: at, actor } = ledger;
  if (move !== 'expire') requireRole(ledger, move === 'wait' ? 'planner' : 'desk');
  const entry = {
    act: ACTS[move],
    at,
    actor,
    reason: reason ?? ROUTINE,
    request: id,
    ...(facts && { facts }),
  };
  return ledger.store.act(entry, async (tx) => {
    const before = await requireRequest(tx, id);
    requireMove(before.state, move);
    const changed = await change(before, tx);
    const first = moved({ ...changed, state: before.state }, move, ledger, reason);
    const second = further?.(first);
    const after = second === undefined ? first : moved(first, second, ledger);
    const settled = isEnded(after.state) ? await endWaiting(tx, after, at) : after;
    const next = note === undefined ? settled : withNote(settled, ledger, note);
    await tx.put('request', next);
    return next;
  });
}

/** The request with staff's own words in its file. */
export function withNote(
  request: Request,
  { now: at, actor }: Pick<Ledger, 'now' | 'actor'>,
  text: string,
): Request {
  return { ...request, notes: [...request.notes, { at, actor: actor.name, text }] };
}
