import { command, list as listFlag, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const list = command({
  name: 'list',
  summary: 'list the backups that this ledger knows of, and which of them are over',
  examples: ['dsr backup list', 'dsr backup list --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

export const backup = command({
  name: 'backup',
  summary: 'write a copy of the ledger under its own key, and its keys beside it',
  arguments: { file: required('the backup; its keys go to FILE.keys') },
  flags: {
    recipient: listFlag('--recipient <AGE1>', 'an age recipient who can open the keys; repeatable'),
    passphraseFile: text('--passphrase-file <FILE>', 'a file whose first line opens the keys instead'),
    keep: text('--keep <PERIOD>', 'how long it stays, such as P35D; the policy says so otherwise'),
  },
  examples: [
    'dsr backup /mnt/backup/dsr-2026-11-22.db --recipient age1…',
    'dsr backup /mnt/backup/dsr-2026-11-22.db --passphrase-file /root/backup.pass --keep P35D',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'badInput'],
  subcommands: [list],
  body: () => import('./backup.ts'),
});
