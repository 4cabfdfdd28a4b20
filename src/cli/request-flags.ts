import { choice, list, text } from './define.ts';

/** When and how a request came in. */
export const OPENING_FLAGS = {
  received: text('--received <DATE>', 'the day on which it came in (default today)'),
  regime: text('--regime <LAW>', "the law whose clock runs (default the strictest of the policy's)"),
  channel: text('--channel <CODE>', 'how it came in: email, letter, phone, web-form'),
  requester: choice('--requester <WHO>', 'who asks (default self)', [
    'self',
    'agent',
    'parent',
    'heir',
    'household',
    'authority',
  ]),
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

/** How whoever asks is verified. */
export const METHOD_FLAGS = {
  method: choice('--method <METHOD>', 'how you know who asks: signed in to the account, or data points', [
    'account',
    'data-points',
  ]),
  match: list(
    '--match <NAME=VALUE>',
    'a data point they gave, or - to read lines; may be given several times',
  ),
} as const;

/** Where a package goes. */
export const OUT_FLAG = {
  out: text('--out <DIR>', 'the folder of the package (default packages/R-…)'),
} as const;
