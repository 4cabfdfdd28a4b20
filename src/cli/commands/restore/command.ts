import { command, on, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const restore = command({
  name: 'restore',
  summary: 'give the ledger the data of a backup again, and do again what was done since',
  arguments: { file: required('the backup; its keys are in FILE.keys') },
  flags: {
    journal: text('--journal <FILE>', 'where the ledger is lost: its newest journal'),
    gap: on('--gap', 'where the journal is lost too: go without; answers wait for fresh imports'),
    identity: text('--identity <FILE>', 'a file with the age identity that opens the keys'),
    passphraseFile: text('--passphrase-file <FILE>', 'a file whose first line opens the keys'),
  },
  examples: [
    'dsr restore /mnt/backup/dsr-2026-11-22.db --identity backup-identity.txt',
    'dsr restore /mnt/backup/dsr-2026-11-22.db --journal /mnt/other-disk/dsr.journal --identity backup-identity.txt',
    'dsr restore /mnt/backup/dsr-2026-11-22.db --gap --passphrase-file /root/backup.pass',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'attention', 'badInput'],
  body: () => import('./restore.ts'),
});
