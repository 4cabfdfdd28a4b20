import { moved } from '../requests/moves.ts';
import type { Ledger } from '../store/ledger.ts';
import type { WorkOrder } from '../store/registers.ts';
import type { EditVerdict, Writer } from '../store/store.ts';

type Acting = Pick<Ledger, 'now' | 'actor'>;

/**
 * Settles the work orders of edits by what an export said of them: confirmed when every field has its
 * new value upstream, ended when upstream has a third one, left open while it has the old one.
 */
export async function settleOrders(
  tx: Writer,
  verdicts: readonly EditVerdict[],
  ledger: Acting,
): Promise<void> {
  if (verdicts.length === 0) return;
  const orders = await tx.entries('work-order', { state: 'ordered' });
  for (const order of orders) {
    const own = verdicts.filter((verdict) => order.action === 'change' && isOf(verdict, order));
    if (own.length === 0) continue;
    const state = await stateOf(tx, order, own);
    if (state === order.state) continue;
    await tx.put('work-order', { ...order, state, endedAt: ledger.now });
    await closeIfSettled(tx, order.request, ledger);
  }
}

/** A request of which nothing is open upstream any more is closed. */
async function closeIfSettled(tx: Writer, id: number, ledger: Acting): Promise<void> {
  const open = await tx.entries('work-order', { state: 'ordered' });
  const request = await tx.entry('request', id);
  if (request?.state !== 'ordered-upstream' || open.some((order) => order.request === id)) return;
  await tx.put('request', moved(request, 'closed', ledger));
}

function isOf(verdict: EditVerdict, order: WorkOrder): boolean {
  return (
    verdict.record === order.record &&
    verdict.request === order.request &&
    Object.hasOwn(order.change, verdict.field)
  );
}

async function stateOf(tx: Writer, order: WorkOrder, verdicts: readonly EditVerdict[]): Promise<string> {
  if (verdicts.some(({ verdict }) => verdict === 'new-value')) return 'ended';
  // A correction that upstream has taken over is no overlay any more.
  const record = await tx.record(verdicts[0]?.record ?? 0);
  const isOpen = record?.overlays.some(
    ({ field, request }) => request === order.request && Object.hasOwn(order.change, field),
  );
  return isOpen === true ? 'ordered' : 'confirmed';
}
