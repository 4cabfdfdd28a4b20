import { command, group, optional, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const find = command({
  name: 'find',
  summary: 'look somebody up by an identifier; several candidates are listed, never merged',
  arguments: { id: optional('kind:value, a subject id, or - to read it from standard input') },
  examples: ['dsr subject find email:ada@example.org', 'echo user_id:42 | dsr subject find - --json'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./find.ts'),
});

const show = command({
  name: 'show',
  summary: 'show one person: identifiers, sources, counts, and why each belongs',
  arguments: { id: required('a subject id such as S-000042') },
  examples: ['dsr subject show S-000042', 'dsr subject show S-000042 --reveal --reason customer-letter'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./show.ts'),
});

const link = command({
  name: 'link',
  summary: 'give an identifier to a person; an IP address only for a time',
  arguments: {
    subject: required('a subject id'),
    id: optional('kind:value, or - to read it from standard input'),
  },
  flags: {
    from: text('--from <TIME>', 'first instant at which it is theirs'),
    to: text('--to <TIME>', 'first instant at which it is no longer theirs'),
  },
  examples: [
    'dsr subject link S-000042 cookie:9f3a --reason support-call',
    'dsr subject link S-000042 ip:203.0.113.9 --from 2026-03-01 --to 2026-03-02 --reason signed-in',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./link.ts'),
});

const unlink = command({
  name: 'unlink',
  summary: 'take an identifier away from a person, or undo a merge',
  arguments: { subject: required('a subject id'), id: optional('kind:value, the other subject id, or -') },
  examples: [
    'dsr subject unlink S-000042 email:info@example.org --reason shared-mailbox',
    'dsr subject unlink S-000042 - --reason shared-mailbox < who.txt',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./unlink.ts'),
});

const merge = command({
  name: 'merge',
  summary: 'declare two subjects to be one person; only staff can',
  arguments: { subject: required('a subject id'), other: required('the other subject id') },
  examples: [
    'dsr subject merge S-000042 S-000043 --reason same-person-letter',
    'dsr subject merge S-000042 S-000043 --reason same-person-letter --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./merge.ts'),
});

export const subject = group('subject', 'who is who: find, show, link, unlink, merge', [
  find,
  show,
  link,
  unlink,
  merge,
]);
