import type { Canonical, Json } from '../../base/json.ts';
import type { PlainDate } from '../../base/time.ts';
import type { PolicyVersion } from '../../policy/types.ts';
import type { RegisterKeys, RegisterKind, Registers } from '../registers.ts';
import { hasTag } from '../shelf.ts';
import type {
  AdmittedRecord,
  EventCount,
  Fingerprints,
  ImportCounts,
  NewBlock,
  NewSuppression,
  Overlay,
  ReachDigest,
  RecordId,
  Retention,
  StoredRecord,
  SubjectAnchor,
  SubjectId,
  Suppression,
  Writer,
} from '../store.ts';
import { type Numbered, nextId, setNextId } from './next-id.ts';
import { SqliteReader } from './reader.ts';
import { packReach, type RestrictedBy, restrictedBy, restrictedText, unpackReach } from './rows.ts';

type Facts = { readonly [key: string]: Canonical | undefined };

/** Writes inside one act; what it was told of itself ends up in the act's audit entry. */
export class SqliteWriter extends SqliteReader implements Writer {
  #facts: Facts = {};
  readonly #followed = new Map<string, number[]>();
  #subject: SubjectId | undefined;

  get collectedFacts(): Facts {
    return this.#followed.size === 0
      ? this.#facts
      : { ...this.#facts, followed: Object.fromEntries(this.#followed) };
  }

  /** Whom the act turned out to be about. */
  get collectedSubject(): SubjectId | undefined {
    return this.#subject;
  }

  about(subject: SubjectId): void {
    this.#subject = subject;
  }

  facts(facts: Facts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  followed(request: number, state: string): void {
    const requests = this.#followed.get(state);
    if (requests === undefined) this.#followed.set(state, [request]);
    else requests.push(request);
  }

  async addPolicy(version: PolicyVersion): Promise<void> {
    this.sql.run(
      'INSERT INTO policy(version, digest, applied_at, body, files) VALUES(?, ?, ?, ?, ?)',
      version.version,
      version.digest,
      version.appliedAt,
      version.text,
      JSON.stringify(version.files),
    );
  }

  async setImportCounts(id: number, counts: ImportCounts): Promise<void> {
    this.sql.run('UPDATE import SET counts = ? WHERE id = ?', JSON.stringify(counts), id);
  }

  async addRecord({ source, key, line, at, fields, reach, ...from }: AdmittedRecord): Promise<RecordId> {
    const id = this.#take('record');
    this.sql.run(
      'INSERT INTO record(id, source, key, layout, import, line, version, missed, at, reach, body) VALUES(?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?)',
      id,
      this.sourceOf(source),
      key,
      this.layoutOf([...fields.keys()]),
      from.import,
      line,
      at ?? null,
      packReach([]),
      JSON.stringify([...fields.values()]),
    );
    await this.setReach(id, reach);
    return id;
  }

  async eraseRecords(ids: readonly RecordId[]): Promise<void> {
    if (ids.length === 0) return;
    for (const id of ids) this.#dropReach(id);
    this.sql.run('DELETE FROM record WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
    await this.setBytesPending(true);
  }

  async retainRecord(id: RecordId, keep: readonly string[], retained: Retention): Promise<void> {
    const record = await this.#require(id);
    const columns = [...record.fields.keys()].filter((column) => keep.includes(column));
    const values = columns.map((column) => record.fields.get(column) ?? null);
    this.sql.run(
      'UPDATE record SET key = ?, layout = ?, body = ?, overlays = NULL, restricted = NULL, retained_until = ?, retained_basis = ?, retained_for = ?, version = version + 1 WHERE id = ?',
      retained.keepKey ? record.key : `retained:${id}`,
      this.layoutOf(columns),
      JSON.stringify(values),
      retained.until,
      retained.basis,
      retained.subject,
      id,
    );
    await this.setReach(id, []);
    await this.setBytesPending(true);
  }

  async rewriteRecord(
    id: RecordId,
    changes: ReadonlyMap<string, Json>,
    reach: readonly ReachDigest[],
  ): Promise<void> {
    const record = await this.#require(id);
    const body = [...record.fields].map(([column, value]) =>
      changes.has(column) ? (changes.get(column) ?? null) : value,
    );
    const overlays = record.overlays.filter((overlay) => !changes.has(overlay.field));
    this.sql.run(
      'UPDATE record SET layout = ?, body = ?, overlays = ?, version = version + 1 WHERE id = ?',
      this.layoutOf([...record.fields.keys()]),
      JSON.stringify(body),
      overlays.length === 0 ? null : JSON.stringify(overlays),
      id,
    );
    await this.setReach(id, reach);
    await this.setBytesPending(true);
  }

  async overlayRecord(
    id: RecordId,
    overlays: readonly Overlay[],
    reach: readonly ReachDigest[],
  ): Promise<void> {
    this.sql.run(
      'UPDATE record SET overlays = ?, version = version + 1 WHERE id = ?',
      overlays.length === 0 ? null : JSON.stringify(overlays),
      id,
    );
    await this.setReach(id, reach);
  }

  async stopRecords(ids: readonly RecordId[]): Promise<void> {
    this.#restrict(ids, (row) => ({ ...row, isStopped: true }));
    this.sql.run(
      'UPDATE record SET version = version + 1 WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
  }

  async restrictRecords(ids: readonly RecordId[], restriction: number): Promise<void> {
    this.#restrict(ids, ({ restrictions, ...row }) => ({
      ...row,
      restrictions: [...new Set([...restrictions, restriction])],
    }));
  }

  async releaseRecords(ids: readonly RecordId[], restriction: number): Promise<void> {
    this.#restrict(ids, ({ restrictions, ...row }) => ({
      ...row,
      restrictions: restrictions.filter((one) => one !== restriction),
    }));
  }

  #restrict(ids: readonly RecordId[], change: (row: RestrictedBy) => RestrictedBy): void {
    const rows = this.sql.all<{ id: RecordId; restricted: string | null; missed: number }>(
      'SELECT id, restricted, missed FROM record WHERE retained_until IS NULL AND id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
    for (const { id, restricted, missed } of rows) {
      const after = restrictedText(change(restrictedBy(restricted)), missed);
      if (after !== restricted) this.sql.run('UPDATE record SET restricted = ? WHERE id = ?', after, id);
    }
  }

  async setReach(id: RecordId, reach: readonly ReachDigest[]): Promise<void> {
    this.#dropReach(id);
    for (const digest of reach)
      this.sql.run('INSERT OR IGNORE INTO reach(digest, record) VALUES(?, ?)', digest, id);
    this.sql.run('UPDATE record SET reach = ? WHERE id = ?', packReach(reach), id);
  }

  async replaceBlock(
    id: number,
    block: Pick<NewBlock, 'lines' | 'minAt' | 'maxAt' | 'tags' | 'body'> | undefined,
  ): Promise<void> {
    if (block === undefined) this.sql.run('DELETE FROM block WHERE id = ?', id);
    else {
      this.sql.run(
        'UPDATE block SET lines = ?, min_at = ?, max_at = ?, tags = ?, body = ? WHERE id = ?',
        block.lines,
        block.minAt,
        block.maxAt,
        block.tags,
        block.body,
        id,
      );
    }
    await this.setBytesPending(true);
  }

  async dropBlocksBefore(
    source: string,
    day: number,
    spare: ReadonlySet<number>,
  ): Promise<{ readonly lines: number; readonly toFilter: readonly number[] }> {
    const rows = this.sql.all<{ id: number; lines: number; shelf: number; tags: Uint8Array | null }>(
      `SELECT b.id, b.lines, b.shelf, CASE WHEN b.shelf IN (SELECT value FROM json_each(?)) THEN b.tags END AS tags FROM block b
       WHERE b.source = (SELECT id FROM source WHERE name = ?) AND b.day < ? AND b.import NOT IN (SELECT id FROM import WHERE state = 'loading')`,
      JSON.stringify([...new Set([...spare].map((tag) => tag >>> 24))]),
      source,
      day,
    );
    const spared = (row: { shelf: number; tags: Uint8Array | null }) =>
      row.tags !== null &&
      [...spare].some((tag) => tag >>> 24 === row.shelf && hasTag(row.tags as Uint8Array, tag));
    const drop = rows.filter((row) => !spared(row));
    this.sql.run(
      'DELETE FROM block WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(drop.map((row) => row.id)),
    );
    if (drop.length > 0) await this.setBytesPending(true);
    return {
      lines: drop.reduce((sum, row) => sum + row.lines, 0),
      toFilter: rows.filter(spared).map((row) => row.id),
    };
  }

  async addEventCounts(counts: readonly EventCount[]): Promise<void> {
    for (const { source, hour, path, status, count } of counts) {
      this.sql.run(
        `INSERT INTO event_count(source, hour, path, status, count) VALUES((SELECT id FROM source WHERE name = ?), ?, ?, ?, ?)
         ON CONFLICT(source, hour, path, status) DO UPDATE SET count = count + excluded.count`,
        source,
        hour,
        path,
        status,
        count,
      );
    }
  }

  async dropRejectsBefore(date: PlainDate): Promise<number> {
    const dropped = this.sql.run('DELETE FROM reject WHERE expires_on < ?', date);
    if (dropped > 0) await this.setBytesPending(true);
    return dropped;
  }

  async filterRejects(keep: (raw: string) => boolean): Promise<number> {
    const rows = this.sql.all<{ import: number; nth: number; raw: string }>(
      'SELECT import, nth, raw FROM reject',
    );
    const drop = rows.filter((row) => !keep(row.raw));
    for (const row of drop)
      this.sql.run('DELETE FROM reject WHERE import = ? AND nth = ?', row.import, row.nth);
    if (drop.length > 0) await this.setBytesPending(true);
    return drop.length;
  }

  async addSubject(subject: SubjectAnchor): Promise<SubjectId> {
    const known = await this.subjectOf(subject.anchor);
    if (known !== undefined) return known;
    const id = this.#take('subject');
    this.sql.run('INSERT INTO subject(id, anchor, hint) VALUES(?, ?, ?)', id, subject.anchor, subject.hint);
    return id;
  }

  async addSuppressions(entries: readonly NewSuppression[]): Promise<void> {
    for (const { tag, digest, kind, subject, reason, request, since, until } of entries) {
      this.sql.run(
        'INSERT INTO suppression(id, tag, digest, kind, subject, reason, request, since, until) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)',
        this.#take('suppression'),
        tag,
        digest,
        kind,
        subject,
        reason,
        request,
        since,
        until ?? null,
      );
    }
  }

  async putSuppression({
    id,
    until,
    admitted,
  }: Pick<Suppression, 'id' | 'until' | 'admitted'>): Promise<void> {
    this.sql.run(
      'UPDATE suppression SET until = ?, admitted_row = ?, admitted_at = ? WHERE id = ?',
      until ?? null,
      admitted?.row ?? null,
      admitted?.at ?? null,
      id,
    );
  }

  async dropSuppressions(ids: readonly number[]): Promise<void> {
    if (ids.length > 0) setNextId(this.sql, 'suppression', nextId(this.sql, 'suppression'));
    this.#deleteById('suppression', 'id', ids);
    if (ids.length > 0) await this.setBytesPending(true);
  }

  async putFingerprints({ request, subject, packed, tags }: Fingerprints): Promise<void> {
    this.sql.run(
      'INSERT OR REPLACE INTO fingerprint(request, subject, packed, tags) VALUES(?, ?, ?, ?)',
      request,
      subject,
      packed,
      JSON.stringify(tags),
    );
  }

  async dropFingerprints(requests: readonly number[]): Promise<void> {
    this.#deleteById('fingerprint', 'request', requests);
    if (requests.length > 0) await this.setBytesPending(true);
  }

  async add<K extends RegisterKind>(kind: K, entry: Omit<Registers[K], 'id'>): Promise<Registers[K]> {
    const id = this.#take(kind);
    const whole = { ...entry, id } as unknown as Registers[K];
    this.sql.run(
      'INSERT INTO register(kind, id, state, subject, request, due_on, mark, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)',
      kind,
      id,
      whole.state,
      ...keysOfEntry(whole),
      JSON.stringify(whole),
    );
    return whole;
  }

  async put<K extends RegisterKind>(kind: K, entry: Registers[K]): Promise<void> {
    this.sql.run(
      'UPDATE register SET state = ?, subject = ?, request = ?, due_on = ?, mark = ?, body = ? WHERE kind = ? AND id = ?',
      entry.state,
      ...keysOfEntry(entry),
      JSON.stringify(entry),
      kind,
      entry.id,
    );
  }

  async remove(kind: RegisterKind, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    setNextId(this.sql, kind, nextId(this.sql, kind));
    this.sql.run(
      'DELETE FROM register WHERE kind = ? AND id IN (SELECT value FROM json_each(?))',
      kind,
      JSON.stringify(ids),
    );
    await this.setBytesPending(true);
  }

  async forget({
    requests = [],
    subjects = [],
  }: {
    readonly requests?: readonly number[];
    readonly subjects?: readonly SubjectId[];
  }): Promise<void> {
    if (requests.length + subjects.length === 0) return;
    const ended = JSON.stringify(requests);
    this.sql.run(
      'UPDATE suppression SET request = 0 WHERE request IN (SELECT value FROM json_each(?))',
      ended,
    );
    this.sql.run(
      `DELETE FROM audit_nonce WHERE (SELECT a.entry ->> '$.request' FROM audit a WHERE a.seq = audit_nonce.seq AND json_valid(a.entry))
       IN (SELECT value FROM json_each(?))`,
      ended,
    );
    await this.dropFingerprints(requests);
    setNextId(this.sql, 'subject', nextId(this.sql, 'subject'));
    this.#deleteById('audit_nonce', 'subject', subjects);
    this.#deleteById('subject', 'id', subjects);
    await this.setBytesPending(true);
  }

  #take(kind: Numbered): number {
    const id = nextId(this.sql, kind);
    setNextId(this.sql, kind, id + 1);
    return id;
  }

  #deleteById(
    table: 'suppression' | 'fingerprint' | 'audit_nonce' | 'subject',
    column: 'id' | 'request' | 'subject',
    ids: readonly number[],
  ): void {
    if (ids.length === 0) return;
    this.sql.run(
      `DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    );
  }

  async setOrigin(origin: string): Promise<void> {
    this.sql.run("INSERT OR REPLACE INTO meta(name, value) VALUES('origin', ?)", origin);
  }

  async setBytesPending(pending: boolean): Promise<void> {
    this.sql.run(
      "UPDATE meta SET value = ? WHERE name = 'bytes_pending' AND value <> ?",
      pending ? 1 : 0,
      pending ? 1 : 0,
    );
  }

  /** The id of a list of column names, stored once. */
  layoutOf(columns: readonly string[]): number {
    const text = JSON.stringify(columns);
    const known = this.sql.value<number>('SELECT id FROM layout WHERE columns = ?', text);
    return known ?? this.sql.insert('INSERT INTO layout(columns) VALUES(?)', text);
  }

  /** The id of a source name, stored once. */
  sourceOf(name: string): number {
    const known = this.sql.value<number>('SELECT id FROM source WHERE name = ?', name);
    return known ?? this.sql.insert('INSERT INTO source(name) VALUES(?)', name);
  }

  async #require(id: RecordId): Promise<StoredRecord> {
    const record = await this.record(id);
    if (record === undefined) throw new Error(`record ${id} is gone`);
    return record;
  }

  #dropReach(id: RecordId): void {
    const packed = this.sql.value<Uint8Array>('SELECT reach FROM record WHERE id = ?', id);
    if (packed === undefined) return;
    for (const digest of unpackReach(packed))
      this.sql.run('DELETE FROM reach WHERE digest = ? AND record = ?', digest, id);
  }
}

/** What entries are looked up by: subject, request, day on which somebody has to act, mark. */
function keysOfEntry(entry: Registers[RegisterKind]): (string | number | null)[] {
  const { subject, request, attentionOn, mark }: RegisterKeys = entry;
  return [subject ?? null, request ?? null, attentionOn ?? null, mark ?? null];
}
