import { ExitCode, usage } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import { withdrawConsent } from '../../../people/parents.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { numberSubject } from '../../subject-argument.ts';

export async function run(
  context: CommandContext,
  input: { readonly child: string; readonly parent: string | undefined },
): Promise<ExitCode> {
  if (input.parent === undefined)
    throw usage('--parent is missing', 'say whose consent ends: --parent S-000008');
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const child = await numberSubject(ledger, input.child);
  const parent = await numberSubject(ledger, input.parent);
  const steps = await withdrawConsent(ledger, child, parent, reason);
  context.output.result(
    { child: subjectName(child), parent: subjectName(parent), steps },
    () => `${steps} steps of consent ended`,
  );
  return ExitCode.done;
}
