import { ExitCode, usage } from '../../../base/errors.ts';
import { parseOptionalDate } from '../../../base/time.ts';
import { REGIME_NAMES } from '../../../law/regimes.ts';
import {
  type Artifact,
  requireFreeFolder,
  writeNewFile,
  writePackage,
} from '../../../reports/package-writer.ts';
import { prepareReports, REPORT_NAMES, type ReportName, STATE_REPORTS } from '../../../reports/prepare.ts';
import { type Report, type ReportFormat, renderReport, reportDocument } from '../../../reports/render.ts';
import type { Period } from '../../../reports/table.ts';
import type { CommandContext } from '../../context.ts';
import { isTerminal } from '../../io.ts';

export interface ReportInput {
  readonly name: string;
  readonly format: ReportFormat | undefined;
  readonly out: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly regime: readonly string[];
}

export async function run(context: CommandContext, input: ReportInput): Promise<ExitCode> {
  const names = readNames(input.name);
  const period = readPeriod(input, names);
  const regimes = readRegimes(input, names);
  const format = input.format ?? 'csv';
  const out = input.out === undefined ? undefined : context.path(input.out);
  if (names.length > 1 && out === undefined) throw usage('report all needs --out DIR');
  if (out !== undefined) requireFreeFolder(out);
  const ledger = await context.openLedger('read');
  const reports = await prepareReports(ledger, names, { period, regimes, asOf: context.globals.asOf });
  const isContradicted = warnOfContradiction(context, reports);
  if (out === undefined) for (const report of reports) printReport(context, report, format);
  else {
    const artifacts = names.length > 1 ? writeAll(out, reports, format) : writeOne(out, reports, format);
    const { checkpoint } = firstOf(reports);
    printArtifacts(context, { report: input.name, format, checkpoint }, artifacts);
  }
  if (out !== undefined || format === 'csv') noteCheckpoint(context, firstOf(reports));
  return isContradicted ? ExitCode.damaged : ExitCode.done;
}

function readNames(name: string): readonly ReportName[] {
  if (name === 'all') return REPORT_NAMES;
  const known = REPORT_NAMES.find((report) => report === name);
  if (known === undefined)
    throw usage('there is no report of that name', `reports: ${REPORT_NAMES.join(', ')}, all`);
  return [known];
}

function readPeriod(input: ReportInput, names: readonly ReportName[]): Period {
  const from = parseOptionalDate(input.from, '--from');
  const to = parseOptionalDate(input.to, '--to');
  if (from !== undefined && to !== undefined && from > to) throw usage('--from is after --to');
  if ((from ?? to) !== undefined && names.every((name) => STATE_REPORTS.has(name))) {
    throw usage(`the report ${input.name} shows how things stand: --from and --to do not fit`);
  }
  return { from, to };
}

function readRegimes({ regime }: ReportInput, names: readonly ReportName[]): readonly string[] | undefined {
  if (regime.length === 0) return undefined;
  if (!names.includes('metrics')) throw usage('--regime belongs to the report metrics');
  if (regime.some((name) => !REGIME_NAMES.includes(name)))
    throw usage('no such regime', `regimes: ${REGIME_NAMES.join(', ')}`);
  return [...new Set(regime)];
}

/** Where register and audit log contradict each other, one of them was changed from outside. */
function warnOfContradiction(context: CommandContext, reports: readonly Report[]): boolean {
  if (reports.every(({ isContradicted }) => isContradicted !== true)) return false;
  context.output.warn(
    'the register does not say what the audit log says: dsr report metrics --json lists the differences',
  );
  return true;
}

function printReport(context: CommandContext, report: Report, format: ReportFormat): void {
  const text = renderReport(report, format);
  // A terminal needs no carriage returns, and they would show as control characters.
  const shown = isTerminal(context.io.stdout) ? text.replaceAll('\r\n', '\n') : text;
  context.output.result(reportDocument(report), () => shown, true);
}

function writeOne(path: string, reports: readonly Report[], format: ReportFormat): readonly Artifact[] {
  return reports.map((report) => writeNewFile(path, renderReport(report, format)));
}

function writeAll(folder: string, reports: readonly Report[], format: ReportFormat): readonly Artifact[] {
  const files = reports.map((report) => ({
    path: `${report.name}.${format}`,
    content: renderReport(report, format),
  }));
  const { asOf, rehearsal, period, checkpoint } = firstOf(reports);
  return writePackage(folder, files, {
    kind: 'reports',
    ...(rehearsal ? { rehearsal } : {}),
    as_of: asOf,
    ...period,
    checkpoint,
  });
}

/** What all reports of one run share stands in the first. */
function firstOf(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first === undefined) throw new Error('no report was asked for');
  return first;
}

/** CSV has no place for it, and who only sees digests of files has not seen it. */
function noteCheckpoint(context: CommandContext, { checkpoint }: Report): void {
  context.output.note(`checkpoint of the audit log:\n${checkpoint.note.trimEnd()}`);
}

function printArtifacts(
  context: CommandContext,
  about: Readonly<Record<string, unknown>>,
  artifacts: readonly Artifact[],
): void {
  const members = artifacts.map(({ path, sha256 }) => ({ path, sha256 }));
  context.output.result({ ...about, artifacts: members }, () =>
    members.map(({ path, sha256 }) => `${sha256}  ${context.shown(path)}`).join('\n'),
  );
}
