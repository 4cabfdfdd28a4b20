import type { ExitCode } from '../../../base/errors.ts';
import type { ParentalAction } from '../../../store/registers.ts';
import type { CommandContext } from '../../context.ts';
import { type GuidedInput, runGuided } from '../../guided.ts';
import { NO_EDITS } from '../../plan-wishes.ts';
import type { Choice } from '../../prompter.ts';

export interface ParentalReviewInput extends Omit<GuidedInput, 'method' | 'match'> {
  readonly child: string | undefined;
  readonly action: ParentalAction | undefined;
  readonly parent: string | undefined;
  readonly ground: readonly string[];
}

const ACTIONS: readonly Choice<ParentalAction>[] = [
  { name: 'describe: the kinds of data, and none of it', value: 'describe' },
  { name: 'review: all that is held', value: 'review' },
  { name: 'delete: erase it', value: 'delete' },
  { name: 'stop: no further collection or use; nothing is erased', value: 'stop' },
];

export async function run(context: CommandContext, input: ParentalReviewInput): Promise<ExitCode> {
  const action = input.action ?? (await askAction(context));
  return runGuided(
    context,
    { ...input, method: undefined, match: [] },
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
  return prompter.select({ message: 'What did the parent choose?', missing: '--action' }, ACTIONS);
}
