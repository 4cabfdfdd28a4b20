import { ACCESS_LEVELS } from '../../../requests/choices.ts';
import { choice, command, optional } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { GUIDED_FLAGS, METHOD_FLAGS, OUT_FLAG } from '../../request-flags.ts';

export const access = command({
  name: 'access',
  summary: 'answer an access request: open, verify, plan and write the package in one go',
  arguments: { id: optional('whose data: kind:value, a subject id, or - to read it from standard input') },
  flags: {
    level: choice('--level <LEVEL>', 'how much is asked for (default specific)', ACCESS_LEVELS),
    ...METHOD_FLAGS,
    ...OUT_FLAG,
    ...GUIDED_FLAGS,
  },
  examples: [
    'dsr access email:ada@example.org',
    'dsr access user_id:42 --method account --out answers/42nd --yes --json',
    'dsr access --request R-000007 --yes --plan sha256:4f0c…',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./access.ts'),
});
