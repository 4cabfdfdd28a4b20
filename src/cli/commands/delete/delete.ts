import type { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { type GuidedInput, runGuided } from '../../guided.ts';
import { NO_EDITS } from '../../plan-wishes.ts';

export interface DeleteInput extends Omit<GuidedInput, 'out'> {
  readonly id: string | undefined;
  readonly ground: readonly string[];
}

export async function run(context: CommandContext, input: DeleteInput): Promise<ExitCode> {
  return runGuided(
    context,
    { ...input, out: undefined },
    {
      type: 'delete',
      action: undefined,
      who: input.id,
      level: undefined,
      parent: undefined,
      edits: NO_EDITS,
      grounds: input.ground,
    },
  );
}
