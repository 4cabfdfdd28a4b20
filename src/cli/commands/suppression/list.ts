import { ExitCode } from '../../../base/errors.ts';
import { listGate } from '../../../ingest/aside-acts.ts';
import type { CommandContext } from '../../context.ts';
import { requireSubjectId } from '../../subject-argument.ts';
import { asideMembers, asideTable, suppressionMembers, suppressionTable } from './members.ts';

export async function run(
  context: CommandContext,
  input: { readonly subject: string | undefined },
): Promise<ExitCode> {
  const subject = input.subject === undefined ? undefined : requireSubjectId(input.subject);
  const ledger = await context.openLedger('read');
  const { suppressions, waiting } = await ledger.store.read((tx) => listGate(tx, subject));
  const document = {
    suppressions: suppressions.map(suppressionMembers),
    set_aside: waiting.map(asideMembers),
  };
  context.output.result(document, () => {
    const none = suppressions.length === 0 ? 'nobody is suppressed' : undefined;
    const parts = [none ?? suppressionTable(context.output, suppressions)];
    if (waiting.length > 0) parts.push(`waiting for a decision:\n${asideTable(context.output, waiting)}`);
    return parts.join('\n\n');
  });
  return ExitCode.done;
}
