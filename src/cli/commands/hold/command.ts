import { command, group, optional, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const place = command({
  name: 'place',
  summary: 'preserve rows of a person, a category or a source: nothing overrides a hold',
  arguments: { id: optional('the person: kind:value or a subject id; left out with --category or --source') },
  flags: {
    matter: text('--matter <CODE>', 'file number of the matter; never a name'),
    category: text('--category <NAME>', 'only rows of this category'),
    source: text('--source <NAME>', 'only rows of this source'),
    review: text('--review <DATE>', 'when somebody has to look at it again'),
  },
  examples: [
    'dsr hold place user_id:42 --matter 2026-17 --reason litigation --review 2027-01-31',
    'dsr hold place --matter 2026-18 --category payments --reason tax-audit',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./place.ts'),
});

const release = command({
  name: 'release',
  summary: 'end a hold, and list the deletions that waited for it',
  arguments: { hold: required('the hold, such as H-000003') },
  examples: [
    'dsr hold release H-000003 --reason matter-closed',
    'dsr hold release H-000003 --reason matter-closed --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./release.ts'),
});

const list = command({
  name: 'list',
  summary: 'list the holds in force, and those that ended',
  examples: ['dsr hold list', 'dsr hold list --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

export const hold = group('hold', 'legal holds: place, release, list', [place, release, list]);
