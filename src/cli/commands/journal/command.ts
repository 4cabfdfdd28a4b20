import { command, required } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const journal = command({
  name: 'journal',
  summary: 'write what a restore must do again over the last journal, on another disk',
  arguments: { file: required('the journal; it opens with the secrets file of this ledger') },
  examples: ['dsr journal /mnt/other-disk/dsr.journal', 'dsr journal /mnt/other-disk/dsr.journal --quiet'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./journal.ts'),
});
