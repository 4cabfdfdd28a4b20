import type { Json } from '../base/json.ts';
import type { Instant } from '../base/time.ts';
import type { SignedCheckpoint } from '../evidence/audit/checkpoint.ts';
import { renderCsv } from '../formats/csv-out.ts';
import type { Cell, Period, Row, Table } from './table.ts';

export type ReportFormat = 'csv' | 'json';

/** A report as it leaves: its table, and the words that say what it is of. */
export interface Report {
  readonly name: string;
  readonly table: Table;
  readonly period: Period;
  /** The instant that was asked for; the clock's own is never printed. */
  readonly asOf: Instant | undefined;
  readonly rehearsal: boolean;
  /** What a report says of itself beside its rows. */
  readonly about?: { readonly [name: string]: Json };
  /** Whether it found that the ledger contradicts itself. */
  readonly isContradicted?: boolean;
  /** Of the audit log as the report was made. */
  readonly checkpoint: SignedCheckpoint;
}

/** The report as text in one of the formats; the same report gives the same bytes. */
export function renderReport(report: Report, format: ReportFormat): string {
  return format === 'csv' ? renderReportCsv(report) : renderReportJson(report);
}

/** Comma-separated, safe to open in a spreadsheet; a rehearsal is marked in a last column. */
function renderReportCsv({ table: { columns, rows }, rehearsal }: Report): string {
  const cells = rows.map((row) => columns.map((column) => csvCell(row[column])));
  if (!rehearsal) return renderCsv(columns, cells);
  return renderCsv(
    [...columns, 'rehearsal'],
    cells.map((row) => [...row, true]),
  );
}

function csvCell(cell: Cell): Json {
  if (cell === undefined) return null;
  return isList(cell) ? cell.join('; ') : cell;
}

function renderReportJson(report: Report): string {
  const document = {
    schema_version: 1,
    ...(report.rehearsal ? { rehearsal: true } : {}),
    ...reportDocument(report),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The members of a report's JSON, without those that every document of dsr has. */
export function reportDocument({ name, table, period, asOf, about, checkpoint }: Report) {
  return {
    report: name,
    ...(asOf === undefined ? {} : { as_of: asOf }),
    ...(period.from === undefined ? {} : { from: period.from }),
    ...(period.to === undefined ? {} : { to: period.to }),
    ...about,
    rows: table.rows.map((row) => jsonRow(table.columns, row)),
    checkpoint,
  };
}

function jsonRow(columns: readonly string[], row: Row<string>): { readonly [column: string]: Json } {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}

function isList(cell: Cell): cell is readonly string[] {
  return Array.isArray(cell);
}
