import { command, group, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const list = command({
  name: 'list',
  summary: 'list what the systems upstream have to do',
  flags: { state: text('--state <STATE>', 'ordered, confirmed or ended; all when left out') },
  examples: [
    'dsr work list --state ordered',
    'dsr work list --json',
    'dsr work list --reveal --reason send-to-it',
  ],
  exits: [...LEDGER_EXITS, 'refused'],
  body: () => import('./list.ts'),
});

export const work = group('work', 'work orders for the systems upstream: list', [list]);
