import { ExitCode, usage } from '../../../base/errors.ts';
import { approveBatch, batchTextToApprove } from '../../../requests/batch/batch-approve.ts';
import type { CommandContext } from '../../context.ts';
import { readArmor } from '../../read-armor.ts';
import { batchMembers, renderBatch, requireBatchId, requireDigest } from './members.ts';

export interface ApproveInput {
  readonly batch: string;
  readonly plan: string | undefined;
  readonly print: boolean;
  readonly signature: string | undefined;
}

export async function run(context: CommandContext, input: ApproveInput): Promise<ExitCode> {
  const id = requireBatchId(input.batch);
  const digest = requireDigest(input.plan);
  if (input.print && input.signature !== undefined)
    throw usage('--print and --signature exclude each other', 'first print, then sign, then hand it in');
  if (input.print) return print(context, id, digest);
  const armor = await readArmor(context, input.signature);
  const ledger = await context.openLedger('write');
  const batch = await approveBatch(ledger, id, digest, armor);
  context.output.result({ batch: batchMembers(batch) }, () => renderBatch(batch));
  return ExitCode.done;
}

/** Every byte counts: what is printed is what ssh-keygen signs. */
async function print(context: CommandContext, id: number, digest: string): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const text = await batchTextToApprove(ledger, id, digest);
  context.output.result({ text }, () => text, true);
  return ExitCode.done;
}
