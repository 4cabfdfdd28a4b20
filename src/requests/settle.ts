import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { Writer } from '../store/store.ts';
import { moved } from './moves.ts';
import type { RequestMove, RequestState } from './transitions.ts';
import { isCarriedOut, stateAfter } from './transitions.ts';

const MOVE_TO: Readonly<Partial<Record<RequestState, RequestMove>>> = {
  'ordered-upstream': 'order',
  confirmed: 'confirm',
  closed: 'close',
};

type Acting = Pick<Ledger, 'now' | 'actor'>;

/**
 * Moves a request that was carried out to where its orders and bytes have it: ordered upstream while an
 * order is open, confirmed while only its bytes wait for their proof, else closed. A held rest keeps it
 * applied. Called after everything that can change one of them; does nothing where nothing has.
 */
export async function settleRequest(tx: Writer, ledger: Acting, id: number, reason?: string): Promise<void> {
  await settleRequests(tx, ledger, new Set([id]), reason);
}

/** As `settleRequest`, of many requests at once. */
export async function settleRequests(
  tx: Writer,
  ledger: Acting,
  ids: ReadonlySet<number>,
  reason?: string,
): Promise<void> {
  for (const id of ids) {
    const request = await tx.entry('request', id);
    if (request === undefined || !(isCarriedOut(request.state) || request.state === 'closed')) continue;
    const open = await tx.entries('work-order', { request: id, state: 'ordered' });
    const move = MOVE_TO[settledState(request, open.length > 0)];
    if (move === undefined || stateAfter(request.state, move) === undefined) continue;
    const settled = moved(request, move, ledger, reason);
    await tx.put('request', settled);
    tx.followed(id, settled.state);
  }
}

/** Where a request that was carried out stands, by what is still open of it. */
export function settledState({ outcome }: Pick<Request, 'outcome'>, hasOpenOrders: boolean): RequestState {
  if (outcome?.applied.some(({ action }) => action === 'hold')) return 'applied';
  if (hasOpenOrders) return 'ordered-upstream';
  const isSettled = outcome === undefined || outcome.bytes === 'not-needed' || outcome.bytes === 'proven';
  return isSettled ? 'closed' : 'confirmed';
}
