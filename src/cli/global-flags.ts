import { on, text } from './define.ts';

/** The flags that stand before or after any command. */
export const GLOBAL_FLAGS = {
  ledger: text('--ledger <FILE>', 'the ledger (DSR_LEDGER; default ./dsr.db)'),
  json: on('--json', 'print one JSON document'),
  asOf: text('--as-of <TIME>', 'act as if it were this instant (DSR_NOW); for rehearsal ledgers'),
  actor: text('--actor <NAME>', 'who acts (DSR_ACTOR; default the login name)'),
  reason: text('--reason <CODE>', 'why, as a code; goes to the audit log'),
  note: text('--note <TEXT>', 'why, in words, or - to read them; the person may read the request file'),
  yes: on('--yes', 'ask nothing; what would ask is refused'),
  reveal: on('--reveal', 'show personal values unmasked; needs --reason'),
  quiet: on('--quiet', 'results and errors only'),
  verbose: on('--verbose', 'more about what happens; full traces of faults'),
  color: on('--no-color', 'plain text (NO_COLOR)'),
} as const;

/** The words that were given for the global flags, not yet judged. */
export type RawGlobals = {
  readonly [K in keyof typeof GLOBAL_FLAGS]: ReturnType<(typeof GLOBAL_FLAGS)[K]['read']>;
};

/** How messages are to look, known before the command line is understood. */
export interface Manner {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Reads from the raw command line how even its own errors are to be shown. */
export function mannerOf(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
): Manner {
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return {
    json: flags.includes('--json'),
    verbose: flags.includes('--verbose') || env.DSR_DEBUG === '1',
    color: terminal && mayColor(env) && !flags.includes('--no-color'),
  };
}

/** https://no-color.org: any value that is not empty. */
export function mayColor(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
