import { ExitCode } from '../../../base/errors.ts';
import { maskValue } from '../../../base/mask.ts';
import { requireRequest } from '../../../requests/open.ts';
import { movesFrom } from '../../../requests/transitions.ts';
import type { Request, WorkOrder } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { renderRequestOrders, requestOrderMembers } from '../../order-view.ts';
import type { Output } from '../../output.ts';
import { revealReason } from '../../reason.ts';
import { renderRemains } from '../../render-plan.ts';
import { requireRequestId } from '../../request-argument.ts';
import { historyMembers, outcomeMembers, renderHeadline, requestMembers } from '../../request-view.ts';
import { recordReveal } from '../../revealing.ts';

export interface ShowInput {
  readonly request: string;
  readonly file: boolean;
}

export async function run(context: CommandContext, input: ShowInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  const { request, orders } = await ledger.store.read(async (tx) => ({
    request: await requireRequest(tx, id),
    orders: await tx.entries('work-order', { request: id }),
  }));
  await recordReveal(ledger, id, reason);
  const reveal = reason !== undefined;
  const document = {
    request: requestMembers(request, reveal),
    moves: movesFrom(request.state),
    outcome: request.outcome === undefined ? null : outcomeMembers(request.outcome),
    orders: requestOrderMembers(orders),
    history: historyMembers(request),
    ...(input.file ? { file: { notes: request.notes } } : {}),
  };
  context.output.result(document, () =>
    renderRequest(context.output, { request, orders }, input.file, reveal),
  );
  return ExitCode.done;
}

interface Shown {
  readonly request: Request;
  readonly orders: readonly WorkOrder[];
}

function renderRequest(
  output: Output,
  { request, orders }: Shown,
  withFile: boolean,
  reveal: boolean,
): string {
  const { asked, verification, history, notes, outcome } = request;
  const moves = history.map(({ at, actor, to, reason }) => [at, actor, to, reason ?? '']);
  const parts = [
    [renderHeadline(request)],
    [
      `received ${request.receivedOn} from ${request.requester}, regime ${request.regime}`,
      ...(asked === undefined
        ? []
        : [`asked about ${renderAsked(asked, reveal)}, by which nobody was known`]),
      verification.verified
        ? `verified by ${verification.method ?? 'nothing'}`
        : `not verified, ${verification.tries} tries made`,
    ],
    [output.table(['at', 'actor', 'became', 'reason'], moves)],
    renderRequestOrders(output, orders),
    outcome === undefined ? [] : renderRemains(outcome.remains),
    withFile ? notes.map(({ at, actor, text }) => `${at} ${actor}: ${text}`) : [],
  ];
  return parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function renderAsked({ kind, value }: NonNullable<Request['asked']>, reveal: boolean): string {
  return reveal ? `${kind}:${value}` : `${kind}:${maskValue(kind, value)}`;
}
