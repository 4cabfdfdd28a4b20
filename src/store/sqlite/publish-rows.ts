import type { Json } from '../../base/json.ts';
import type { EditVerdict, LoadEnd, Overlay, RecordId } from '../store.ts';
import type { Prepared } from './prepared.ts';
import type { RecordStaging } from './record-staging.ts';
import { fieldsOf, overlaysOf, packReach, unpackReach } from './rows.ts';

/** What rows of one load are published with. */
export interface Publishing {
  readonly sql: Prepared;
  readonly import: number;
  readonly source: number;
  readonly columns: readonly string[];
  readonly staging: RecordStaging;
  readonly reachOf: LoadEnd['reachOf'];
  readonly isAfterEdit: LoadEnd['isAfterEdit'];
}

interface ChangeRow {
  readonly record: number;
  readonly line: number;
  readonly layout: number;
  readonly at: number | null;
  readonly reach: Uint8Array;
  readonly body: string;
  readonly overlays: string | null;
  readonly before: Uint8Array;
}

const CHANGES_A_PAGE = 1000;

/** Puts the staged changes in place and says what they and the unchanged rows mean for earlier edits. */
export function applyChanges(publishing: Publishing): EditVerdict[] {
  const { sql } = publishing;
  const edits = unchangedEdits(publishing);
  for (let after = 0; ; ) {
    const page = sql.all<ChangeRow>(
      'SELECT c.record, c.line, c.layout, c.at, c.reach, c.body, r.overlays, r.reach AS before FROM change c JOIN record r ON r.id = c.record WHERE c.import = ? AND c.record > ? ORDER BY c.record LIMIT ?',
      publishing.import,
      after,
      CHANGES_A_PAGE,
    );
    for (const change of page) edits.push(...applyChange(publishing, change));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.record;
  }
  sql.run('DELETE FROM change WHERE import = ?', publishing.import);
  return edits;
}

/** Corrected rows that came again just as they were imported before. */
function unchangedEdits({ sql, source, staging, import: id, isAfterEdit }: Publishing): EditVerdict[] {
  const rows = sql.all<{ id: number; overlays: string }>(
    'SELECT id, overlays FROM record INDEXED BY record_overlaid WHERE source = ? AND overlays IS NOT NULL AND id NOT IN (SELECT record FROM change WHERE import = ?) ORDER BY id',
    source,
    id,
  );
  return rows
    .filter((row) => staging.isSeen(row.id))
    .flatMap((row) =>
      overlaysOf(row.overlays).map(({ field, request }) => ({
        record: row.id,
        field,
        request,
        verdict: isAfterEdit(request) ? ('old-value-again' as const) : ('not-provable' as const),
      })),
    );
}

function applyChange(publishing: Publishing, change: ChangeRow): readonly EditVerdict[] {
  const overlays = overlaysOf(change.overlays);
  const fields = overlays.length === 0 ? new Map<string, Json>() : fieldsOf(publishing.columns, change.body);
  const judged = overlays.map((overlay) => ({
    overlay,
    verdict: publishing.isAfterEdit(overlay.request) ? judgeEdit(overlay, fields) : ('not-provable' as const),
  }));
  const kept = judged.flatMap(({ overlay, verdict }) => keptOverlay(overlay, verdict, fields));
  publishing.sql.run(
    'UPDATE record SET layout = ?, import = ?, line = ?, at = ?, body = ?, overlays = ?, version = version + 1 WHERE id = ?',
    change.layout,
    publishing.import,
    change.line,
    change.at,
    change.body,
    kept.length === 0 ? null : JSON.stringify(kept),
    change.record,
  );
  replaceReach(publishing, change, kept, fields);
  return judged.map(({ overlay, verdict }) => ({
    record: change.record,
    field: overlay.field,
    request: overlay.request,
    verdict,
  }));
}

