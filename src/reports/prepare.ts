import type { Instant } from '../base/time.ts';
import { dateIn } from '../base/time.ts';
import { signedCheckpoint } from '../evidence/audit/checkpoint.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Reader } from '../store/store.ts';
import { deletionsTable } from './deletions.ts';
import { importsTable } from './imports.ts';
import { inventoryTable } from './inventory.ts';
import { previousYear } from './metrics.ts';
import { METRICS_REGIME, metricsMembers, prepareMetrics } from './prepare-metrics.ts';
import { purgesTable } from './purges.ts';
import { registerTable } from './register.ts';
import type { Report } from './render.ts';
import { retentionTable } from './retention.ts';
import { readRetentionFigures } from './retention-figures.ts';
import type { Period, ReportFrame, Table } from './table.ts';

export const REPORT_NAMES = [
  'register',
  'metrics',
  'deletions',
  'retention',
  'purges',
  'imports',
  'inventory',
] as const;

export type ReportName = (typeof REPORT_NAMES)[number];

/** Reports that show how things stand now, whatever the period. */
export const STATE_REPORTS: ReadonlySet<ReportName> = new Set(['retention', 'inventory']);

export interface ReportOptions {
  readonly period: Period;
  /** Given only where somebody asked for the instant. */
  readonly asOf: Instant | undefined;
  /** Metrics: of the requests under which laws; of the one that asks for them where left out. */
  readonly regimes?: readonly string[] | undefined;
}

/** Reads the ledger once, so that all reports are of one moment; writes nothing. */
export async function prepareReports(
  ledger: Ledger,
  names: readonly ReportName[],
  options: ReportOptions,
): Promise<readonly Report[]> {
  const { zone } = ledger.policy.controller;
  const { period, asOf } = options;
  const frame: ReportFrame = { zone, instant: ledger.now, today: dateIn(ledger.now, zone), period };
  return ledger.store.read(async (tx) => {
    const checkpoint = await signedCheckpoint(tx, ledger);
    const common = { asOf, rehearsal: ledger.rehearsal, checkpoint };
    const reports: Report[] = [];
    for (const name of names) {
      if (name === 'metrics')
        reports.push({ ...common, ...(await metricsReport(tx, ledger, frame, options)) });
      else {
        const table = await TABLES[name](tx, ledger, frame);
        reports.push({ ...common, name, table, period: STATE_REPORTS.has(name) ? ALWAYS : period });
      }
    }
    return reports;
  });
}

/** The figures of the period that was asked for; of the calendar year before where none was. */
async function metricsReport(
  tx: Reader,
  ledger: Ledger,
  { today, period }: ReportFrame,
  { regimes = [METRICS_REGIME] }: ReportOptions,
): Promise<Pick<Report, 'name' | 'table' | 'period' | 'about' | 'isContradicted'>> {
  const isAsked = (period.from ?? period.to) !== undefined;
  const own = isAsked ? period : previousYear(today);
  const metrics = await prepareMetrics(tx, ledger, own, regimes);
  return {
    name: 'metrics',
    table: metrics.table,
    period: own,
    about: metricsMembers(metrics),
    isContradicted: metrics.differences.length > 0,
  };
}

const ALWAYS: Period = { from: undefined, to: undefined };

type Prepare = (tx: Reader, ledger: Ledger, frame: ReportFrame) => Promise<Table>;

const TABLES: Readonly<Record<Exclude<ReportName, 'metrics'>, Prepare>> = {
  register: async (tx, _ledger, frame) => registerTable(await tx.entries('request'), frame),
  deletions: async (tx, _ledger, frame) =>
    deletionsTable(await tx.entries('request'), await tx.entries('work-order'), frame),
  retention: async (tx, ledger, frame) =>
    retentionTable(ledger.policy, await readRetentionFigures(tx, ledger), frame),
  purges: async (tx, _ledger, frame) => purgesTable(await tx.entries('purge'), frame),
  imports: async (tx, ledger, frame) =>
    importsTable(await tx.imports(), Object.keys(ledger.policy.sources), frame),
  inventory: async (tx, ledger) => inventoryTable(ledger.policy, await tx.figures()),
};
