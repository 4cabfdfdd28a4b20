import { REQUESTERS, VERIFICATION_METHODS } from '../requests/choices.ts';
import { choice, list, on, required, text } from './define.ts';
import { LEDGER_EXITS } from './exit-codes.ts';

/** The request that a verb of the desk is about. */
export const REQUEST = required('the request, such as R-000007');

/** With what the verbs of the desk can end. */
export const DESK_EXITS = [...LEDGER_EXITS, 'refused', 'notFound'] as const;

/** When and how a request came in. */
export const OPENING_FLAGS = {
  received: text('--received <DATE>', 'the day on which it came in (default today)'),
  regime: text('--regime <LAW>', "the law whose clock runs (default the strictest of the policy's)"),
  channel: text('--channel <CODE>', 'how it came in: email, letter, phone, web-form'),
  requester: choice('--requester <WHO>', 'who asks (default self)', REQUESTERS),
} as const;

/** What is wished of a plan. */
export const PLAN_FLAGS = {
  set: list('--set <FIELD=VALUE>', 'edit: a new value, as source.field=value; may be given several times'),
  setFile: text('--set-file <FILE>', 'edit: lines like those of --set, or - for standard input'),
  unset: list('--unset <FIELD>', 'edit: a value that goes, as source.field'),
  ground: list(
    '--ground <CODE>',
    'deletion: a ground of the policy on which something is kept, such as dispute',
  ),
} as const;

/** What every guided command has. */
export const GUIDED_FLAGS = {
  ...OPENING_FLAGS,
  request: text('--request <R-ID>', 'go on with a request that is open already'),
  plan: text('--plan <DIGEST>', 'with --request: run this plan instead of making a new one'),
} as const;

/** What whoever asks has brought. */
export const PROOF_FLAGS = {
  match: list(
    '--match <NAME=VALUE>',
    'a data point they gave, or - to read lines; may be given several times',
  ),
  code: text('--code <CODE>', 'the code that was sent to them, or - to read it'),
  account: text('--account <ID>', 'of several accounts the one that is proved: kind:value, or - to read it'),
  declared: on('--declared', 'they signed a declaration under penalty of perjury'),
  reauthenticated: on('--reauthenticated', 'account: they showed their password again'),
  confirmedDirectly: on('--confirmed-directly', 'agent: the person confirmed the permission to us'),
} as const;

/** How whoever asks is verified. */
export const METHOD_FLAGS = {
  method: choice(
    '--method <METHOD>',
    'how you know who asks: account means that they are signed in',
    VERIFICATION_METHODS.filter((method) => method !== 'parent'),
  ),
  ...PROOF_FLAGS,
} as const;

/** Where a package goes. */
export const OUT_FLAG = {
  out: text('--out <DIR>', 'the folder of the package (default packages/R-…)'),
} as const;

/** Of what erases. */
export const BEFORE_ACCESS_FLAG = {
  beforeAccess: on(
    '--before-access',
    'deletion: though the person waits for their own data; they said so, and --reason says how',
  ),
} as const;
