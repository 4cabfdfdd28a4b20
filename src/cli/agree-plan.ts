import { refused } from '../base/errors.ts';
import { requireRequest } from '../requests/find.ts';
import { findOpenPlan } from '../requests/plan.ts';
import type { Ledger } from '../store/ledger.ts';
import type { CommandContext } from './context.ts';
import { safeLines } from './output.ts';
import { renderPlan } from './render-plan.ts';
import { renderHeadline } from './request-view.ts';

/** Shows the plan in force to whoever sits at the terminal; its digest once they agree to it. */
export async function agreedPlan(context: CommandContext, ledger: Ledger, id: number): Promise<string> {
  const { request, found } = await ledger.store.read(async (tx) => {
    const one = await requireRequest(tx, id);
    return { request: one, found: await findOpenPlan(tx, id, one.plan) };
  });
  if (found === undefined)
    throw refused('not-planned', 'the request has no plan', 'dsr request plan makes one');
  const shown = renderPlan(context.output, found.plan, { policy: ledger.policy, reveal: false });
  // Part of the question, so that it is seen even under --quiet and --json.
  context.io.stderr.write(safeLines(`\n${renderHeadline(request)}\n\n${shown}\n\n`));
  if (await context.prompter.confirm(`Approve this plan of ${found.plannedBy}?`)) return found.digest;
  throw refused('not-confirmed', 'not confirmed, so nothing was approved');
}
