import { choice, command, list, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

export const report = command({
  name: 'report',
  summary: 'write a report of what the ledger holds and what was done',
  arguments: {
    name: required('register, metrics, deletions, retention, purges, imports, inventory, or all'),
  },
  flags: {
    format: choice('--format <FORMAT>', 'csv (the default) or json', ['csv', 'json']),
    out: text('--out <PATH>', 'a new file instead of standard output; of all, a new folder'),
    from: text('--from <DATE>', 'only what is of this day or later'),
    to: text('--to <DATE>', 'only what is of this day or earlier'),
    regime: list('--regime <REGIME>', 'metrics: of requests under this law (default ccpa); may be repeated'),
  },
  examples: [
    'dsr report register --format csv --out register.csv',
    'dsr report metrics --format json --from 2026-01-01 --to 2026-12-31',
    'dsr report all --format csv --out reports',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./report.ts'),
});
