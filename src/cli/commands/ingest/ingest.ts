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
  type GateCount,
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
    verdicts: [...report.verdicts.map(verdictMembers), ...report.gate.map(gateMembers)],
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

function verdictMembers(given: Verdict): Record<string, unknown> {
  const { source, request, order, verdict, why, field } = given;
  return {
    source,
    request: requestName(request),
    order: order ?? null,
    verdict,
    why: why ?? null,
    ...(field === undefined ? {} : { field }),
  };
}

function gateMembers({ source, verdict, count }: GateCount): Record<string, unknown> {
  return { source, request: null, order: null, verdict, why: null, count };
}

function errorMembers({ file, error }: FailedFile): Record<string, unknown> {
  const { code, message, hint, problems, exit } = error;
  return { file, code, message, hint: hint ?? null, exit, ...(problems.length > 0 ? { problems } : {}) };
}

const VERDICTS: Readonly<Record<Verdict['verdict'], string>> = {
  'changed-as-ordered': 'changed as ordered: confirmed',
  'old-value-again': 'old value again: the correction stays in force here',
  'new-value': 'new value: the correction has ended, look at it',
  gone: 'gone upstream: confirmed',
  'still-there': 'still there upstream: it stays ordered',
  'not-provable': 'not provable',
};

const GATE: Readonly<Record<GateCount['verdict'], string>> = {
  return: 'of erased people, by an export from before their erasure: set aside, and ordered away again',
  'still-there': 'of erased people, still there upstream: set aside, and ordered away again',
  'new-sign-up': 'of new accounts with an identifier of somebody erased, whose old account is gone: let in',
  doubtful: 'that may be of erased people: set aside, dsr suppression list shows them',
};

function renderGate({ source, verdict, count }: GateCount): string {
  return `${source}: ${count} ${count === 1 ? 'row' : 'rows'} ${GATE[verdict]}`;
}

/** One line for all orders of a request with the same verdict. */
function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  const alike = Map.groupBy(verdicts, ({ source, request, field, verdict, why }) => {
    const place = field === undefined ? source : `${source}.${field}`;
    const reason = why === undefined ? '' : ` (${why})`;
    return `${place} of ${requestName(request)}: ${VERDICTS[verdict]}${reason}`;
  });
  return [...alike].map(([line, all]) => (all.length > 1 ? `${line}; ${all.length} rows` : line));
}

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
  parts.push(...verdictLines(report.verdicts));
  parts.push(...report.gate.map(renderGate));
  for (const { file, reason } of report.skipped) parts.push(`skipped ${file}: ${reason}`);
  for (const { file, error } of report.errors)
    parts.push(`failed ${file}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
  return parts.length === 0 ? 'nothing to load' : parts.join('\n');
}
