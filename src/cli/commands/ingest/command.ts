import { command, many, on, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const ingest = command({
  name: 'ingest',
  summary: 'load exports: files, or every file of a folder that the policy maps',
  arguments: { path: many('files and folders') },
  flags: {
    source: text('--source <NAME>', 'what the files are, whatever their names say'),
    takenAt: text(
      '--taken-at <TIME>',
      'when the exports were taken, where neither name nor file time says so',
    ),
    maxRejects: text(
      '--max-rejects <N|N%>',
      'rows that may be set aside before a file is undone; default 1%',
    ),
    maxVanished: text('--max-vanished <N%>', 'share of rows that a snapshot may lack; default 5%'),
    allowOverlap: on('--allow-overlap', 'load a log although lines of it are here already'),
  },
  examples: [
    'dsr ingest exports/2026-11-01',
    'dsr ingest users-2026-11-01.csv --max-rejects 0',
    'dsr ingest --source access_log /var/log/apache2/access.log.1.gz --json',
  ],
  exits: [...LEDGER_EXITS, 'partly', 'refused', 'notFound', 'attention', 'badInput'],
  body: () => import('./ingest.ts'),
});
