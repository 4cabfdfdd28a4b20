import { command, on } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const status = command({
  name: 'status',
  summary: 'what is due, overdue, unproven, open upstream, or too old',
  flags: { check: on('--check', 'end with 6 where anything is wrong') },
  examples: ['dsr status', 'dsr status --check --json'],
  exits: [...LEDGER_EXITS, 'attention'],
  body: () => import('./status.ts'),
});
