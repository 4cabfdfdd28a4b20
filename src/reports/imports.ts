import type { Instant } from '../base/time.ts';
import { dateIn, daysFromTo, epochOf, instantOf } from '../base/time.ts';
import type { ImportRow } from '../store/store.ts';
import { isWithin, type ReportFrame, type Row, type Table } from './table.ts';

const COLUMNS = [
  'import',
  'source',
  'state',
  'taken_at',
  'loaded_at',
  'age_days',
  'newest',
  'policy_version',
  'sha256',
  'bytes',
  'continues',
  'first_line_at',
  'last_line_at',
  'rows_read',
  'rows_kept',
  'rows_updated',
  'rows_vanished',
  'rows_rejected',
  'rows_suppressed',
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * Each import loaded in the period, and each source of the policy of which nothing was ever loaded. Files
 * are known by their digests: a name may hold somebody's.
 */
export function importsTable(
  imports: readonly ImportRow[],
  sources: readonly string[],
  frame: ReportFrame,
): Table<Column> {
  const bySource = Map.groupBy(imports, ({ source }) => source);
  const newest = new Set([...bySource.values()].map(newestOf));
  const loaded = imports
    .filter((row) => isWithin(frame, row.loadedAt))
    .map((row) => importRow(row, newest.has(row.id), frame));
  const missing = sources.filter((source) => !bySource.has(source)).map(missingRow);
  return { columns: COLUMNS, rows: [...loaded, ...missing] };
}

function newestOf(imports: readonly ImportRow[]): number | undefined {
  return imports.toSorted((a, b) => epochOf(a.takenAt) - epochOf(b.takenAt) || a.id - b.id).at(-1)?.id;
}

function importRow(row: ImportRow, isNewest: boolean, { zone, today }: ReportFrame): Row<Column> {
  return {
    import: row.id,
    source: row.source,
    state: 'loaded',
    taken_at: row.takenAt,
    loaded_at: row.loadedAt,
    age_days: Math.max(0, daysFromTo(dateIn(row.takenAt, zone), today)),
    newest: isNewest,
    policy_version: row.policyVersion,
    sha256: row.sha256,
    bytes: row.bytes,
    continues: row.continues,
    first_line_at: timeOf(row.minAt),
    last_line_at: timeOf(row.maxAt),
    rows_read: row.counts.rows_read,
    rows_kept: row.counts.rows_kept,
    rows_updated: row.counts.rows_updated,
    rows_vanished: row.counts.rows_vanished,
    rows_rejected: row.counts.rows_rejected,
    rows_suppressed: row.counts.rows_suppressed,
  };
}

function timeOf(epoch: number | undefined): Instant | undefined {
  return epoch === undefined ? undefined : instantOf(epoch);
}

const NOTHING = Object.fromEntries(COLUMNS.map((column) => [column, undefined])) as Row<Column>;

function missingRow(source: string): Row<Column> {
  return { ...NOTHING, source, state: 'never-loaded' };
}
