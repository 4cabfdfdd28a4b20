import { ExitCode, usage } from '../../../base/errors.ts';
import { proveSample } from '../../../evidence/audit/entry-proofs.ts';
import type { CommandContext } from '../../context.ts';
import { outputFolder, showProofs } from './proofs.ts';

export interface SampleInput {
  readonly n: string | undefined;
  readonly seed: string | undefined;
  readonly out: string | undefined;
}

export async function run(context: CommandContext, input: SampleInput): Promise<ExitCode> {
  const count = readCount(input.n);
  const { seed } = input;
  if (seed === undefined || seed.trim() === '')
    throw usage('--seed is missing', 'any words that the auditor chooses');
  const folder = outputFolder(context, input.out);
  const ledger = await context.openLedger('read');
  const proofs = await ledger.store.read((tx) => proveSample(tx, ledger, count, seed));
  showProofs(context, ledger, proofs, folder);
  return ExitCode.done;
}

function readCount(words: string | undefined): number {
  if (words !== undefined && /^[1-9]\d{0,5}$/.test(words)) return Number(words);
  throw usage('--n needs a number of entries, at least one', 'such as --n 25');
}
