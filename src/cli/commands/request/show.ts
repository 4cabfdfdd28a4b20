import { ExitCode, usage } from '../../../base/errors.ts';
import { dateIn } from '../../../base/time.ts';
import { deadlinesOf } from '../../../requests/clock/clock.ts';
import { requireRequest } from '../../../requests/find.ts';
import { lettersOf } from '../../../requests/letters/letters.ts';
import { foreignDetailsOf } from '../../../requests/opening/foreign.ts';
import { movesFrom } from '../../../requests/transitions.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';
import { lettersMembers } from '../../letter-view.ts';
import { nextCommand } from '../../next-command.ts';
import { requestOrderMembers } from '../../order-view.ts';
import { revealReason } from '../../reason.ts';
import { type RequestFile, renderRequest } from '../../render-request.ts';
import { requireRequestId } from '../../request-argument.ts';
import { historyMembers, outcomeMembers, requestMembers } from '../../request-view.ts';
import { recordReveal } from '../../revealing.ts';
import { showStatus } from './show-status.ts';

export interface ShowInput {
  readonly request: string | undefined;
  readonly file: boolean;
  readonly as: 'opendsr' | 'drp' | undefined;
  readonly foreign: string | undefined;
  readonly agent: string | undefined;
}

export async function run(context: CommandContext, input: ShowInput): Promise<ExitCode> {
  const given = checkFlags(input);
  const reason = await revealReason(context);
  const ledger = await context.openLedger(reason === undefined ? 'read' : 'write');
  const id = given ?? (await foreignRequest(ledger, input.foreign ?? ''));
  if (input.as !== undefined) return showStatus(context, ledger, id, { ...input, protocol: input.as });
  const file = await fileOf(ledger, id);
  const { request, orders, letters } = file;
  await recordReveal(ledger, id, reason);
  const reveal = reason !== undefined;
  const document = {
    request: requestMembers(request, reveal),
    moves: movesFrom(request.state),
    next: nextCommand(request, ledger.policy) ?? null,
    outcome: request.outcome === undefined ? null : outcomeMembers(request.outcome),
    letters: lettersMembers(letters, input.file),
    orders: requestOrderMembers(orders),
    history: historyMembers(request),
    ...(input.file ? { file: fileMembers(file, reveal) } : {}),
  };
  context.output.result(document, () =>
    renderRequest(context.output, file, { withFile: input.file, reveal }),
  );
  return ExitCode.done;
}

/** Words of staff and of the person; with a reason also who another system says the person is. */
function fileMembers({ request, claims }: RequestFile, reveal: boolean): Record<string, unknown> {
  return {
    notes: request.notes,
    statements: request.statements ?? [],
    ...(reveal && claims !== undefined ? { claims } : {}),
  };
}

/** The number of the request, where it is not named by a foreign id. */
function checkFlags({ request, as, foreign, agent, file }: ShowInput): number | undefined {
  if ((request === undefined) === (foreign === undefined))
    throw usage('this needs a request such as R-000007, or --foreign ID', 'dsr request list shows them');
  if (agent !== undefined && as !== 'drp') throw usage('--agent belongs to --as drp');
  if (file && as !== undefined) throw usage('--file and --as exclude each other');
  return request === undefined ? undefined : requireRequestId(request);
}

async function foreignRequest(ledger: Ledger, words: string): Promise<number> {
  const { requireForeign } = await import('../../../intake/find-foreign.ts');
  return (await ledger.store.read((tx) => requireForeign(tx, ledger, words))).id;
}

async function fileOf(ledger: Ledger, id: number): Promise<RequestFile> {
  const deadlines = await deadlinesOf(ledger);
  return ledger.store.read(async (tx) => {
    const request = await requireRequest(tx, id);
    return {
      request,
      deadline: deadlines.explain(request),
      claims: foreignDetailsOf(ledger.keys, request).claims,
      orders: await tx.entries('work-order', { request: id }),
      letters: await lettersOf(tx, id),
      next: nextCommand(request, ledger.policy),
      today: dateIn(ledger.now, ledger.policy.controller.zone),
    };
  });
}
