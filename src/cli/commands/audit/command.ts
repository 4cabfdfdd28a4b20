import { command, group } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const verify = command({
  name: 'verify',
  summary: 'recompute the whole audit log, and say what does not fit',
  examples: ['dsr audit verify', 'dsr audit verify --json'],
  exits: LEDGER_EXITS,
  body: () => import('./verify.ts'),
});

export const audit = group('audit', 'check the log of everything that was done', [verify]);
