import { VERIFICATION_METHODS } from '../../../requests/choices.ts';
import { choice, command, text } from '../../define.ts';
import { DESK_EXITS, PROOF_FLAGS, REQUEST } from '../../request-flags.ts';

const verify = command({
  name: 'verify',
  summary: 'verify who asks, without showing what is held; three tries',
  arguments: { request: REQUEST },
  flags: {
    method: choice(
      '--method <METHOD>',
      'how they show who they are, or that they may ask',
      VERIFICATION_METHODS,
    ),
    ...PROOF_FLAGS,
    level: choice('--level <LEVEL>', 'California: not enough for specific pieces, so for categories', [
      'categories',
    ]),
  },
  examples: [
    'dsr request verify R-000007 --method account --reauthenticated',
    'dsr request verify R-000007 --method data-points --declared --match - < points.txt',
    'dsr request verify R-000009 --method parent',
  ],
  exits: DESK_EXITS,
  body: () => import('./verify.ts'),
});

const code = command({
  name: 'code',
  summary: 'make a code for an address that the ledger holds of the person, with its letter',
  arguments: { request: REQUEST },
  flags: {
    to: text(
      '--to <KIND>',
      'a kind such as email or phone; where there are several KIND:VALUE or KIND:NUMBER; - reads it',
    ),
  },
  examples: [
    'dsr request code R-000007 --to email',
    'dsr request code R-000007 --to phone:2 --json',
    'dsr request code R-000007 --to - --reveal --reason mail < address.txt',
  ],
  exits: DESK_EXITS,
  body: () => import('./code.ts'),
});

const attach = command({
  name: 'attach',
  summary: 'note that a proof was seen: what and when; nothing of it is kept',
  arguments: { request: REQUEST },
  flags: {
    document: text('--document <CODE>', 'what was looked at: signed-permission, power-of-attorney, …'),
    seenOn: text('--seen-on <DATE>', 'the day on which it was looked at (default today)'),
    of: text('--of <ID>', 'whose it is, by what stands in it: kind:value, or - to read it; compared'),
  },
  examples: [
    'dsr request attach R-000007 --document signed-permission --of - < signer.txt',
    'dsr request attach R-000007 --document death-certificate --seen-on 2026-01-05',
  ],
  exits: DESK_EXITS,
  body: () => import('./attach.ts'),
});

/** The verbs by which whoever asks is verified. */
export const VERIFICATION_COMMANDS = [verify, code, attach] as const;
