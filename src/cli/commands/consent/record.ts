import { ExitCode, usage } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import { recordConsent } from '../../../people/parents.ts';
import type { CommandContext } from '../../context.ts';
import { openLedgerAs } from '../../staff-ledger.ts';
import { numberSubject } from '../../subject-argument.ts';

export interface RecordInput {
  readonly child: string;
  readonly parent: string | undefined;
  readonly step: readonly string[];
}

export async function run(context: CommandContext, input: RecordInput): Promise<ExitCode> {
  if (input.parent === undefined)
    throw usage('--parent is missing', 'say whose consent it is: --parent S-000008');
  if (input.step.length === 0) throw usage('--step is missing', 'name a step that the policy demands');
  const ledger = await openLedgerAs(context, 'desk');
  const child = await numberSubject(ledger, input.child);
  const parent = await numberSubject(ledger, input.parent);
  for (const step of input.step) await recordConsent(ledger, child, parent, step);
  const document = {
    child: subjectName(child),
    parent: subjectName(parent),
    steps: input.step,
    policy_version: ledger.policyVersion,
  };
  context.output.result(
    document,
    () => `${document.parent} consented for ${document.child}: ${input.step.join(', ')}`,
  );
  return ExitCode.done;
}
