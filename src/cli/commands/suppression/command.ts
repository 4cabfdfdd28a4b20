import { command, group, optional, required } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const list = command({
  name: 'list',
  summary: 'list who must not come back, and the rows that wait for a decision',
  arguments: { subject: optional('only of this person, a subject id such as S-000042') },
  examples: ['dsr suppression list', 'dsr suppression list S-000042 --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

const explain = command({
  name: 'explain',
  summary: 'say why a row was set aside, and what letting it in would do',
  arguments: { row: required('the number that dsr suppression list shows') },
  examples: [
    'dsr suppression explain 3',
    'dsr suppression explain 3 --json',
    'dsr suppression explain 3 --reveal --reason compare-with-letter',
  ],
  exits: [...LEDGER_EXITS, 'notFound'],
  body: () => import('./explain.ts'),
});

const admit = command({
  name: 'admit',
  summary: 'let a row that was set aside in: it is not the erased person, or it is and may be',
  arguments: { row: required('the number that dsr suppression list shows') },
  examples: [
    'dsr suppression admit 3 --reason family-shares-phone',
    'dsr suppression admit 3 --reason new-account --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./admit.ts'),
});

const drop = command({
  name: 'drop',
  summary: 'keep a row that was set aside out for good; what it held goes',
  arguments: { row: required('the number that dsr suppression list shows') },
  examples: [
    'dsr suppression drop 3 --reason same-person',
    'dsr suppression drop 3 --reason same-person --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./drop.ts'),
});

const release = command({
  name: 'release',
  summary: 'end suppressions before their time: of a person, or one alone',
  arguments: { what: required('a subject id such as S-000042, or the number of one suppression') },
  examples: [
    'dsr suppression release S-000042 --reason wants-back',
    'dsr suppression release 17 --reason number-reassigned',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./release.ts'),
});

export const suppression = group(
  'suppression',
  'who must not come back: list, explain, admit, drop, release',
  [list, explain, admit, drop, release],
);
