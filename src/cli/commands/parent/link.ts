import { ExitCode } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import { linkParent } from '../../../people/parents.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { requireReason } from '../../reason.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { numberSubject } from '../../subject-argument.ts';

export interface LinkInput {
  readonly child: string;
  readonly parent: string | undefined;
}

export async function run(context: CommandContext, input: LinkInput): Promise<ExitCode> {
  const words = await readIdentifier(context, input.parent, 'PARENT');
  const reason = await requireReason(context);
  const ledger = await openLedgerAs(context, 'desk');
  const child = await numberSubject(ledger, input.child);
  const parent = await numberSubject(ledger, words);
  await linkParent(ledger, child, parent, reason);
  const document = { child: subjectName(child), parent: subjectName(parent) };
  context.output.result(document, () => `${document.parent} is recorded as a parent of ${document.child}`);
  return ExitCode.done;
}
