import { ExitCode } from '../../../base/errors.ts';
import { parseInstant } from '../../../base/time.ts';
import { linkIdentifier } from '../../../people/decide.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { requireSubjectId } from '../../subject-argument.ts';
import { decisionResult, requireIdentifier } from './decision.ts';

export interface LinkInput {
  readonly subject: string;
  readonly id: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export async function run(context: CommandContext, input: LinkInput): Promise<ExitCode> {
  const subject = requireSubjectId(input.subject);
  const from = input.from === undefined ? undefined : parseInstant(input.from, '--from');
  const to = input.to === undefined ? undefined : parseInstant(input.to, '--to');
  const words = await readIdentifier(context, input.id);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const identifier = requireIdentifier(words, ledger.policy);
  decisionResult(context, await linkIdentifier(ledger, { subject, identifier, from, to, reason }));
  return ExitCode.done;
}
