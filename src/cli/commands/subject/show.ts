import type { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { requireSubjectId } from '../../subject-argument.ts';
import { run as find } from './find.ts';

export async function run(context: CommandContext, input: { readonly id: string }): Promise<ExitCode> {
  requireSubjectId(input.id);
  return find(context, input);
}
