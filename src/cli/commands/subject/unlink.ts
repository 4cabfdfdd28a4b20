import { ExitCode } from '../../../base/errors.ts';
import { undoMerge, unlinkIdentifier } from '../../../people/decide.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { requireSubjectId } from '../../subject-argument.ts';
import { decisionResult } from './decision.ts';

export interface UnlinkInput {
  readonly subject: string;
  readonly id: string | undefined;
}

export async function run(context: CommandContext, input: UnlinkInput): Promise<ExitCode> {
  const subject = requireSubjectId(input.subject);
  const words = await readIdentifier(context, input.id);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const what = parseIdentifier(words, ledger.policy);
  const decision =
    'subject' in what
      ? await undoMerge(ledger, subject, what.subject, reason)
      : await unlinkIdentifier(ledger, subject, what, reason);
  decisionResult(context, decision);
  return ExitCode.done;
}
