import { CAUSES } from '../../../requests/choices.ts';
import { type CommandDefinition, choice, command, text } from '../../define.ts';
import { LEDGER_EXITS } from '../../exit-codes.ts';
import { DESK_EXITS, REQUEST } from '../../request-flags.ts';

const deadline = command({
  name: 'deadline',
  summary: 'every step of the clock with its rule and source; unverified rules are marked',
  arguments: { request: REQUEST },
  examples: ['dsr request deadline R-000007', 'dsr request deadline R-000007 --json'],
  exits: [...LEDGER_EXITS, 'notFound'],
  body: () => import('./deadline.ts'),
});

const ack = command({
  name: 'ack',
  summary: 'note that receipt was confirmed to whoever asked',
  arguments: { request: REQUEST },
  flags: { sentOn: text('--sent-on <DATE>', 'the day on which it was sent (default today)') },
  examples: ['dsr request ack R-000007', 'dsr request ack R-000007 --sent-on 2026-01-06 --reason by-mail'],
  exits: DESK_EXITS,
  body: () => import('./ack.ts'),
});

const ask = command({
  name: 'ask',
  summary: 'note what whoever asks was asked for; stops the clock where the law lets it',
  arguments: { request: REQUEST },
  flags: {
    for: choice('--for <WHAT>', 'what was asked for', CAUSES),
    sentOn: text('--sent-on <DATE>', 'the day on which it was sent (default today)'),
    until: text('--until <DATE>', 'until when it is awaited; after that day `expire` ends the request'),
    amount: text('--amount <SUM>', 'of a fee: how much, as "EUR 15"'),
  },
  examples: [
    'dsr request ask R-000007 --for identity --until 2026-01-20',
    'dsr request ask R-000007 --for clarification --sent-on 2026-01-06',
    'dsr request ask R-000007 --for fee --amount "EUR 15" --reason further-copy',
  ],
  exits: DESK_EXITS,
  body: () => import('./ask.ts'),
});

const pause = command({
  name: 'pause',
  summary: 'stop the clock, where the law of the request knows such a pause',
  arguments: { request: REQUEST },
  flags: {
    for: choice('--for <WHAT>', 'what is awaited', CAUSES),
    on: text('--on <DATE>', 'the day from which it stands still (default today)'),
  },
  examples: [
    'dsr request pause R-000007 --for clarification',
    'dsr request pause R-000007 --for identity --on 2026-01-06 --reason asked-by-phone',
  ],
  exits: DESK_EXITS,
  body: () => import('./pause.ts'),
});

const resume = command({
  name: 'resume',
  summary: 'let the clock run on from the day on which what was awaited came',
  arguments: { request: REQUEST },
  flags: {
    for: choice('--for <WHAT>', 'what came (default everything that was awaited)', CAUSES),
    on: text('--on <DATE>', 'the day on which it came (default today)'),
  },
  examples: [
    'dsr request resume R-000007',
    'dsr request resume R-000007 --for identity --on 2026-01-15 --json',
  ],
  exits: DESK_EXITS,
  body: () => import('./resume.ts'),
});

const extend = command({
  name: 'extend',
  summary: 'put off the answer once, with notice inside the first period',
  arguments: { request: REQUEST },
  flags: {
    sentOn: text('--sent-on <DATE>', 'the day on which the notice was sent (default today)'),
    until: text('--until <DATE>', 'the day that the notice names (default as late as the law lets)'),
  },
  examples: [
    'dsr request extend R-000007 --reason complexity',
    'dsr request extend R-000007 --reason number-of-requests --sent-on 2026-01-20 --until 2026-03-01',
  ],
  exits: DESK_EXITS,
  body: () => import('./extend.ts'),
});

const appeal = command({
  name: 'appeal',
  summary: 'take up an appeal against a refusal, or decide it',
  arguments: { request: REQUEST },
  flags: {
    received: text('--received <DATE>', 'the day on which the appeal came in (default today)'),
    decide: choice('--decide <HOW>', 'granted: taken up again; upheld: the refusal stands', [
      'granted',
      'upheld',
    ]),
  },
  examples: [
    'dsr request appeal R-000007 --received 2026-04-01',
    'dsr request appeal R-000007 --decide granted --reason identity-shown-since',
  ],
  exits: DESK_EXITS,
  body: () => import('./appeal.ts'),
});

const reopen = command({
  name: 'reopen',
  summary: 'take up a request again that has ended; its clock still counts from receipt',
  arguments: { request: REQUEST },
  examples: [
    'dsr request reopen R-000007 --reason not-withdrawn',
    'dsr request reopen R-000007 --reason answer-incomplete --note "one account was missing"',
  ],
  exits: DESK_EXITS,
  body: () => import('./reopen.ts'),
});

const expire = command({
  name: 'expire',
  summary: 'end a request whose identity was asked for and never proved',
  arguments: { request: REQUEST },
  examples: [
    'dsr request expire R-000007 --reason identity-not-proved',
    'dsr request expire R-000007 --reason identity-not-proved --note "asked twice" --json',
  ],
  exits: DESK_EXITS,
  body: () => import('./expire.ts'),
});

/** Verbs of the clock: what it says, what moves it, and what comes after its end. */
export const CLOCK_COMMANDS: readonly CommandDefinition[] = [
  deadline,
  ack,
  ask,
  pause,
  resume,
  extend,
  appeal,
  reopen,
  expire,
];
