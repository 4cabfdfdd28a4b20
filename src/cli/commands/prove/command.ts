import { command, list, required } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const prove = command({
  name: 'prove',
  summary: 'look for the erased bytes of a request: ledger, files beside it, packages',
  arguments: { request: required('the deletion, such as R-000007') },
  flags: {
    path: list('--path <PATH>', 'also search this file or folder; may be given several times'),
  },
  examples: ['dsr prove R-000007', 'dsr prove R-000007 --path /srv/exports --path /var/backups --json'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'attention'],
  body: () => import('./prove.ts'),
});
