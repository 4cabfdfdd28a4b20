import { ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { placeHold } from '../../../retention/hold-acts.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { numberSubject } from '../../subject-argument.ts';
import { holdMembers, holdTable } from './members.ts';

export interface PlaceInput {
  readonly id: string | undefined;
  readonly matter: string | undefined;
  readonly category: string | undefined;
  readonly source: string | undefined;
  readonly review: string | undefined;
}

export async function run(context: CommandContext, input: PlaceInput): Promise<ExitCode> {
  if (input.matter === undefined)
    throw usage('--matter is missing', 'give the file number of the matter, such as --matter 2026-17');
  const reviewOn = parseOptionalDate(input.review, '--review');
  const isWide = input.id === undefined && (input.category !== undefined || input.source !== undefined);
  const words = isWide ? undefined : await readIdentifier(context, input.id);
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'legal');
  const subject = words === undefined ? undefined : await numberSubject(ledger, words);
  const hold = await placeHold(ledger, {
    matter: input.matter,
    subject,
    category: input.category,
    source: input.source,
    reason,
    reviewOn,
  });
  context.output.result({ hold: holdMembers(hold), holds: [holdMembers(hold)] }, () =>
    holdTable(context.output, [hold]),
  );
  return ExitCode.done;
}
