import { ExitCode, UserError } from '../base/errors.ts';
import type { Instant } from '../base/time.ts';
import type { Ledger } from '../store/ledger.ts';
import { type FileJob, findFiles } from './find-files.ts';
import { type FileProgress, type LoadedFile, type LoadLimits, loadFile } from './load-file.ts';
import type { FailedFile, FileImport, GateCount, IngestReport, Verdict } from './report.ts';

export interface IngestOptions extends Partial<LoadLimits> {
  /** Name of the source that the files are, whatever their names say. */
  readonly source?: string;
  readonly takenAt?: Instant;
  readonly progress?: (progress: FileProgress) => void;
  /** Undoes the file under way and throws `interrupted`. */
  readonly signal?: AbortSignal;
}

const DEFAULT_LIMITS: LoadLimits = { maxRejects: { share: 0.01 }, maxVanished: 0.05, allowOverlap: false };

/**
 * Loads files, and the mapped files of folders, each whole or not at all and independent of the
 * others. What a file fails with is in the report; only a fault of the ledger or of dsr is thrown.
 */
export async function ingestPaths(
  ledger: Ledger,
  paths: readonly string[],
  options: IngestOptions = {},
): Promise<IngestReport> {
  const { policy, now } = ledger;
  const found = findFiles(paths, { policy, now, source: options.source, takenAt: options.takenAt });
  const imports: FileImport[] = [];
  const verdicts: Verdict[] = [];
  const gate: GateCount[] = [];
  const errors: FailedFile[] = [...found.failed];
  for (const job of found.jobs) {
    const outcome = await attempt(ledger, job, options);
    if ('error' in outcome) {
      errors.push(outcome);
      continue;
    }
    imports.push(outcome.import);
    for (const verdict of outcome.verdicts) verdicts.push(verdict);
    gate.push(...outcome.gate);
  }
  return { imports, verdicts, gate, skipped: found.skipped, errors };
}

async function attempt(
  ledger: Ledger,
  job: FileJob,
  options: IngestOptions,
): Promise<LoadedFile | FailedFile> {
  const { progress, signal } = options;
  const limits = {
    maxRejects: options.maxRejects ?? DEFAULT_LIMITS.maxRejects,
    maxVanished: options.maxVanished ?? DEFAULT_LIMITS.maxVanished,
    allowOverlap: options.allowOverlap ?? DEFAULT_LIMITS.allowOverlap,
  };
  try {
    if (signal?.aborted === true) throw interrupted();
    return await loadFile({
      ...job,
      ledger,
      limits,
      ...(progress === undefined ? {} : { progress }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw interrupted();
    if (!(error instanceof UserError) || error.exit === ExitCode.damaged) throw error;
    return { file: job.name, error };
  }
}

function interrupted(): UserError {
  return new UserError('interrupted', 'interrupted; nothing of the file under way was loaded', {
    exit: ExitCode.interrupted,
  });
}
