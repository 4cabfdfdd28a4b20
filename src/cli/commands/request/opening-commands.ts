import { REQUEST_TYPES } from '../../../policy/types.ts';
import { ACCESS_LEVELS, PARENTAL_ACTIONS } from '../../../requests/choices.ts';
import { type CommandDefinition, choice, command, on, optional, text } from '../../define.ts';
import { DESK_EXITS, OPENING_FLAGS, REQUEST } from '../../request-flags.ts';

const TYPE = text(
  '--type <TYPE>',
  `what is asked for, several of one mail with commas: ${REQUEST_TYPES.join(', ')}`,
);
const LEVEL = choice('--level <LEVEL>', 'access: how much is asked for (default specific)', ACCESS_LEVELS);

const open = command({
  name: 'open',
  summary: 'open a request with its clock running; many of a form, or one of a protocol',
  arguments: { id: optional('whose data: kind:value, a subject id, or - to read it from standard input') },
  flags: {
    type: TYPE,
    ...OPENING_FLAGS,
    level: LEVEL,
    action: choice('--action <ACTION>', 'parental review: what the parent chose', PARENTAL_ACTIONS),
    parent: text('--parent <ID>', 'parental review: the parent, kind:value or a subject id'),
    csv: text(
      '--csv <FILE>',
      "every row of a web form, by the policy's intake; all or none, and the same row once",
    ),
    skipBad: on('--skip-bad', 'with --csv: open the others where rows cannot be (exit 3)'),
    file: text(
      '--file <FILE>',
      'an OpenDSR 2.0 request, or one of the Data Rights Protocol 1.0 as it came in; - for standard input',
    ),
    agent: text(
      '--agent <ID>',
      'with --file: whose bearer token it came with (default the agent that it names)',
    ),
  },
  examples: [
    'dsr request open --type access,delete - --received 2026-01-05 --channel email < who.txt',
    'dsr request open --csv form-2026-01-05.csv',
    'dsr request open --file request.txt --agent CR_AA_DRP_ID_001 --json',
  ],
  exits: [...DESK_EXITS, 'partly', 'badInput'],
  body: () => import('./open.ts'),
});

const classify = command({
  name: 'classify',
  summary: 'say what an unclear request is, or its law; the clock counts from the receipt',
  arguments: { request: REQUEST, id: optional('whose data, where the mail had named nobody') },
  flags: { type: TYPE, level: LEVEL, regime: OPENING_FLAGS.regime },
  examples: [
    'dsr request classify R-000007 --type delete --reason phone-call',
    'dsr request classify R-000007 email:ada@example.org --type access,delete',
    'dsr request classify R-000008 --type access --regime gdpr',
  ],
  exits: DESK_EXITS,
  body: () => import('./classify.ts'),
});

const assign = command({
  name: 'assign',
  summary: 'give a request to somebody of staff',
  arguments: { request: REQUEST },
  flags: { to: text('--to <NAME>', 'who has it from now on, by the name of --actor') },
  examples: [
    'dsr request assign R-000007 --to grace',
    'dsr request assign R-000007 --to grace --note "speaks Dutch"',
  ],
  exits: DESK_EXITS,
  body: () => import('./assign.ts'),
});

const duplicate = command({
  name: 'duplicate',
  summary: 'end a request that repeats another one of the same person, whose clock goes on',
  arguments: { request: REQUEST },
  flags: { of: text('--of <R-ID>', 'the request that it repeats') },
  examples: [
    'dsr request duplicate R-000009 --of R-000007',
    'dsr request duplicate R-000009 --of R-000007 --reason sent-twice --json',
  ],
  exits: DESK_EXITS,
  body: () => import('./duplicate.ts'),
});

/** How requests come in, and what becomes of them before anybody works on them. */
export const OPENING_COMMANDS: readonly CommandDefinition[] = [open, classify, assign, duplicate];
