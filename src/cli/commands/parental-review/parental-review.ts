import type { ExitCode } from '../../../base/errors.ts';
import type { ParentalAction } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { type GuidedInput, runGuided } from '../../guided.ts';
import { PARENTAL_ACTIONS } from '../../opening-choices.ts';
import { NO_EDITS } from '../../plan-wishes.ts';

export interface ParentalReviewInput extends Omit<GuidedInput, 'method'> {
  readonly child: string | undefined;
  readonly action: ParentalAction | undefined;
  readonly parent: string | undefined;
  readonly ground: readonly string[];
}

export async function run(context: CommandContext, input: ParentalReviewInput): Promise<ExitCode> {
  const action = input.action ?? (await askAction(context));
  return runGuided(
    context,
    { ...input, method: undefined },
    {
      type: 'parental-review',
      action,
      who: input.child,
      level: undefined,
      parent: { words: input.parent },
      edits: NO_EDITS,
      grounds: input.ground,
    },
  );
}

function askAction({ prompter }: CommandContext): Promise<ParentalAction> {
  return prompter.select({ message: 'What did the parent choose?', missing: '--action' }, PARENTAL_ACTIONS);
}
