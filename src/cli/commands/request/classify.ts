import { ExitCode } from '../../../base/errors.ts';
import { parseIdentifier } from '../../../people/identifier-text.ts';
import { classifyRequest } from '../../../requests/opening/classify.ts';
import type { AccessLevel } from '../../../store/registers.ts';
import { readClass } from '../../ask-desk.ts';
import type { CommandContext } from '../../context.ts';
import { showOpened } from '../../opened-view.ts';
import { checkOpeningFlags, readTypes } from '../../opening.ts';
import { requireRequestId } from '../../request-argument.ts';

export interface ClassifyInput {
  readonly request: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly level: AccessLevel | undefined;
  readonly regime: string | undefined;
}

export async function run(context: CommandContext, input: ClassifyInput): Promise<ExitCode> {
  const id = requireRequestId(input.request);
  checkOpeningFlags({ regime: input.regime });
  const types = readTypes(await readClass(context, input.type));
  const level = input.level ?? 'specific';
  const words = input.id === '-' ? await context.stdin.readLine('ID') : input.id;
  const note = await context.note();
  const ledger = await context.openLedger('write');
  const who = words === undefined ? undefined : parseIdentifier(words, ledger.policy);
  const { reason } = context.globals;
  const how = { types, level, regime: input.regime, who, note, reason };
  showOpened(context, await classifyRequest(ledger, id, how));
  return ExitCode.done;
}
