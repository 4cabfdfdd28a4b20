import { command, group, list as listFlag, optional, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const PARENT = text('--parent <ID>', 'the parent: kind:value or a subject id');

const record = command({
  name: 'record',
  summary: 'record steps of parental consent under the policy version in force',
  arguments: { child: required('the child: kind:value or a subject id') },
  flags: {
    parent: PARENT,
    step: listFlag('--step <NAME>', 'a step that the policy demands; may be given several times'),
  },
  examples: [
    'dsr consent record S-000007 --parent S-000008 --step registration --step policy_reviewed',
    'dsr consent record username:mika --parent S-000008 --step payment --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./record.ts'),
});

const withdraw = command({
  name: 'withdraw',
  summary: 'end all consent that a parent gave for a child',
  arguments: { child: required('the child: kind:value or a subject id') },
  flags: { parent: PARENT },
  examples: [
    'dsr consent withdraw S-000007 --parent S-000008 --reason parent-letter',
    'dsr consent withdraw username:mika --parent S-000008 --reason parent-letter',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./withdraw.ts'),
});

const list = command({
  name: 'list',
  summary: 'list the steps of consent that were given and withdrawn',
  arguments: { child: optional('only those for this child, a subject id') },
  examples: ['dsr consent list', 'dsr consent list S-000007 --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

export const consent = group('consent', 'parental consent, step by step: record, withdraw, list', [
  record,
  withdraw,
  list,
]);
