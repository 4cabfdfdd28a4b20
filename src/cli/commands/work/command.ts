import { choice, command, group, many, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const ORDERS = many('the orders, by their numbers');

const list = command({
  name: 'list',
  summary: 'list what the systems upstream have to do, and what the last export said of it',
  flags: {
    state: text('--state <STATE>', 'ordered, confirmed, ended or cancelled; all when left out'),
    source: text('--source <NAME>', 'only orders on this source'),
  },
  examples: [
    'dsr work list --state ordered',
    'dsr work list --source users --json',
    'dsr work list --reveal --reason send-to-it',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./list.ts'),
});

const confirm = command({
  name: 'confirm',
  summary: 'note by hand that orders were carried out, where no export can show it',
  arguments: { order: ORDERS },
  examples: [
    'dsr work confirm 12 --reason seen-in-admin-tool',
    'dsr work confirm 12 13 14 --reason ticket-closed --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./confirm.ts'),
});

const cancel = command({
  name: 'cancel',
  summary: 'take back orders that nobody has to carry out any more',
  arguments: { order: ORDERS },
  examples: [
    'dsr work cancel 12 --reason system-retired',
    'dsr work cancel 12 13 --reason system-retired --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./cancel.ts'),
});

const exporting = command({
  name: 'export',
  summary: 'give out the open orders with keys and values, as CSV or as SQL statements',
  flags: {
    format: choice('--format <FORMAT>', 'csv for people (default), sql for a database', ['csv', 'sql']),
    dialect: choice('--dialect <NAME>', 'whose SQL; standard leaves out what another reader could misread', [
      'standard',
      'mysql',
      'postgres',
      'sqlite',
    ]),
    source: text('--source <NAME>', 'only orders on this source'),
    out: text('--out <FILE>', 'a new file, for your eyes only; standard output when left out'),
  },
  examples: [
    'dsr work export --format csv --out orders.csv --reason send-to-it',
    'dsr work export --format sql --dialect postgres --source users --reason nightly-job > orders.sql',
  ],
  exits: [...LEDGER_EXITS, 'partly', 'refused', 'notFound'],
  body: () => import('./export.ts'),
});

export const work = group('work', 'work orders for the systems upstream: list, confirm, cancel, export', [
  list,
  confirm,
  cancel,
  exporting,
]);
