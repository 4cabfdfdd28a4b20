import { ExitCode, usage } from '../../../base/errors.ts';
import { type SignedCheckpoint, signedCheckpoint } from '../../../evidence/audit/checkpoint.ts';
import { appendCheckpoint, showCheckpoint } from '../../../evidence/audit/checkpoint-file.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';

export interface CheckpointInput {
  readonly append: string | undefined;
  readonly unrecorded: boolean;
}

/** Prints the newest checkpoint, verbatim; its log ends before the entry that says it was given out. */
export async function run(context: CommandContext, input: CheckpointInput): Promise<ExitCode> {
  if (input.unrecorded && input.append !== undefined)
    throw usage('--append and --unrecorded do not go together');
  const ledger = await context.openLedger(input.unrecorded ? 'read' : 'write');
  const { size, root, note } = await take(context, ledger, input);
  const members = { origin: ledger.origin, size, root, note, recorded: !input.unrecorded };
  context.output.result(members, () => note, true);
  return ExitCode.done;
}

function take(
  context: CommandContext,
  ledger: Ledger,
  { append, unrecorded }: CheckpointInput,
): Promise<SignedCheckpoint> {
  if (unrecorded) return ledger.store.read((tx) => signedCheckpoint(tx, ledger));
  return append === undefined ? showCheckpoint(ledger) : appendCheckpoint(ledger, context.path(append));
}
