import { statSync } from 'node:fs';
import { NO_DAY, type PlainDate } from '../../base/time.ts';
import type { PolicyFiles, PolicyVersion } from '../../policy/types.ts';
import type { RegisterKind, Registers, Request } from '../registers.ts';
import { hasTag } from '../shelf.ts';
import type {
  AuditPage,
  AuditRow,
  BlockFilter,
  DueFilter,
  EntryFilter,
  EventCount,
  Fingerprints,
  ImportRow,
  LedgerInfo,
  PolicyInForce,
  ReachDigest,
  Reader,
  RecordFilter,
  RecordId,
  RegisterRow,
  SourceFigures,
  StoredBlock,
  StoredRecord,
  StoredReject,
  SubjectAnchor,
  SubjectId,
  Suppression,
} from '../store.ts';
import { auditHead, auditLeaves, auditPage, auditRows } from './audit.ts';
import { nextId } from './next-id.ts';
import type { Prepared } from './prepared.ts';
import type { BlockRow, ImportSqlRow, RecordRow } from './rows.ts';
import {
  BLOCK_COLUMNS,
  blockOf,
  importOf,
  RECORD_COLUMNS,
  recordOf,
  SUPPRESSION_COLUMNS,
  type SuppressionRow,
  suppressionOf,
} from './rows.ts';

const PUBLISHED = "import NOT IN (SELECT id FROM import WHERE state = 'loading')";
const RECORDS = `SELECT ${RECORD_COLUMNS} FROM record r JOIN source s ON s.id = r.source WHERE r.${PUBLISHED}`;
const BLOCKS = `SELECT ${BLOCK_COLUMNS} FROM block b JOIN source s ON s.id = b.source`;

const POLICY_COLUMNS = 'version, digest, applied_at AS appliedAt, body AS text, files';
type PolicyRow = Omit<PolicyVersion, 'files'> & { readonly files: string };

/** The columns of `register` that a filter may name, each with its index `register_…`; what leaves the fewest entries first. */
const ENTRY_KEYS = ['mark', 'request', 'subject', 'state'] as const satisfies readonly (keyof EntryFilter)[];

/** Reads of one connection; `path` is the ledger's file. */
export class SqliteReader implements Reader {
  protected readonly sql: Prepared;
  readonly #path: string;
  readonly #layouts = new Map<number, readonly string[]>();

  constructor(sql: Prepared, path: string) {
    this.sql = sql;
    this.#path = path;
  }

  async policies(): Promise<readonly PolicyVersion[]> {
    return this.sql.all<PolicyRow>(`SELECT ${POLICY_COLUMNS} FROM policy ORDER BY version`).map(policyOf);
  }

  async policyInForce(): Promise<PolicyInForce | undefined> {
    const row = this.sql.one<PolicyRow & { readonly compiled: string | null }>(
      `SELECT ${POLICY_COLUMNS}, compiled FROM policy ORDER BY version DESC LIMIT 1`,
    );
    return row === undefined ? undefined : { ...policyOf(row), compiled: row.compiled ?? undefined };
  }

  async imports(): Promise<readonly ImportRow[]> {
    const rows = this.sql.all<ImportSqlRow>(
      "SELECT i.*, s.name AS source FROM import i JOIN source s ON s.id = i.source WHERE i.state = 'published' ORDER BY i.id",
    );
    return rows.map(importOf);
  }

  async rejects(importId: number): Promise<readonly StoredReject[]> {
    return this.sql.all<StoredReject>(
      'SELECT import, line, reason, raw, expires_on AS expiresOn FROM reject WHERE import = ? ORDER BY line, nth',
      importId,
    );
  }

  async record(id: RecordId): Promise<StoredRecord | undefined> {
    return this.toRecord(this.sql.one<RecordRow>(`${RECORDS} AND r.id = ?`, id));
  }

