import { REQUEST_TYPES } from '../../../policy/types.ts';
import { REQUEST_STATES } from '../../../requests/transitions.ts';
import { choice, command, group, on, optional, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { DESK_EXITS, PLAN_FLAGS, REQUEST } from '../../request-flags.ts';
import { CARE_COMMANDS } from './care-commands.ts';
import { CLOCK_COMMANDS } from './clock-commands.ts';
import { LETTER_COMMANDS } from './letter-commands.ts';
import { OPENING_COMMANDS } from './opening-commands.ts';
import { VERIFICATION_COMMANDS } from './verification-commands.ts';

const list = command({
  name: 'list',
  summary: 'the register of requests',
  flags: {
    overdue: on('--overdue', 'only those whose day for the answer is over'),
    state: choice('--state <STATE>', 'only those in this state', REQUEST_STATES),
    type: choice('--type <TYPE>', 'only those of this type', REQUEST_TYPES),
    assignee: text('--assignee <NAME>', 'only those that somebody of staff has'),
    limit: text('--limit <N>', 'no more than so many (default 200; with --json all)'),
    all: on('--all', 'as many as there are'),
  },
  examples: [
    'dsr request list',
    'dsr request list --overdue --json',
    'dsr request list --state planned --type delete --limit 50',
  ],
  exits: LEDGER_EXITS,
  body: () => import('./list.ts'),
});

const show = command({
  name: 'show',
  summary: 'one request with its history, and with --file what staff wrote',
  arguments: { request: optional('the request, such as R-000007') },
  flags: {
    file: on('--file', 'with the notes in its file'),
    as: choice('--as <PROTOCOL>', 'its status object, as a protocol has it', ['opendsr', 'drp']),
    foreign: text('--foreign <ID>', 'the request of a foreign id: opendsr:ID, drp:ID, form:ID'),
    agent: text('--agent <ID>', 'with --as drp: the agent who asks; others get no answer'),
  },
  examples: [
    'dsr request show R-000007',
    'dsr request show R-000007 --file --json',
    'dsr request show --foreign opendsr:a7551968-d5d6-44b2-9831-815ac9017798 --as opendsr',
  ],
  exits: DESK_EXITS,
  body: () => import('./show.ts'),
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
  exits: DESK_EXITS,
  body: () => import('./plan.ts'),
});

const approve = command({
  name: 'approve',
  summary: 'accept a plan as a second person; not as the one who planned',
  arguments: { request: REQUEST },
  flags: {
    plan: text('--plan <DIGEST>', 'the plan that was looked at'),
    print: on('--print', 'print the line to sign, and approve nothing'),
    signature: text(
      '--signature <FILE>',
      'an SSH signature of that line with a key of the policy; - reads it from standard input',
    ),
  },
  examples: [
    'dsr request approve R-000007 --plan sha256:4f0c… --actor grace',
    'dsr request approve R-000007 --plan sha256:4f0c… --print > approval',
    'dsr request approve R-000007 --plan sha256:4f0c… --actor grace --signature approval.sig',
  ],
  exits: DESK_EXITS,
  body: () => import('./approve.ts'),
});

const deny = command({
  name: 'deny',
  summary: 'refuse a request with a reason, which the person is told',
  arguments: { request: REQUEST },
  examples: [
    'dsr request deny R-000007 --reason identity-not-verified',
    'dsr request deny R-000007 --reason excessive --note "the fourth this week"',
  ],
  exits: DESK_EXITS,
  body: () => import('./deny.ts'),
});

const withdraw = command({
  name: 'withdraw',
  summary: 'end a request that the person took back',
  arguments: { request: REQUEST },
  examples: [
    'dsr request withdraw R-000007 --reason customer-letter',
    'dsr request withdraw R-000007 --reason phone-call --note - < call.txt',
    'dsr request withdraw R-000008 --reason revoked-by-agent --json',
  ],
  exits: DESK_EXITS,
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
  exits: DESK_EXITS,
  body: () => import('./note.ts'),
});

export const request = group('request', 'requests step by step: open, verify, plan, approve, run', [
  ...OPENING_COMMANDS,
  list,
  show,
  ...VERIFICATION_COMMANDS,
  plan,
  approve,
  ...CARE_COMMANDS,
  ...LETTER_COMMANDS,
  ...CLOCK_COMMANDS,
  deny,
  withdraw,
  note,
]);
