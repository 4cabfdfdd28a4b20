import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { RequestState } from './transitions.ts';
import { requireMove } from './transitions.ts';

/** The request after a move of the table, with its line of history. */
export function moved(
  request: Request,
  to: RequestState,
  ledger: Pick<Ledger, 'now' | 'actor'>,
  reason?: string,
): Request {
  requireMove(request.state, to);
  const line = { at: ledger.now, actor: ledger.actor.name, from: request.state, to, reason };
  return { ...request, state: to, history: [...request.history, line] };
}
