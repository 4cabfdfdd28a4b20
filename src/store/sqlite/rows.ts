import type { Json } from '../../base/json.ts';
import type {
  ImportCounts,
  ImportRow,
  Overlay,
  ReachDigest,
  StoredBlock,
  StoredRecord,
  Suppression,
} from '../store.ts';

/** SQL row shapes, and their way into the Store's shapes. `null` ends here. */

export interface RecordRow {
  readonly id: number;
  readonly source: string;
  readonly key: string;
  readonly layout: number;
  readonly import: number;
  readonly line: number;
  readonly version: number;
  readonly restricted: string | null;
  readonly missed: number;
  readonly at: number | null;
  readonly retained_until: string | null;
  readonly retained_basis: string | null;
  readonly retained_for: number | null;
  readonly overlays: string | null;
  readonly body: string;
}

export const RECORD_COLUMNS =
  'r.id, s.name AS source, r.key, r.layout, r.import, r.line, r.version, r.restricted, r.missed, r.at, r.retained_until, r.retained_basis, r.retained_for, r.overlays, r.body';

export function fieldsOf(columns: readonly string[], body: string): Map<string, Json> {
  const values = JSON.parse(body) as readonly Json[];
  return new Map(columns.map((column, index) => [column, values[index] ?? null]));
}

export function overlaysOf(text: string | null): readonly Overlay[] {
  return text === null ? [] : (JSON.parse(text) as Overlay[]);
}

export type RestrictedBy = NonNullable<StoredRecord['restrictedBy']>;

/** What the column `restricted` says: `vanished`, or `ordered` for a stop and the numbers of restrictions. */
export function restrictedBy(text: string | null): RestrictedBy {
  const words = text?.split(' ') ?? [];
  const restrictions = words.map(Number).filter(Number.isInteger);
  return { isStopped: words.includes('ordered'), restrictions };
}

/** The column `restricted` of a row that so many snapshots have lacked. */
export function restrictedText({ isStopped, restrictions }: RestrictedBy, missed: number): string | null {
  const words = [...(isStopped ? ['ordered'] : []), ...restrictions.map(String)];
  if (words.length > 0) return words.join(' ');
  return missed > 0 ? 'vanished' : null;
}

export function recordOf(row: RecordRow, columns: readonly string[]): StoredRecord {
  const overlays = overlaysOf(row.overlays);
  const fields = fieldsOf(columns, row.body);
  for (const overlay of overlays) fields.set(overlay.field, overlay.new);
  const retained =
    row.retained_until === null
      ? undefined
      : { until: row.retained_until, basis: row.retained_basis ?? '', subject: row.retained_for ?? 0 };
  return {
    id: row.id,
    source: row.source,
    key: row.key,
    version: row.version,
    state: retained !== undefined ? 'retained' : row.restricted !== null ? 'restricted' : 'active',
    ...(row.restricted === null || row.restricted === 'vanished'
      ? {}
      : { restrictedBy: restrictedBy(row.restricted) }),
    import: row.import,
    line: row.line,
    at: row.at ?? undefined,
    missed: row.missed,
    retained,
    overlays,
    fields,
  };
}

export interface BlockRow {
  readonly id: number;
  readonly source: string;
  readonly import: number;
  readonly shelf: number;
  readonly day: number;
  readonly lines: number;
  readonly min_at: number;
  readonly max_at: number;
  readonly tags: Uint8Array;
  readonly body: Uint8Array;
}

export const BLOCK_COLUMNS =
  'b.id, s.name AS source, b.import, b.shelf, b.day, b.lines, b.min_at, b.max_at, b.tags, b.body';

export function blockOf(row: BlockRow): StoredBlock {
  const { min_at: minAt, max_at: maxAt, ...rest } = row;
  return { ...rest, minAt, maxAt };
}

export interface ImportSqlRow {
  readonly id: number;
  readonly source: string;
  readonly state: 'loading' | 'published';
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly head: string;
  readonly taken_at: string;
  readonly loaded_at: string;
  readonly policy_version: number;
  readonly continues: number | null;
  readonly min_at: number | null;
  readonly max_at: number | null;
  readonly counts: string;
}

export function importOf(row: ImportSqlRow): ImportRow {
  return {
    id: row.id,
    source: row.source,
    state: row.state,
    file: row.file,
    sha256: row.sha256,
    bytes: row.bytes,
    head: row.head,
    takenAt: row.taken_at,
    loadedAt: row.loaded_at,
    policyVersion: row.policy_version,
    continues: row.continues ?? undefined,
    minAt: row.min_at ?? undefined,
    maxAt: row.max_at ?? undefined,
    counts: JSON.parse(row.counts) as ImportCounts,
  };
}

export interface SuppressionRow extends Omit<Suppression, 'until' | 'admitted'> {
  readonly tag: number;
  readonly digest: Uint8Array;
  readonly until: string | null;
  readonly admitted_row: string | null;
  readonly admitted_at: string | null;
}

export const SUPPRESSION_COLUMNS =
  'id, kind, subject, reason, request, since, tag, digest, until, admitted_row, admitted_at';

export function suppressionOf(row: SuppressionRow) {
  const { until, admitted_row: admittedRow, admitted_at: at, ...rest } = row;
  return {
    ...rest,
    until: until ?? undefined,
    admitted: admittedRow === null || at === null ? undefined : { row: admittedRow, at },
  };
}

/** Reach digests as they lie beside their record: eight bytes each. */
export function packReach(digests: ArrayLike<ReachDigest>): Uint8Array {
  const packed = digests instanceof Float64Array ? digests : Float64Array.from(digests);
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
}

export function unpackReach(packed: Uint8Array): readonly ReachDigest[] {
  const aligned = packed.slice();
  return [...new Float64Array(aligned.buffer, 0, aligned.length / 8)];
}
