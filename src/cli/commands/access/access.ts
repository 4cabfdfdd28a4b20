import type { ExitCode } from '../../../base/errors.ts';
import type { AccessLevel } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { type GuidedInput, runGuided } from '../../guided.ts';
import { NO_EDITS } from '../../plan-wishes.ts';

export interface AccessInput extends GuidedInput {
  readonly id: string | undefined;
  readonly level: AccessLevel | undefined;
}

export async function run(context: CommandContext, input: AccessInput): Promise<ExitCode> {
  return runGuided(context, input, {
    type: 'access',
    action: undefined,
    who: input.id,
    level: input.level,
    parent: undefined,
    edits: NO_EDITS,
    grounds: [],
  });
}
