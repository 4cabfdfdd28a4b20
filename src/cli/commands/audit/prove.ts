import { ExitCode } from '../../../base/errors.ts';
import { proveRequest } from '../../../evidence/audit/entry-proofs.ts';
import type { CommandContext } from '../../context.ts';
import { requireRequestId } from '../../request-argument.ts';
import { outputFolder, showProofs } from './proofs.ts';

export interface ProveInput {
  readonly request: string;
  readonly out: string | undefined;
}

export async function run(context: CommandContext, input: ProveInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  const folder = outputFolder(context, input.out);
  const ledger = await context.openLedger('read');
  const proofs = await ledger.store.read((tx) => proveRequest(tx, ledger, id));
  showProofs(context, ledger, proofs, folder);
  return ExitCode.done;
}
