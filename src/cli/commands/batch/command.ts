import { REQUEST_TYPES } from '../../../policy/types.ts';
import { choice, command, group, on, required, text, words } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';

const BATCH = required('the batch, such as B-000005');
const PLAN = text('--plan <DIGEST>', 'the digest of the batch that was looked at');
const EXITS = [...LEDGER_EXITS, 'refused', 'notFound'] as const;

const plan = command({
  name: 'plan',
  summary: 'plan every request that is verified, and put the plans under one digest',
  arguments: { requests: words('requests such as R-000007; all that match where none is given') },
  flags: {
    type: choice('--type <TYPE>', 'only requests of this type', REQUEST_TYPES),
    state: choice('--state <STATE>', 'only requests in this state (default verified and planned)', [
      'verified',
      'planned',
      'approved',
      'waiting',
    ]),
    bundle: text('--bundle <REQUEST>', 'only what came in with this request, in the same mail'),
  },
  examples: [
    'dsr batch plan --type delete',
    'dsr batch plan --state waiting --json',
    'dsr batch plan R-000007 R-000008',
  ],
  exits: [...EXITS, 'partly'],
  body: () => import('./plan.ts'),
});

const approve = command({
  name: 'approve',
  summary: 'accept all plans of a batch as a second person; not as the one who planned',
  arguments: { batch: BATCH },
  flags: {
    plan: PLAN,
    print: on('--print', 'print the line to sign, and approve nothing'),
    signature: text(
      '--signature <FILE>',
      'an SSH signature of that line with a key of the policy; - reads it from standard input',
    ),
  },
  examples: [
    'dsr batch approve B-000005 --plan sha256:4f0c… --actor grace',
    'dsr batch approve B-000005 --plan sha256:4f0c… --print > approval',
  ],
  exits: EXITS,
  body: () => import('./approve.ts'),
});

const run = command({
  name: 'run',
  summary: 'carry out a batch, with one scrub and one proof; run again, it goes on',
  arguments: { batch: BATCH },
  flags: {
    plan: PLAN,
    out: text('--out <DIR>', 'the folder of the packages (default packages)'),
    max: text('--max <N>', 'as many requests as this, above what the policy lets one batch do'),
    maxShare: text('--max-share <N%>', 'erase up to this share of all account rows (default 10%)'),
  },
  examples: [
    'dsr batch run B-000005 --plan sha256:4f0c… --yes',
    'dsr batch run B-000005 --plan sha256:4f0c… --yes --max 3000 --max-share 15% --json',
  ],
  exits: [...EXITS, 'partly', 'attention'],
  body: () => import('./run.ts'),
});

export const batch = group('batch', 'carry many requests through with one digest and one scrub', [
  plan,
  approve,
  run,
]);
