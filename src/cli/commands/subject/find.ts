import { ExitCode, notFound } from '../../../base/errors.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import { lookUp } from '../../../requests/look-up.ts';
import type { CommandContext } from '../../context.ts';
import { readIdentifier } from '../../identifier-argument.ts';
import { revealReason } from '../../reason.ts';
import { lookUpDocument, renderLookUp } from './render.ts';

export async function run(
  context: CommandContext,
  input: { readonly id: string | undefined },
): Promise<ExitCode> {
  const reason = await revealReason(context);
  const words = await readIdentifier(context, input.id);
  const ledger = await context.openLedger('write');
  const result = await lookUp(ledger, parseIdentifier(words, ledger.policy), reason);
  if (result.found.length === 0)
    throw notFound('nobody-known', 'nobody is known by this identifier', 'dsr imports shows what was loaded');
  const reveal = reason !== undefined;
  context.output.result(lookUpDocument(result, reveal), () => renderLookUp(context.output, result, reveal));
  return ExitCode.done;
}
