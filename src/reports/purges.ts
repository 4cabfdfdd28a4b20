import type { AppliedGroup, PurgeRun } from '../store/registers.ts';
import { isWithin, type ReportFrame, type Row, type Table } from './table.ts';

const COLUMNS = [
  'purge',
  'at',
  'plan',
  'source',
  'category',
  'action',
  'count',
  'basis',
  'until',
  'run_protected',
  'run_bytes',
] as const;

type Column = (typeof COLUMNS)[number];

/** Each purge of the period, group by group; one that found nothing due has one row without a source. */
export function purgesTable(runs: readonly PurgeRun[], frame: ReportFrame): Table<Column> {
  const rows = runs
    .filter((run) => isWithin(frame, run.at))
    .flatMap((run) =>
      run.applied.length === 0 ? [rowOf(run)] : run.applied.map((group) => rowOf(run, group)),
    );
  return { columns: COLUMNS, rows };
}

function rowOf(run: PurgeRun, group?: AppliedGroup): Row<Column> {
  return {
    purge: run.id,
    at: run.at,
    plan: run.plan,
    source: group?.source,
    category: group?.category,
    action: group?.action ?? 'none',
    count: group?.count ?? 0,
    basis: group?.basis,
    until: group?.until,
    run_protected: run.protectedCount,
    run_bytes: run.bytes,
  };
}
