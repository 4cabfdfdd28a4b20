import { ExitCode, type UserError } from '../base/errors.ts';
import type { Instant } from '../base/time.ts';
import type { OrderVerdict } from '../store/registers.ts';
import type { ImportCounts } from '../store/store.ts';
import type { GateVerdict } from './settle-aside.ts';

/** One file that is in the ledger now, or was before. */
export interface FileImport extends ImportCounts {
  /** Number of the import. */
  readonly id: number;
  /** Base name, safe to print. */
  readonly file: string;
  readonly source: string;
  readonly sha256: string;
  readonly takenAt: Instant;
  /** Nothing was read of it: the same bytes are there; counts are 0. */
  readonly alreadyLoaded: boolean;
  /** For a log that goes on from an earlier file: that one's import. */
  readonly continues: number | undefined;
}

/** What an export said of an order, or of one field that it corrects; names no row. */
export interface Verdict {
  readonly source: string;
  readonly request: number;
  /** Undefined where the order of an edit is there no more. */
  readonly order: number | undefined;
  readonly verdict: OrderVerdict;
  /** A stable code where nothing can be proved. */
  readonly why: string | undefined;
  /** For an edit. */
  readonly field: string | undefined;
}

/** How many rows of one file had which verdict at the gate. */
export interface GateCount {
  readonly source: string;
  readonly verdict: GateVerdict;
  readonly count: number;
}

/** A file of a folder that no source maps. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** A file that could not be loaded; nothing of it is in the ledger. */
export interface FailedFile {
  readonly file: string;
  readonly error: UserError;
}

export interface IngestReport {
  readonly imports: readonly FileImport[];
  readonly verdicts: readonly Verdict[];
  readonly gate: readonly GateCount[];
  readonly skipped: readonly SkippedFile[];
  readonly errors: readonly FailedFile[];
}

/** The exit code of an ingest: some of several failed is 3, all failed is what they failed with. */
export function exitOf({ imports, verdicts, errors }: IngestReport): ExitCode {
  if (errors.length > 0 && imports.length > 0) return ExitCode.partly;
  const exits = errors.map(({ error }) => error.exit);
  const worst = [ExitCode.damaged, ExitCode.badInput].find((exit) => exits.includes(exit)) ?? exits[0];
  if (worst !== undefined) return worst;
  const isBack = imports.some(({ rows_suppressed: rows }) => rows > 0);
  const isOdd = verdicts.some(({ verdict }) => verdict === 'new-value' || verdict === 'still-there');
  return isBack || isOdd ? ExitCode.attention : ExitCode.done;
}
