import { command, group, optional } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const check = command({
  name: 'check',
  summary: 'validate a policy file and list every mistake with its place',
  arguments: { file: optional("the policy file; default dsr.yaml in the ledger's folder") },
  examples: ['dsr policy check', 'dsr policy check new.yaml', 'dsr policy check new.yaml --json'],
  exits: ['notFound', 'badInput'],
  body: () => import('./check.ts'),
});

const apply = command({
  name: 'apply',
  summary: 'put a policy file in force as a new version',
  arguments: { file: optional("the policy file; default dsr.yaml in the ledger's folder") },
  examples: ['dsr policy apply', 'dsr policy apply new.yaml --reason new-notice'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound', 'badInput'],
  body: () => import('./apply.ts'),
});

const show = command({
  name: 'show',
  summary: 'print a policy version as it was applied',
  arguments: { version: optional('its number; default the one in force') },
  examples: ['dsr policy show', 'dsr policy show 1 > old.yaml'],
  exits: [...LEDGER_EXITS, 'notFound'],
  body: () => import('./show.ts'),
});

const list = command({
  name: 'list',
  summary: 'list the policy versions with their digests',
  examples: ['dsr policy list', 'dsr policy list --json'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

const diff = command({
  name: 'diff',
  summary: 'compare two policies, by version number or file',
  arguments: {
    from: optional('version or file; default the one in force'),
    to: optional("version or file; default dsr.yaml in the ledger's folder"),
  },
  examples: ['dsr policy diff', 'dsr policy diff 1 2', 'dsr policy diff 2 new.yaml'],
  exits: [...LEDGER_EXITS, 'notFound', 'badInput'],
  body: () => import('./diff.ts'),
});

export const policy = group('policy', 'validate, apply and compare privacy policies', [
  check,
  apply,
  show,
  list,
  diff,
]);
