import { ExitCode } from '../../../base/errors.ts';
import { writeJournal } from '../../../evidence/backup/journal.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext, input: { readonly file: string }): Promise<ExitCode> {
  const path = context.path(input.file);
  const ledger = await context.openLedger('write');
  const { at, auditSize } = await writeJournal(ledger, path);
  context.output.result(
    { journal: path, written_at: at, audit_size: auditSize },
    () => `journal  ${context.shown(path)}, ${auditSize} audit entries`,
  );
  return ExitCode.done;
}
