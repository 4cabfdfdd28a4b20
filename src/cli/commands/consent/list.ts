import { ExitCode } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import type { CommandContext } from '../../context.ts';
import { requireSubjectId } from '../../subject-argument.ts';

export async function run(
  context: CommandContext,
  input: { readonly child: string | undefined },
): Promise<ExitCode> {
  const child = input.child === undefined ? undefined : requireSubjectId(input.child);
  const ledger = await context.openLedger('read');
  const steps = await ledger.store.read((tx) =>
    tx.entries('consent', child === undefined ? {} : { subject: child }),
  );
  const consents = steps.map(({ subject, parent, step, state, policyVersion, at }) => ({
    child: subjectName(subject ?? 0),
    parent: subjectName(parent),
    step,
    state,
    policy_version: policyVersion,
    at,
  }));
  const rows = consents.map((row) => [
    row.child,
    row.parent,
    row.step,
    row.state,
    row.policy_version,
    context.output.clock.cell(row.at),
  ]);
  context.output.result({ consents }, () =>
    rows.length === 0
      ? 'no consent was recorded'
      : context.output.table(
          ['child', 'parent', 'step', 'state', 'policy', context.output.clock.head('at')],
          rows,
        ),
  );
  return ExitCode.done;
}
