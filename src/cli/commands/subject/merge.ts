import { ExitCode } from '../../../base/errors.ts';
import { mergeSubjects } from '../../../people/decide.ts';
import type { CommandContext } from '../../context.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { requireSubjectId } from '../../subject-argument.ts';
import { decisionResult } from './decision.ts';

export async function run(
  context: CommandContext,
  input: { readonly subject: string; readonly other: string },
): Promise<ExitCode> {
  const subject = requireSubjectId(input.subject);
  const other = requireSubjectId(input.other);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  decisionResult(context, await mergeSubjects(ledger, subject, other, reason));
  return ExitCode.done;
}
