import { command, group, optional, required } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const link = command({
  name: 'link',
  summary: 'record who is a parent of a child; the steps of consent verify that',
  arguments: {
    child: required('the child: kind:value or a subject id'),
    parent: optional('the parent: kind:value, a subject id, or -'),
  },
  examples: [
    'dsr parent link username:mika email:parent@example.org --reason registration-form',
    'dsr parent link S-000007 S-000008 --reason registration-form',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./link.ts'),
});

const list = command({
  name: 'list',
  summary: 'list parents and their children, and the steps of consent still missing',
  examples: ['dsr parent list', 'dsr parent list --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

export const parent = group('parent', 'parents of children: link, list', [link, list]);
