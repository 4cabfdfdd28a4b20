import type { ExitCode } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { type GuidedInput, runGuided } from '../../guided.ts';
import type { EditFlags } from '../../plan-wishes.ts';

export interface EditInput extends Omit<GuidedInput, 'out'>, EditFlags {
  readonly id: string | undefined;
}

export async function run(context: CommandContext, input: EditInput): Promise<ExitCode> {
  const { set, setFile, unset } = input;
  return runGuided(
    context,
    { ...input, out: undefined },
    {
      type: 'edit',
      action: undefined,
      who: input.id,
      level: undefined,
      parent: undefined,
      edits: { set, setFile, unset },
      grounds: [],
    },
  );
}
