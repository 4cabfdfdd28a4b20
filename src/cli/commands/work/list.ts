import { ExitCode, usage } from '../../../base/errors.ts';
import { requireSource } from '../../../policy/find.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { WorkOrder } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { revealReason } from '../../reason.ts';
import { orderMembers, renderOrders } from './members.ts';

const STATES = ['ordered', 'confirmed', 'ended', 'cancelled'];

export interface ListInput {
  readonly state: string | undefined;
  readonly source: string | undefined;
}

export async function run(context: CommandContext, input: ListInput): Promise<ExitCode> {
  if (input.state !== undefined && !STATES.includes(input.state))
    throw usage('--state is none of a work order', `states: ${STATES.join(', ')}`);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  if (input.source !== undefined) requireSource(ledger.policy, input.source);
  const orders = await listOrders(ledger, input, reason);
  const reveal = reason !== undefined;
  context.output.result({ orders: orders.map((order) => orderMembers(ledger, order, reveal)) }, () =>
    renderOrders(context.output, ledger, orders, reveal),
  );
  return ExitCode.done;
}

/** Revealing the orders is an act: keys and new values are personal. */
async function listOrders(
  ledger: Ledger,
  { state, source }: ListInput,
  reason: string | undefined,
): Promise<readonly WorkOrder[]> {
  const filter = state === undefined ? {} : { state };
  const entry = { act: 'work.revealed', at: ledger.now, actor: ledger.actor };
  const orders =
    reason === undefined
      ? await ledger.store.read((tx) => tx.entries('work-order', filter))
      : await ledger.store.act({ ...entry, reason }, (tx) => tx.entries('work-order', filter));
  return orders.filter((order) => source === undefined || order.source === source);
}
