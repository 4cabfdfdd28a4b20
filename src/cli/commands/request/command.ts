import { choice, command, group, list as listFlag, on, optional, required, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { OPENING_FLAGS, PLAN_FLAGS } from '../../request-flags.ts';

const REQUEST = required('the request, such as R-000007');
const EXITS = [...LEDGER_EXITS, 'refused', 'notFound'] as const;

const open = command({
  name: 'open',
  summary: 'open a request with its clock running',
  arguments: { id: optional('whose data: kind:value, a subject id, or - to read it from standard input') },
  flags: {
    type: choice('--type <TYPE>', 'what is asked for', ['access', 'edit', 'delete', 'parental-review']),
    ...OPENING_FLAGS,
    level: choice('--level <LEVEL>', 'access: how much is asked for (default specific)', [
      'categories',
      'specific',
    ]),
    action: choice('--action <ACTION>', 'parental review: what the parent chose', [
      'describe',
      'review',
      'delete',
      'stop',
    ]),
    parent: text('--parent <ID>', 'parental review: the parent, kind:value or a subject id'),
  },
  examples: [
    'dsr request open --type access email:ada@example.org --received 2026-01-05 --channel letter',
    'dsr request open --type delete - < who.txt',
    'dsr request open --type parental-review username:mika --action review --parent email:pa@example.org',
  ],
  exits: EXITS,
  body: () => import('./open.ts'),
});

const list = command({
  name: 'list',
  summary: 'the register of requests',
  flags: {
    overdue: on('--overdue', 'only those whose day for the answer is over'),
    state: choice('--state <STATE>', 'only those in this state', [
      'received',
      'verified',
      'planned',
      'approved',
      'applied',
      'ordered-upstream',
      'confirmed',
      'closed',
      'denied',
      'withdrawn',
    ]),
  },
  examples: ['dsr request list', 'dsr request list --overdue --json', 'dsr request list --state planned'],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

const show = command({
  name: 'show',
  summary: 'one request with its history, and with --file what staff wrote',
  arguments: { request: REQUEST },
  flags: { file: on('--file', 'with the notes in its file') },
  examples: ['dsr request show R-000007', 'dsr request show R-000007 --file --json'],
  exits: [...LEDGER_EXITS, 'notFound'],
  body: () => import('./show.ts'),
});

const verify = command({
  name: 'verify',
  summary: 'verify who asks, without showing what is held; three tries',
  arguments: { request: REQUEST },
  flags: {
    method: choice('--method <METHOD>', 'how: signed in to the account, data points, or a parent', [
      'account',
      'data-points',
      'parent',
    ]),
    match: listFlag(
      '--match <NAME=VALUE>',
      'a data point they gave, or - to read lines; may be given several times',
    ),
  },
  examples: [
    'dsr request verify R-000007 --method account',
    'dsr request verify R-000007 --method data-points --match - < points.txt',
    'dsr request verify R-000009 --method parent',
  ],
  exits: EXITS,
  body: () => import('./verify.ts'),
});

const plan = command({
  name: 'plan',
  summary: 'what would happen and why, group by group; writes nothing but the plan',
  arguments: { request: REQUEST },
  flags: PLAN_FLAGS,
  examples: [
    'dsr request plan R-000007',
    'dsr request plan R-000008 --set users.email=new@example.org --unset users.bio',
    'dsr request plan R-000009 --ground dispute --json',
  ],
  exits: EXITS,
  body: () => import('./plan.ts'),
});

const approve = command({
  name: 'approve',
  summary: 'accept a plan as a second person; not as the one who planned',
  arguments: { request: REQUEST },
  flags: { plan: text('--plan <DIGEST>', 'the plan that was looked at') },
  examples: [
    'dsr request approve R-000007 --plan sha256:4f0c… --actor grace',
    'dsr request approve R-000007 --plan sha256:4f0c… --json',
  ],
  exits: EXITS,
  body: () => import('./approve.ts'),
});

const run = command({
  name: 'run',
  summary: 'carry out the plan of a request',
  arguments: { request: REQUEST },
  flags: {
    plan: text('--plan <DIGEST>', 'the plan; in a script it is needed, with --yes'),
    out: text('--out <DIR>', 'the folder of the package (default packages/R-…)'),
  },
  examples: [
    'dsr request run R-000007',
    'dsr request run R-000007 --yes --plan sha256:4f0c… --json',
    'dsr request run R-000007 --out /srv/answers/R-000007',
  ],
  exits: [...EXITS, 'attention'],
  body: () => import('./run.ts'),
});

const deny = command({
  name: 'deny',
  summary: 'refuse a request with a reason, which the person is told',
  arguments: { request: REQUEST },
  examples: [
    'dsr request deny R-000007 --reason identity-not-verified',
    'dsr request deny R-000007 --reason excessive --note "the fourth this week"',
  ],
  exits: EXITS,
  body: () => import('./deny.ts'),
});

const withdraw = command({
  name: 'withdraw',
  summary: 'end a request that the person took back',
  arguments: { request: REQUEST },
  examples: [
    'dsr request withdraw R-000007 --reason customer-letter',
    'dsr request withdraw R-000007 --reason phone-call --note - < call.txt',
  ],
  exits: EXITS,
  body: () => import('./withdraw.ts'),
});

const note = command({
  name: 'note',
  summary: 'write into the file of a request; the person may read it',
  arguments: { request: REQUEST },
  examples: [
    'dsr request note R-000007 --note "called, will send the letter again"',
    'dsr request note R-000007 --note -',
  ],
  exits: [...LEDGER_EXITS, 'refused', 'notFound'],
  body: () => import('./note.ts'),
});

export const request = group('request', 'requests step by step: open, verify, plan, approve, run', [
  open,
  list,
  show,
  verify,
  plan,
  approve,
  run,
  deny,
  withdraw,
  note,
]);
