import { ExitCode } from '../../../base/errors.ts';
import { exportAudit } from '../../../evidence/audit/export.ts';
import { requireFreeFolder } from '../../../reports/package-writer.ts';
import type { CommandContext } from '../../context.ts';
import { artifactMembers, renderArtifacts } from './proofs.ts';

export interface ExportInput {
  readonly folder: string;
}

export async function run(context: CommandContext, input: ExportInput): Promise<ExitCode> {
  const folder = context.path(input.folder);
  requireFreeFolder(folder);
  const ledger = await context.openLedger('write');
  const { checkpoint, artifacts } = await exportAudit(ledger, folder);
  const { size, root } = checkpoint;
  context.output.result({ size, root, checkpoint, artifacts: artifactMembers(artifacts) }, () =>
    renderArtifacts(context, artifacts),
  );
  return ExitCode.done;
}
