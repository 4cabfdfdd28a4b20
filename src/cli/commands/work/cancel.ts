import type { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { runEnding } from './ending.ts';

export function run(
  context: CommandContext,
  input: { readonly order: readonly string[] },
): Promise<ExitCode> {
  return runEnding(context, input, 'cancelled');
}
