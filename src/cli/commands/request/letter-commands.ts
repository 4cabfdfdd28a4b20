import { LETTER_KINDS } from '../../../letters/kinds.ts';
import { choice, command, text } from '../../define.ts';
import { DESK_EXITS, REQUEST } from '../../request-flags.ts';

const letter = command({
  name: 'letter',
  summary: 'draft a letter in plain words as the request stands, or show one again',
  arguments: { request: REQUEST },
  flags: {
    kind: choice('--kind <KIND>', 'which letter; its words come from what the ledger knows', LETTER_KINDS),
    show: text('--show <N>', 'print the letter of this number instead'),
    out: text('--out <FILE>', 'write the letter to a new file, readable by you alone'),
  },
  examples: [
    'dsr request letter R-000007 --kind answer --out answer.txt',
    'dsr request letter R-000007 --kind partial-answer --note "the rest follows in May"',
    'dsr request letter R-000007 --show 2',
  ],
  exits: DESK_EXITS,
  body: () => import('./letter.ts'),
});

const sent = command({
  name: 'sent',
  summary: 'note that the newest letter of a kind was sent: an answer only where verified',
  arguments: { request: REQUEST },
  flags: {
    as: choice('--as <KIND>', 'which letter went', LETTER_KINDS),
    channel: text(
      '--channel <CODE>',
      'how it went: email, account, letter; of an answer one that was verified',
    ),
    to: text('--to <ID>', 'the address it went to, kind:value, or - to read it; compared, never kept'),
    on: text('--on <DATE>', 'the day on which it went (default today)'),
  },
  examples: [
    'dsr request sent R-000007 --as answer --channel email --to - < address.txt',
    'dsr request sent R-000007 --as acknowledgement --channel letter --on 2026-01-05',
    'dsr request sent R-000008 --as partial-answer --channel account --json',
  ],
  exits: DESK_EXITS,
  body: () => import('./sent.ts'),
});

/** The verbs by which letters are drafted and go out. */
export const LETTER_COMMANDS = [letter, sent] as const;
