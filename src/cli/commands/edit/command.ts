import { command, optional } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { GUIDED_FLAGS, METHOD_FLAGS, PLAN_FLAGS } from '../../request-flags.ts';

const { set, setFile, unset } = PLAN_FLAGS;

export const edit = command({
  name: 'edit',
  summary: 'correct what is held: here at once, upstream by a work order',
  arguments: { id: optional('whose data: kind:value, a subject id, or - to read it from standard input') },
  flags: { set, setFile, unset, ...METHOD_FLAGS, ...GUIDED_FLAGS },
  examples: [
    'dsr edit user_id:42 --set users.email=new@example.org',
    'dsr edit user_id:42 --set-file changes.txt --unset users.bio --method account --yes --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./edit.ts'),
});
