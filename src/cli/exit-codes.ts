import { ExitCode } from '../base/errors.ts';

export type ExitName = keyof typeof ExitCode;

/** What each exit code means, the same for every command. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = {
  done: 'done, or nothing was due',
  fault: 'unexpected fault',
  usage: 'usage: wrong flags or arguments, or an answer that is missing',
  partly: 'partly done, the report lists both',
  refused: 'refused by a rule (hold, unverified, plan changed, not approved, blast radius)',
  notFound: 'not found',
  attention: 'attention: something is overdue, missing, back, or against the notice',
  noLedger: 'no ledger',
  busy: 'busy: another run holds the ledger',
  schema: 'the ledger is older or newer than this program',
  damaged: 'tampered or damaged',
  badInput: 'input data not usable',
  interrupted: 'interrupted',
};

/** What every command can end with. */
const ALWAYS: readonly ExitName[] = ['done', 'fault', 'usage', 'interrupted'];

/** What every command that opens the ledger can end with. */
export const LEDGER_EXITS: readonly ExitName[] = ['noLedger', 'busy', 'schema', 'damaged'];

/** The codes of a command in rising order, with those that every command has. */
export function exitCodesOf(names: readonly ExitName[]): readonly ExitName[] {
  return [...new Set([...ALWAYS, ...names])].sort((a, b) => ExitCode[a] - ExitCode[b]);
}

/** Lines of `CODE  MEANING`, the codes aligned. */
export function renderExitCodes(names: readonly ExitName[]): string {
  return names.map((name) => `  ${String(ExitCode[name]).padStart(3)}  ${EXIT_MEANINGS[name]}`).join('\n');
}

const BY_WEIGHT: readonly ExitCode[] = [
  ExitCode.damaged,
  ExitCode.badInput,
  ExitCode.partly,
  ExitCode.attention,
];

/** The one exit code of a command that did several things. */
export function weightiestExit(exits: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT.find((exit) => exits.includes(exit)) ?? ExitCode.done;
}