  async records(ids: readonly RecordId[]): Promise<readonly StoredRecord[]> {
    return this.toRecords(
      this.sql.all<RecordRow>(
        `${RECORDS} AND r.id IN (SELECT value FROM json_each(?)) ORDER BY r.id`,
        JSON.stringify(ids),
      ),
    );
  }

  async recordByKey(source: string, key: string): Promise<StoredRecord | undefined> {
    return this.toRecord(this.sql.one<RecordRow>(`${RECORDS} AND s.name = ? AND r.key = ?`, source, key));
  }

  async recordsReached(
    digests: readonly ReachDigest[],
    limit = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly StoredRecord[]> {
    const ids = this.sql.all<{ record: number }>(
      `SELECT DISTINCT record FROM reach JOIN record ON record.id = reach.record
       WHERE digest IN (SELECT value FROM json_each(?)) AND record.${PUBLISHED} LIMIT ?`,
      JSON.stringify(digests),
      limit,
    );
    return this.records(ids.map((row) => row.record));
  }

  async recordsTagged(tags: readonly number[]): Promise<readonly RecordId[]> {
    return this.sql.column<number>(
      'SELECT DISTINCT record FROM reach WHERE (digest & 4294967295) IN (SELECT value FROM json_each(?)) ORDER BY record',
      JSON.stringify(tags),
    );
  }

  async recordsRetainedFor(subject: SubjectId): Promise<readonly StoredRecord[]> {
    return this.toRecords(
      this.sql.all<RecordRow>(`${RECORDS} AND r.retained_for = ? ORDER BY r.id`, subject),
    );
  }

  async listRecords(filter: RecordFilter, after: RecordId, limit: number): Promise<readonly StoredRecord[]> {
    const { where, values } = recordConditions(filter);
    return this.toRecords(
      this.sql.all<RecordRow>(
        `${RECORDS}${where} AND r.id > ? ORDER BY r.id LIMIT ?`,
        ...values,
        after,
        limit,
      ),
    );
  }

  async blocksTagged(source: string, tag: number): Promise<readonly StoredBlock[]> {
    const rows = this.sql.all<{ id: number; tags: Uint8Array }>(
      `SELECT b.id, b.tags FROM block b WHERE b.source = (SELECT id FROM source WHERE name = ?) AND b.shelf = ? AND b.${PUBLISHED}`,
      source,
      tag >>> 24,
    );
    return rows
      .filter((row) => hasTag(row.tags, tag))
      .map((row) => blockOf(this.sql.one<BlockRow>(`${BLOCKS} WHERE b.id = ?`, row.id) as BlockRow));
  }

  async blocks(filter: BlockFilter, after: number, limit: number): Promise<readonly StoredBlock[]> {
    return this.blocksWhere(`b.${PUBLISHED}`, filter, after, limit);
  }

  /** Blocks under one more condition of dsr's own. */
  blocksWhere(condition: string, filter: BlockFilter, after: number, limit: number): readonly StoredBlock[] {
    return this.sql
      .all<BlockRow>(
        `${BLOCKS} WHERE ${condition} AND s.name = ? AND (? IS NULL OR b.import = ?) AND b.day BETWEEN ? AND ? AND b.id > ? ORDER BY b.id LIMIT ?`,
        filter.source,
        filter.import ?? null,
        filter.import ?? null,
        filter.fromDay ?? -Number.MAX_SAFE_INTEGER,
        filter.toDay ?? Number.MAX_SAFE_INTEGER,
        after,
        limit,
      )
      .map(blockOf);
  }

  async countLinesBefore(source: string, day: number): Promise<number> {
    return (
      this.sql.value<number>(
        `SELECT coalesce(sum(b.lines), 0) FROM block b WHERE b.source = (SELECT id FROM source WHERE name = ?) AND b.day < ? AND b.${PUBLISHED}`,
        source,
        day,
      ) ?? 0
    );
  }

  async eventCounts(source?: string): Promise<readonly EventCount[]> {
    return this.sql.all<EventCount>(
      'SELECT s.name AS source, c.hour, c.path, c.status, c.count FROM event_count c JOIN source s ON s.id = c.source WHERE ? IS NULL OR s.name = ? ORDER BY s.name, c.hour, c.path, c.status',
      source ?? null,
      source ?? null,
    );
  }

  async subjectOf(anchor: Uint8Array): Promise<SubjectId | undefined> {
    return this.sql.value<number>('SELECT id FROM subject WHERE anchor = ?', anchor);
  }

  async subject(id: SubjectId): Promise<SubjectAnchor | undefined> {
    return this.sql.one<SubjectAnchor>('SELECT anchor, hint FROM subject WHERE id = ?', id);
  }

  async subjects(): Promise<readonly SubjectId[]> {
    return this.sql.column<number>('SELECT id FROM subject ORDER BY id');
  }

  async subjectsHinted(
    hints: readonly ReachDigest[],
  ): Promise<readonly (SubjectAnchor & { readonly id: SubjectId })[]> {
    return this.sql.all(
      'SELECT id, anchor, hint FROM subject WHERE hint IN (SELECT value FROM json_each(?)) ORDER BY id',
      JSON.stringify(hints),
    );
  }

  async suppressionsTagged(tag: number): Promise<readonly (Suppression & { readonly digest: Uint8Array })[]> {
    const rows = this.sql.all<SuppressionRow>(
      `SELECT ${SUPPRESSION_COLUMNS} FROM suppression WHERE tag = ? ORDER BY id`,
      tag,
    );
    return rows.map(suppressionOf);
  }

  async suppressions(
    after: number,
    limit: number,
  ): Promise<readonly (Suppression & { readonly tag: number; readonly digest: Uint8Array })[]> {
    const rows = this.sql.all<SuppressionRow>(
      `SELECT ${SUPPRESSION_COLUMNS} FROM suppression WHERE id > ? ORDER BY id LIMIT ?`,
      after,
      limit,
    );
    return rows.map(suppressionOf);
  }

  async fingerprints(requests?: readonly number[]): Promise<readonly Fingerprints[]> {
    const where = requests === undefined ? '' : ' WHERE request IN (SELECT value FROM json_each(?))';
    const rows = this.sql.all<Omit<Fingerprints, 'tags'> & { readonly tags: string }>(
      `SELECT request, subject, packed, tags FROM fingerprint${where} ORDER BY request`,
      ...(requests === undefined ? [] : [JSON.stringify(requests)]),
    );
    return rows.map(({ tags, ...row }) => ({ ...row, tags: JSON.parse(tags) as readonly number[] }));
  }

  async suppressionsOf(subject: SubjectId): Promise<readonly Suppression[]> {
    const rows = this.sql.all<SuppressionRow>(
      `SELECT ${SUPPRESSION_COLUMNS} FROM suppression WHERE subject = ? ORDER BY id`,
      subject,
    );
    return rows.map(suppressionOf);
  }

  async entry<K extends RegisterKind>(kind: K, id: number): Promise<Registers[K] | undefined> {
    const body = this.sql.value<string>('SELECT body FROM register WHERE kind = ? AND id = ?', kind, id);
    return body === undefined ? undefined : (JSON.parse(body) as Registers[K]);
  }

  async entries<K extends RegisterKind>(kind: K, filter: EntryFilter = {}): Promise<readonly Registers[K][]> {
    const given = ENTRY_KEYS.filter((key) => filter[key] !== undefined);
    const where = given.map((column) => ` AND ${column} = ?`).join('');
    const values = given.map((key) => filter[key]);
    return this.#bodies(given[0], `kind = ?${where} ORDER BY id`, kind, ...values);
  }

  async entriesDue<K extends RegisterKind>(
    kind: K,
    limit: number,
    { by = NO_DAY, state }: DueFilter = {},
  ): Promise<readonly Registers[K][]> {
    const [where, ...values] = stateCondition(state);
    return this.#bodies(
      state === undefined ? 'due' : 'state',
      `kind = ?${where} AND due_on IS NOT NULL AND due_on <= ? ORDER BY due_on, id LIMIT ?`,
      kind,
      ...values,
      by,
      limit,
    );
  }

