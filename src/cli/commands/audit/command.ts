import { command, group, on, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const verify = command({
  name: 'verify',
  summary: 'recompute the whole audit log, and say what does not fit',
  flags: {
    since: text(
      '--since <CHECKPOINT>',
      'a file with checkpoints that were kept: the log must go on from each; or -',
    ),
    export: text('--export <DIR>', 'verify what audit export, prove or sample wrote: no ledger needed'),
    key: text('--key <VKEY>', 'with --export: the public key of the ledger, or a file with it'),
  },
  examples: [
    'dsr audit verify',
    'dsr audit verify --since /mnt/elsewhere/checkpoints --json',
    'dsr audit verify --export audit-2026 --key ledger.pub',
  ],
  exits: [...LEDGER_EXITS, 'notFound', 'badInput'],
  body: () => import('./verify.ts'),
});

const checkpoint = command({
  name: 'checkpoint',
  summary: 'sign the size and root of the audit log, for somebody else to keep',
  flags: {
    append: text('--append <FILE>', 'append it to a file too, best one on another machine'),
    unrecorded: on('--unrecorded', 'print it and write nothing: it does not count as given out'),
  },
  examples: [
    'dsr audit checkpoint --append /mnt/elsewhere/checkpoints',
    'dsr audit checkpoint > checkpoint.txt',
    'dsr audit checkpoint --unrecorded --json',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./checkpoint.ts'),
});

const prove = command({
  name: 'prove',
  summary: 'prove that the entries about a request are in the audit log',
  arguments: { request: required('the request, such as R-000007') },
  flags: { out: text('--out <DIR>', 'write entries and proofs into a new folder') },
  examples: ['dsr audit prove R-000007 --out proofs', 'dsr audit prove R-000007 --json'],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./prove.ts'),
});

const exportLog = command({
  name: 'export',
  summary: 'write the audit log for an auditor, to be verified with the public key alone',
  arguments: { folder: required('a new folder') },
  examples: ['dsr audit export audit-2026', 'dsr audit export audit-2026 --json'],
  exits: [...LEDGER_EXITS, 'refused'],
  body: () => import('./export.ts'),
});

const sample = command({
  name: 'sample',
  summary: 'draw entries of the audit log with their proofs; the same seed draws the same',
  flags: {
    n: text('--n <N>', 'how many'),
    seed: text('--seed <SEED>', 'any words of the auditor'),
    out: text('--out <DIR>', 'write entries and proofs into a new folder'),
  },
  examples: [
    'dsr audit sample --n 25 --seed "7 4 1 9" --out sample',
    'dsr audit sample --n 3 --seed 7 --json',
  ],
  exits: [...LEDGER_EXITS, 'refused'],
  body: () => import('./sample.ts'),
});

export const audit = group('audit', 'the log of everything that was done, and its proofs', [
  verify,
  checkpoint,
  prove,
  exportLog,
  sample,
]);
