import { PARENTAL_ACTIONS } from '../../../requests/choices.ts';
import { choice, command, optional, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { BEFORE_ACCESS_FLAG, GUIDED_FLAGS, OUT_FLAG, PLAN_FLAGS } from '../../request-flags.ts';

const { ground } = PLAN_FLAGS;

export const parentalReview = command({
  name: 'parental-review',
  summary: 'for a verified parent: describe, review, delete or stop what is held of a child',
  arguments: { child: optional('the child: kind:value, a subject id, or - to read it from standard input') },
  flags: {
    action: choice(
      '--action <ACTION>',
      'what the parent chose; each is a request of its own',
      PARENTAL_ACTIONS,
    ),
    parent: text('--parent <ID>', 'the parent: kind:value or a subject id'),
    ground,
    ...OUT_FLAG,
    ...GUIDED_FLAGS,
    ...BEFORE_ACCESS_FLAG,
  },
  examples: [
    'dsr parental-review username:mika --action review --parent email:pa@example.org',
    'dsr parental-review S-000007 --action stop --parent S-000008 --yes --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'attention'],
  body: () => import('./parental-review.ts'),
});
