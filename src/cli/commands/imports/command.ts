import { command, required } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const rejects = command({
  name: 'rejects',
  summary: 'list the rows of an import that were set aside, with line and reason',
  arguments: { import: required('the number that dsr imports shows') },
  examples: [
    'dsr imports rejects 3',
    'dsr imports rejects 3 --json',
    'dsr imports rejects 3 --reveal --reason fix-export',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./rejects.ts'),
});

export const imports = command({
  name: 'imports',
  summary: 'list what was loaded when, and how fresh each source is',
  examples: ['dsr imports', 'dsr imports --json'],
  exits: LEDGER_EXITS,
  subcommands: [rejects],
  body: () => import('./imports.ts'),
});