function replaceReach(
  { sql, reachOf }: Publishing,
  change: ChangeRow,
  kept: readonly Overlay[],
  fields: Map<string, Json>,
): void {
  for (const overlay of kept) fields.set(overlay.field, overlay.new);
  const after = kept.length === 0 ? change.reach : packReach(reachOf(fields));
  if (Buffer.compare(change.before, after) === 0) return;
  for (const digest of unpackReach(change.before)) {
    sql.run('DELETE FROM reach WHERE digest = ? AND record = ?', digest, change.record);
  }
  for (const digest of unpackReach(after)) {
    sql.run('INSERT OR IGNORE INTO reach(digest, record) VALUES(?, ?)', digest, change.record);
  }
  sql.run('UPDATE record SET reach = ? WHERE id = ?', after, change.record);
}

function judgeEdit(overlay: Overlay, fields: ReadonlyMap<string, Json>): EditVerdict['verdict'] {
  const upstream = JSON.stringify(fields.get(overlay.field) ?? null);
  if (upstream === JSON.stringify(overlay.new)) return 'changed-as-ordered';
  return upstream === JSON.stringify(overlay.old) ? 'old-value-again' : 'new-value';
}

/** An edit that stays in force; what upstream had before it is the value that it is expected to say again. */
function keptOverlay(
  overlay: Overlay,
  verdict: EditVerdict['verdict'],
  fields: ReadonlyMap<string, Json>,
): Overlay[] {
  if (verdict === 'old-value-again') return [overlay];
  if (verdict !== 'not-provable') return [];
  const upstream = fields.get(overlay.field) ?? null;
  return [JSON.stringify(upstream) === JSON.stringify(overlay.new) ? overlay : { ...overlay, old: upstream }];
}

interface Standing {
  readonly id: number;
  readonly missed: number;
  readonly restricted: string | null;
}

/** Restricts the rows that a snapshot lacks and raises their count; what is back is itself again. */
export function markVanished({ sql, source, staging }: Publishing): {
  readonly vanished: number;
  readonly restored: number;
} {
  let restored = 0;
  const missed = sql.all<Standing>(
    'SELECT id, missed, restricted FROM record INDEXED BY record_missed WHERE missed > 0 AND source = ? AND retained_until IS NULL',
    source,
  );
  for (const row of missed) {
    if (!staging.isSeen(row.id)) continue;
    setMissed(sql, row.id, 0, row.restricted === 'vanished' ? null : row.restricted);
    restored += 1;
  }
  let vanished = 0;
  for (const id of staging.unseenIds()) {
    const row = sql.one<Standing>(
      'SELECT id, missed, restricted FROM record WHERE id = ? AND retained_until IS NULL',
      id,
    );
    if (row === undefined) continue;
    setMissed(sql, id, row.missed + 1, row.restricted ?? 'vanished');
    vanished += 1;
  }
  return { vanished, restored };
}

function setMissed(sql: Prepared, id: RecordId, missed: number, restricted: string | null): void {
  sql.run(
    'UPDATE record SET missed = ?, restricted = ?, version = version + 1 WHERE id = ?',
    missed,
    restricted,
    id,
  );
}

/** Rows that the last snapshot of a source still had, retained ones apart, and how many of them this load lacks. */
export function countUnseen(
  sql: Prepared,
  source: number,
  firstRecord: RecordId,
  staging: RecordStaging,
): { readonly total: number; readonly unseen: number } {
  // Without a hint the planner reads the whole table for what the small indexes hold.
  const count = (index: string, condition: string): number =>
    sql.value<number>(
      `SELECT count(*) FROM record INDEXED BY ${index} WHERE source = ? AND ${condition}`,
      source,
    ) ?? 0;
  const retained = count('record_retained_until', 'retained_until IS NOT NULL');
  const missed = count('record_missed', 'missed > 0 AND retained_until IS NULL');
  const total = count('record_key', `id < ${firstRecord}`) - retained - missed;
  const isThere = (id: RecordId) =>
    sql.value('SELECT 1 FROM record WHERE id = ? AND retained_until IS NULL AND missed = 0', id) !==
    undefined;
  return { total, unseen: staging.unseenIds().filter(isThere).length };
}
