import { type CommandDefinition, command, list, on, optional, text } from '../../define.ts';
import { BEFORE_ACCESS_FLAG, DESK_EXITS, REQUEST } from '../../request-flags.ts';

const WHO = optional('the person: kind:value, a subject id, or - to read it from standard input');

const run = command({
  name: 'run',
  summary: 'carry out the plan of a request, or start the waiting time of the policy',
  arguments: { request: REQUEST },
  flags: {
    plan: text('--plan <DIGEST>', 'the plan; in a script it is needed, with --yes'),
    out: text('--out <DIR>', 'the folder of the package (default packages/R-…)'),
    ...BEFORE_ACCESS_FLAG,
  },
  examples: [
    'dsr request run R-000007',
    'dsr request run R-000007 --yes --plan sha256:4f0c… --json',
    'dsr request run R-000007 --before-access --reason phone-call',
  ],
  exits: [...DESK_EXITS, 'attention'],
  body: () => import('./run.ts'),
});

const stop = command({
  name: 'stop',
  summary: 'stop a request within its waiting time; nothing has happened to the data',
  arguments: { request: REQUEST },
  flags: { withdrawn: on('--withdrawn', 'the person took it back: ends the request') },
  examples: [
    'dsr request stop R-000007 --reason not-asked-by-them',
    'dsr request stop R-000007 --withdrawn --reason phone-call --note "wants to keep the account"',
  ],
  exits: DESK_EXITS,
  body: () => import('./stop.ts'),
});

const reassign = command({
  name: 'reassign',
  summary: 'move a request that was opened on the wrong person to the right one',
  arguments: { request: REQUEST, id: WHO },
  examples: [
    'dsr request reassign R-000007 user_id:42 --reason wrong-person',
    'dsr request reassign R-000007 - --reason wrong-person < who.txt',
  ],
  exits: DESK_EXITS,
  body: () => import('./reassign.ts'),
});

const addSubject = command({
  name: 'add-subject',
  summary: 'add another account of the same person, which is verified by itself',
  arguments: { request: REQUEST, id: WHO },
  examples: [
    'dsr request add-subject R-000007 user_id:43',
    'dsr request add-subject R-000007 S-000012 --reason customer-letter',
  ],
  exits: DESK_EXITS,
  body: () => import('./add-subject.ts'),
});

const dispute = command({
  name: 'dispute',
  summary: 'restrict what a person contests while it is looked into, or end that',
  arguments: { request: REQUEST },
  flags: {
    field: list('--field <FIELD>', 'what is contested, as source.field; may be given several times'),
    end: on('--end', 'end it, for these fields or for all'),
    toldOn: text('--told-on <DATE>', 'with --end: the day on which the person was told of it'),
  },
  examples: [
    'dsr request dispute R-000007 --field users.birth_date --reason customer-letter',
    'dsr request dispute R-000007 --end --told-on 2026-02-03 --reason found-accurate',
  ],
  exits: DESK_EXITS,
  body: () => import('./dispute.ts'),
});

const statement = command({
  name: 'statement',
  summary: "attach the person's own words, which go with the contested data",
  arguments: { request: REQUEST },
  examples: [
    'dsr request statement R-000007 --note - < statement.txt',
    'dsr request statement R-000007 --note "I was born in 1990, not in 1980." --reason customer-letter',
  ],
  exits: DESK_EXITS,
  body: () => import('./statement.ts'),
});

/** Verbs that keep harm from people: run and its waiting time, the right person, what is contested. */
export const CARE_COMMANDS: readonly CommandDefinition[] = [
  run,
  stop,
  reassign,
  addSubject,
  dispute,
  statement,
];