  async entriesAtRest<K extends RegisterKind>(
    kind: K,
    limit: number,
    { state }: Pick<DueFilter, 'state'> = {},
  ): Promise<readonly Registers[K][]> {
    const [where, ...values] = stateCondition(state);
    return this.#bodies(
      state === undefined ? undefined : 'state',
      `kind = ?${where} AND due_on IS NULL ORDER BY id DESC LIMIT ?`,
      kind,
      ...values,
      limit,
    );
  }

  async countDue(
    kind: RegisterKind,
  ): Promise<readonly { readonly day: PlainDate; readonly count: number }[]> {
    return this.sql.all(
      'SELECT due_on AS day, count(*) AS count FROM register WHERE kind = ? AND due_on IS NOT NULL GROUP BY due_on ORDER BY due_on',
      kind,
    );
  }

  async requestsCovering(subject: SubjectId): Promise<readonly Request[]> {
    const covering = this.#bodies<Request>(
      'covering',
      "kind = 'request' AND body -> '$.alsoSubjects' IS NOT NULL ORDER BY id",
    );
    return covering.filter(({ alsoSubjects }) => alsoSubjects?.includes(subject));
  }

  async countEntries(kind: RegisterKind): Promise<Readonly<Record<string, number>>> {
    const rows = this.sql.all<{ state: string; count: number }>(
      'SELECT state, count(*) AS count FROM register WHERE kind = ? GROUP BY state ORDER BY state',
      kind,
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async registered(): Promise<readonly RegisterRow[]> {
    const rows = this.sql.all<{
      kind: RegisterKind;
      id: number;
      subject: number | null;
      request: number | null;
    }>('SELECT kind, id, subject, request FROM register ORDER BY kind, id');
    return rows.map(({ kind, id, subject, request }) => ({
      kind,
      id,
      subject: subject ?? undefined,
      request: request ?? undefined,
    }));
  }

  async isSpent(kind: RegisterKind, id: number): Promise<boolean> {
    return id > 0 && id < nextId(this.sql, kind) && (await this.entry(kind, id)) === undefined;
  }

  async auditRows(after: number, limit: number): Promise<readonly AuditRow[]> {
    return auditRows(this.sql, after, limit);
  }

  async auditPage(after: number, limit: number): Promise<AuditPage> {
    return auditPage(this.sql, after, limit);
  }

  async auditHead(): Promise<{ readonly size: number; readonly root: string }> {
    return auditHead(this.sql);
  }

  async auditLeaves(after: number, to: number): Promise<Uint8Array> {
    return auditLeaves(this.sql, after, to);
  }

  async auditNonce(
    seq: number,
  ): Promise<{ readonly nonce: Uint8Array; readonly subject: SubjectId } | undefined> {
    return this.sql.one('SELECT nonce, subject FROM audit_nonce WHERE seq = ?', seq);
  }

  async figures(): Promise<readonly SourceFigures[]> {
    return this.sql
      .all<Omit<SourceFigures, 'oldestAt' | 'newestAt'> & { oldest: number | null; newest: number | null }>(
        FIGURES,
      )
      .map(({ oldest, newest, ...row }) => ({
        ...row,
        oldestAt: oldest ?? undefined,
        newestAt: newest ?? undefined,
      }));
  }

  async info(): Promise<LedgerInfo> {
    const meta = new Map(
      this.sql
        .all<{ name: string; value: string | number }>('SELECT name, value FROM meta')
        .map((row) => [row.name, row.value]),
    );
    return {
      id: String(meta.get('ledger')),
      origin: String(meta.get('origin') ?? `dsr.ledger/${meta.get('ledger')}`),
      rehearsal: meta.get('rehearsal') === 1,
      createdAt: String(meta.get('created_at')),
      epoch: Number(meta.get('epoch')),
      bytesPending: meta.get('bytes_pending') === 1,
      fileBytes: statSync(this.#path).size,
    };
  }

  /** Without figures of what is stored, SQLite reads a whole register sooner than to use an index: it is told which. */
  #bodies<Entry>(
    index: (typeof ENTRY_KEYS)[number] | 'due' | 'covering' | undefined,
    condition: string,
    ...values: readonly unknown[]
  ): readonly Entry[] {
    const by = index === undefined ? '' : ` INDEXED BY register_${index}`;
    const bodies = this.sql.column<string>(`SELECT body FROM register${by} WHERE ${condition}`, ...values);
    return bodies.map((body) => JSON.parse(body) as Entry);
  }

  protected toRecord(row: RecordRow | undefined): StoredRecord | undefined {
    return row === undefined ? undefined : recordOf(row, this.columnsOf(row.layout));
  }

  protected toRecords(rows: readonly RecordRow[]): StoredRecord[] {
    return rows.map((row) => recordOf(row, this.columnsOf(row.layout)));
  }

  protected columnsOf(layout: number): readonly string[] {
    let columns = this.#layouts.get(layout);
    if (columns === undefined) {
      columns = JSON.parse(
        this.sql.value<string>('SELECT columns FROM layout WHERE id = ?', layout) ?? '[]',
      ) as string[];
      this.#layouts.set(layout, columns);
    }
    return columns;
  }
}

const FIGURES = `
SELECT s.name AS source,
  coalesce(r.records, 0) AS records, coalesce(r.restricted, 0) AS restricted, coalesce(r.retained, 0) AS retained, coalesce(r.undated, 0) AS undated,
  coalesce(b.events, 0) AS events,
  CASE WHEN r.oldest IS NULL THEN b.oldest ELSE r.oldest END AS oldest, CASE WHEN r.newest IS NULL THEN b.newest ELSE r.newest END AS newest
FROM source s
LEFT JOIN (SELECT source, count(*) AS records, sum(restricted IS NOT NULL AND retained_until IS NULL) AS restricted, sum(retained_until IS NOT NULL) AS retained,
    sum(at IS NULL AND retained_until IS NULL) AS undated,
    min(at) AS oldest, max(at) AS newest FROM record WHERE ${PUBLISHED} GROUP BY source) r ON r.source = s.id
LEFT JOIN (SELECT source, sum(lines) AS events, min(min_at) AS oldest, max(max_at) AS newest FROM block WHERE ${PUBLISHED} GROUP BY source) b ON b.source = s.id
ORDER BY s.name`;

function policyOf({ version, digest, appliedAt, text, files }: PolicyRow): PolicyVersion {
  return { version, digest, appliedAt, text, files: JSON.parse(files) as PolicyFiles };
}

function stateCondition(state: string | undefined): readonly [where: string, ...values: string[]] {
  return state === undefined ? [''] : [' AND state = ?', state];
}

function recordConditions(filter: RecordFilter): {
  readonly where: string;
  readonly values: readonly unknown[];
} {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, ...more: unknown[]) => {
    conditions.push(` AND ${condition}`);
    values.push(...more);
  };
  if (filter.source !== undefined) add('s.name = ?', filter.source);
  if (filter.state === 'active') add('r.retained_until IS NULL AND r.restricted IS NULL');
  if (filter.state === 'restricted') add('r.retained_until IS NULL AND r.restricted IS NOT NULL');
  if (filter.state === 'retained') add('r.retained_until IS NOT NULL');
  if (filter.before !== undefined) add('r.at < ?', filter.before);
  if (filter.retainedUntilBefore !== undefined) add('r.retained_until < ?', filter.retainedUntilBefore);
  if (filter.missedAtLeast !== undefined) add('r.missed >= ?', filter.missedAtLeast);
  return { where: conditions.join(''), values };
}
