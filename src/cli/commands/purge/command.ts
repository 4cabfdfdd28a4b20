import { command, on, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const purge = command({
  name: 'purge',
  summary: 'erase everything that is due under the schedule, then scrub and prove',
  flags: {
    dryRun: on('--dry-run', 'show what is due and change nothing'),
    plan: text('--plan <DIGEST>', 'do this plan, as --dry-run showed it, or nothing'),
  },
  examples: ['dsr purge --dry-run', 'dsr purge --yes', 'dsr purge --yes --json'],
  exits: [...LEDGER_EXITS, 'refused', 'attention'],
  body: () => import('./purge.ts'),
});
