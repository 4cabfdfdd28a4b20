import type { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { end } from './ending.ts';

export async function run(context: CommandContext, input: { readonly request: string }): Promise<ExitCode> {
  return end(context, input.request, 'withdraw');
}
