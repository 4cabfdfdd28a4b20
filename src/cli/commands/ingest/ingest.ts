import { type ExitCode, usage } from '../../../base/errors.ts';
import { requestName } from '../../../base/ids.ts';
import { parseInstant } from '../../../base/time.ts';
import { type IngestOptions, ingestPaths } from '../../../ingest/ingest.ts';
import type { FileProgress } from '../../../ingest/load-file.ts';
import type { RejectLimit } from '../../../ingest/reject-limit.ts';
import {
  exitOf,
  type FailedFile,
  type FileImport,
  type IngestReport,
  type Verdict,
} from '../../../ingest/report.ts';
import type { CommandContext } from '../../context.ts';
import type { Output } from '../../output.ts';

export interface IngestInput {
  readonly path: readonly string[];
  readonly source: string | undefined;
  readonly takenAt: string | undefined;
  readonly maxRejects: string | undefined;
  readonly maxVanished: string | undefined;
  readonly allowOverlap: boolean;
}

export async function run(context: CommandContext, input: IngestInput): Promise<ExitCode> {
  const options = readOptions(input);
  const ledger = await context.openLedger('write');
  const progress = context.output.progress();
  const report = await ingestPaths(
    ledger,
    input.path.map((path) => context.path(path)),
    { ...options, progress: (done) => progress.update(renderProgress(done)) },
  );
  const [only] = report.errors;
  // One file that failed is the error of the command.
  if (only !== undefined && report.errors.length === 1 && report.imports.length === 0) throw only.error;
  context.output.result(reportMembers(report), () => renderReport(context.output, report));
  return exitOf(report);
}

function readOptions(input: IngestInput): IngestOptions {
  return {
    allowOverlap: input.allowOverlap,
    ...(input.source === undefined ? {} : { source: input.source }),
    ...(input.takenAt === undefined ? {} : { takenAt: parseInstant(input.takenAt, '--taken-at') }),
    ...(input.maxRejects === undefined ? {} : { maxRejects: parseLimit(input.maxRejects) }),
    ...(input.maxVanished === undefined
      ? {}
      : { maxVanished: parseShare(input.maxVanished, '--max-vanished') }),
  };
}

function parseLimit(words: string): RejectLimit {
  return /^\d{1,12}$/.test(words) ? { rows: Number(words) } : { share: parseShare(words, '--max-rejects') };
}

function parseShare(words: string, flag: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(words);
  const share = Number(match?.[1] ?? Number.NaN) / 100;
  if (!(share <= 1)) throw usage(`${flag} is no share`, `write ${flag} 5%`);
  return share;
}

function renderProgress({ file, rows, bytesRead, size }: FileProgress): string {
  const share = size === 0 ? 100 : Math.min(100, Math.floor((bytesRead / size) * 100));
  return `${file}: ${rows} rows, ${share}%`;
}

function reportMembers(report: IngestReport): Record<string, unknown> {
  return {
    imports: report.imports.map(importMembers),
    verdicts: report.verdicts.map(verdictMembers),
    skipped: report.skipped,
    errors: report.errors.map(errorMembers),
  };
}

function importMembers(row: FileImport): Record<string, unknown> {
  return {
    id: row.id,
    file: row.file,
    source: row.source,
    sha256: row.sha256,
    taken_at: row.takenAt,
    rows_read: row.rows_read,
    rows_kept: row.rows_kept,
    rows_updated: row.rows_updated,
    rows_vanished: row.rows_vanished,
    rows_rejected: row.rows_rejected,
    rows_suppressed: row.rows_suppressed,
    already_loaded: row.alreadyLoaded,
    continues: row.continues ?? null,
  };
}

function verdictMembers({ source, field, request, verdict }: Verdict): Record<string, unknown> {
  return { source, field, request: requestName(request), verdict };
}

function errorMembers({ file, error }: FailedFile): Record<string, unknown> {
  const { code, message, hint, problems, exit } = error;
  return { file, code, message, hint: hint ?? null, exit, ...(problems.length > 0 ? { problems } : {}) };
}

const VERDICTS: Readonly<Record<Verdict['verdict'], string>> = {
  'changed-as-ordered': 'changed as ordered: the correction is upstream now',
  'old-value-again': 'old value again: the correction stays in force here',
  'new-value': 'new value: the correction has ended, look at it',
};

function renderReport(output: Output, report: IngestReport): string {
  const rows = report.imports.map((row) => [
    row.alreadyLoaded ? 'loaded before' : row.id,
    row.source,
    row.file,
    row.rows_read,
    row.rows_kept,
    row.rows_updated,
    row.rows_vanished,
    row.rows_rejected,
    row.rows_suppressed,
  ]);
  const header = [
    'import',
    'source',
    'file',
    'read',
    'kept',
    'updated',
    'vanished',
    'set aside',
    'suppressed',
  ];
  const parts = rows.length === 0 ? [] : [output.table(header, rows)];
  for (const { source, field, request, verdict } of report.verdicts) {
    parts.push(`${source}.${field} of ${requestName(request)}: ${VERDICTS[verdict]}`);
  }
  for (const { file, reason } of report.skipped) parts.push(`skipped ${file}: ${reason}`);
  for (const { file, error } of report.errors)
    parts.push(`failed ${file}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
  return parts.length === 0 ? 'nothing to load' : parts.join('\n');
}
