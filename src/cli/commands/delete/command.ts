import { command, optional } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { BEFORE_ACCESS_FLAG, GUIDED_FLAGS, METHOD_FLAGS, PLAN_FLAGS } from '../../request-flags.ts';

const { ground } = PLAN_FLAGS;

export const deletion = command({
  name: 'delete',
  summary: 'erase what is held of a person, but for what law or a hold keeps',
  arguments: { id: optional('whose data: kind:value, a subject id, or - to read it from standard input') },
  flags: { ground, ...METHOD_FLAGS, ...GUIDED_FLAGS, ...BEFORE_ACCESS_FLAG },
  examples: [
    'dsr delete email:ada@example.org',
    'dsr delete user_id:42 --method data-points --match - --ground dispute --yes --json < points.txt',
    'dsr delete --request R-000007 --yes --plan sha256:4f0c…',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'attention'],
  body: () => import('./delete.ts'),
});
