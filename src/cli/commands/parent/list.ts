import { ExitCode } from '../../../base/errors.ts';
import { subjectName } from '../../../base/ids.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const steps = ledger.policy.coppa?.allOf ?? [];
  const { links, consents } = await ledger.store.read(async (tx) => ({
    links: await tx.entries('parent'),
    consents: await tx.entries('consent', { state: 'given' }),
  }));
  const parents = links.map((link) => {
    const given = consents
      .filter(({ subject, parent }) => subject === link.subject && parent === link.parent)
      .map(({ step }) => step);
    return {
      child: subjectName(link.subject ?? 0),
      parent: subjectName(link.parent),
      state: link.state,
      reason: link.reason,
      linked_at: link.linkedAt,
      steps_missing: steps.filter((step) => !given.includes(step)),
    };
  });
  const rows = parents.map((row) => [
    row.child,
    row.parent,
    row.state,
    row.reason,
    row.steps_missing.join(' ') || 'none',
  ]);
  context.output.result({ parents }, () =>
    parents.length === 0
      ? 'no parent was linked'
      : context.output.table(['child', 'parent', 'state', 'reason', 'steps missing'], rows),
  );
  return ExitCode.done;
}
