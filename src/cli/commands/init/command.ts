import { command, text } from '../../define.ts';

export const init = command({
  name: 'init',
  summary: 'create a ledger with its key files, and a policy file to start from',
  flags: {
    policy: text('--policy <FILE>', 'the policy file to apply; without it a commented dsr.yaml is written'),
  },
  examples: [
    'dsr init',
    'dsr init --policy livejournal.yaml --ledger /srv/dsr/dsr.db',
    'dsr init --as-of 2026-01-05 --ledger rehearsal.db',
  ],
  exits: ['refused', 'notFound', 'badInput'],
  body: () => import('./init.ts'),
});
