import { dateIn, instantOf } from '../base/time.ts';
import { findSource } from '../policy/find.ts';
import type { Category, Policy } from '../policy/types.ts';
import { expiryCutoff } from '../retention/ends.ts';
import type { SourceFigures } from '../store/store.ts';
import { type Cell, type ReportFrame, type Row, type Table, UNKNOWN } from './table.ts';

const COLUMNS = [
  'category',
  'source',
  'expires_after',
  'counted_from',
  'promised_by',
  'cutoff',
  'oldest',
  'rows',
  'undated',
  'retained',
  'held',
  'overdue',
] as const;

type Column = (typeof COLUMNS)[number];

/** What the ledger holds of a source, and what the schedule and the holds say of it now. */
export interface RetentionFigures extends SourceFigures {
  /** Rows and lines that a legal hold preserves. */
  readonly held: number;
  /** Rows and lines that a purge would erase now. */
  readonly due: number;
}

/**
 * Each category and source: the promise, who made it, and how the ledger stands to it. A source that the
 * policy no longer names has no promise; what is due of it is unknown.
 */
export function retentionTable(
  policy: Policy,
  figures: readonly RetentionFigures[],
  frame: ReportFrame,
): Table<Column> {
  const bySource = new Map(figures.map((figure) => [figure.source, figure]));
  const promised = Object.values(policy.categories).flatMap((category) => {
    const sources = Object.values(policy.sources).filter((source) => source.category === category.name);
    const promise = promiseOf(category, frame);
    if (sources.length === 0) return [{ ...NOTHING, ...promise }];
    return sources.map(({ name }) => ({
      ...promise,
      ...stateOf(name, bySource.get(name), frame, category.expire !== undefined),
    }));
  });
  const unmapped = figures
    .filter(({ source, records, events }) => findSource(policy, source) === undefined && records + events > 0)
    .map((figure) => ({ ...NOTHING, ...stateOf(figure.source, figure, frame, false), overdue: UNKNOWN }));
  return { columns: COLUMNS, rows: [...promised, ...unmapped] };
}

const NOTHING = Object.fromEntries(COLUMNS.map((column) => [column, undefined])) as Row<Column>;

function promiseOf({ name, expire }: Category, { instant, zone }: ReportFrame) {
  return {
    category: name,
    expires_after: expire?.after ?? 'none',
    counted_from: expire?.from,
    promised_by: expire?.source,
    cutoff: expire === undefined ? undefined : expiryCutoff(expire, { instant, zone }),
  };
}

function stateOf(
  source: string,
  figures: RetentionFigures | undefined,
  { zone }: ReportFrame,
  expires: boolean,
) {
  const rows = figures === undefined ? 0 : figures.records + figures.events;
  return {
    source,
    oldest: oldestOf(rows, figures?.oldestAt, zone),
    rows,
    undated: figures?.undated ?? 0,
    retained: figures?.retained ?? 0,
    held: figures?.held ?? 0,
    overdue: figures === undefined ? 0 : overdueOf(figures, expires),
  };
}

function oldestOf(rows: number, at: number | undefined, zone: string): Cell {
  if (at !== undefined) return dateIn(instantOf(at), zone);
  return rows === 0 ? undefined : UNKNOWN;
}

/** Rows without a date may be due as well: then nothing found is not nothing there. */
function overdueOf({ due, undated }: RetentionFigures, expires: boolean): Cell {
  return due === 0 && expires && undated > 0 ? UNKNOWN : due;
}
