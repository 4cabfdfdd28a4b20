import type { NewRecord, RecordId, RowFate } from '../store.ts';
import type { Prepared } from './prepared.ts';
import { ReachBuffer } from './reach-buffer.ts';
import { packReach } from './rows.ts';

/** Where the rows of one load go. */
export interface StagingPlace {
  readonly import: number;
  readonly source: number;
  readonly layout: number;
  /** Rows of this load have this id or a greater one. */
  readonly firstRecord: RecordId;
}

interface Staged {
  readonly body: string;
  readonly at: number | null;
}

interface ExistingRow extends Staged {
  readonly id: number;
  readonly import: number;
  readonly layout: number;
  readonly retained_until: string | null;
}

/** Rows of one statement: together they cost a third less than one by one. */
const ROWS_A_STATEMENT = 64;
const VALUES_A_ROW = 6;
const KEYS_A_PAGE = 10_000;

// What is the same in every row stands in the text: each value that is bound costs a tenth of a row.
function insertRecords(rows: number, place: StagingPlace): string {
  const { source, layout, import: id } = place;
  const values = Array(rows).fill(`(?, ${source}, ?, ${layout}, ${id}, ?, 1, 0, ?, ?, ?)`).join(', ');
  return `INSERT OR IGNORE INTO record(id, source, key, layout, import, line, version, missed, at, reach, body) VALUES ${values}`;
}

/** Stores the new rows of a load, stages the changed ones, and knows which earlier ones it has seen. */
export class RecordStaging {
  readonly #sql: Prepared;
  readonly #place: StagingPlace;
  readonly #insertOne: string;
  readonly #insertMany: string;
  readonly #isFirstOfSource: boolean;
  readonly #reach: ReachBuffer;
  readonly #values = new Array<unknown>(ROWS_A_STATEMENT * VALUES_A_ROW);
  readonly #seen: Uint8Array;
  #next: RecordId;
  #last: RecordId = 0;
  #isInOrder = true;

  constructor(sql: Prepared, place: StagingPlace) {
    this.#sql = sql;
    this.#place = place;
    this.#insertOne = insertRecords(1, place);
    this.#insertMany = insertRecords(ROWS_A_STATEMENT, place);
    this.#reach = new ReachBuffer(sql, place.firstRecord);
    this.#next = place.firstRecord;
    this.#isFirstOfSource =
      sql.value('SELECT 1 FROM record WHERE source = ? LIMIT 1', place.source) === undefined;
    this.#seen = new Uint8Array((place.firstRecord >>> 3) + 1);
  }

  /** Whether earlier rows came in the order in which they were first stored. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  /** The id that the next load begins with. */
  get nextRecord(): RecordId {
    return this.#next;
  }

  put(batch: readonly NewRecord[]): RowFate[] {
    const isPlain = this.#isFirstOfSource && batch.every(mayBeStored);
    if (!isPlain) return batch.map((row) => this.#putOne(row));
    const whole = batch.length - (batch.length % ROWS_A_STATEMENT);
    const fates: RowFate[] = [];
    for (let at = 0; at < whole; at += ROWS_A_STATEMENT) this.#putMany(batch, at, fates);
    for (let at = whole; at < batch.length; at += 1) fates.push(this.#putNew(batch[at] as NewRecord));
    return fates;
  }

  /** Writes what reach rows are held back. */
  flush(): void {
    this.#reach.flush();
  }

  isSeen(id: RecordId): boolean {
    return ((this.#seen[id >>> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }

  /** Rows of earlier imports that this load has not seen, retained ones too. */
  unseenIds(): RecordId[] {
    const { source, firstRecord } = this.#place;
    const unseen: RecordId[] = [];
    for (let after: string | undefined = this.#isFirstOfSource ? undefined : ''; after !== undefined; ) {
      const page: RecordId[] = this.#sql.column<RecordId>(
        'SELECT id FROM record WHERE source = ? AND key > ? ORDER BY key LIMIT ?',
        source,
        after,
        KEYS_A_PAGE,
      );
      for (const id of page) if (id < firstRecord && !this.isSeen(id)) unseen.push(id);
      after = this.#sql.value<string>('SELECT key FROM record WHERE id = ?', page.at(-1) ?? 0);
    }
    return unseen;
  }

  #putOne(row: NewRecord): RowFate {
    const existing = this.#existing(row.key);
    if (existing !== undefined) return this.#putExisting(row, existing);
    if (mayBeStored(row)) return this.#putNew(row);
    return row.gated === 'aside' || row.gated === 'known-only' ? 'aside' : 'kept-out';
  }

  #putMany(batch: readonly NewRecord[], from: number, fates: RowFate[]): void {
    const first = this.#next;
    for (let i = 0; i < ROWS_A_STATEMENT; i += 1)
      this.#bind(batch[from + i] as NewRecord, first + i, i * VALUES_A_ROW);
    const added = this.#sql.runAll(this.#insertMany, this.#values);
    this.#next += ROWS_A_STATEMENT;
    for (let i = 0; i < ROWS_A_STATEMENT; i += 1) {
      const row = batch[from + i] as NewRecord;
      const isNew = added === ROWS_A_STATEMENT || this.#isStored(first + i);
      fates.push(
        isNew ? this.#added(row, first + i) : this.#putAgain(row, this.#existing(row.key) as ExistingRow),
      );
    }
  }

  #bind(row: NewRecord, id: RecordId, at: number): void {
    const values = this.#values;
    values[at] = id;
    values[at + 1] = row.key;
    values[at + 2] = row.line;
    values[at + 3] = row.at ?? null;
    values[at + 4] = packReach(row.reach);
    values[at + 5] = row.body;
  }

  #putNew(row: NewRecord): RowFate {
    const id = this.#next;
    this.#bind(row, id, 0);
    if (this.#sql.runAll(this.#insertOne, this.#values.slice(0, VALUES_A_ROW)) === 0) {
      return this.#putAgain(row, this.#existing(row.key) as ExistingRow);
    }
    this.#next += 1;
    return this.#added(row, id);
  }

  #added({ reach }: NewRecord, id: RecordId): RowFate {
    for (let i = 0; i < reach.length; i += 1) {
      if (!isRepeated(reach, i)) this.#reach.add(reach[i] as number, id);
    }
    return 'new';
  }

  #isStored(id: RecordId): boolean {
    return this.#sql.value('SELECT 1 FROM record WHERE id = ?', id) !== undefined;
  }

  #existing(key: string): ExistingRow | undefined {
    return this.#sql.one<ExistingRow>(
      'SELECT id, import, layout, body, at, retained_until FROM record WHERE source = ? AND key = ?',
      this.#place.source,
      key,
    );
  }

  #putExisting(row: NewRecord, existing: ExistingRow): RowFate {
    const { layout } = this.#place;
    if (existing.import === this.#place.import || this.isSeen(existing.id))
      return this.#putAgain(row, existing);
    this.#seen[existing.id >>> 3] = (this.#seen[existing.id >>> 3] ?? 0) | (1 << (existing.id & 7));
    this.#isInOrder &&= existing.id > this.#last;
    this.#last = existing.id;
    if (isKept(row) || existing.retained_until !== null) return 'kept-out';
    if (existing.layout === layout && isSame(row, existing)) return 'same';
    this.#sql.run(
      'INSERT INTO change(import, record, line, layout, at, reach, body) VALUES(?, ?, ?, ?, ?, ?, ?)',
      this.#place.import,
      existing.id,
      row.line,
      layout,
      row.at ?? null,
      packReach(row.reach),
      row.body,
    );
    return 'changed';
  }

  /** A key that this load had before. */
  #putAgain(row: NewRecord, existing: ExistingRow): RowFate {
    if (isKept(row) || existing.retained_until !== null) return 'repeated';
    const change = this.#sql.one<Staged>(
      'SELECT body, at FROM change WHERE import = ? AND record = ?',
      this.#place.import,
      existing.id,
    );
    return isSame(row, change ?? existing) ? 'repeated' : 'contradicted';
  }
}

/** Whether a list has the item at a place before it too. */
function isRepeated(list: ArrayLike<number>, place: number): boolean {
  for (let i = 0; i < place; i += 1) if (list[i] === list[place]) return true;
  return false;
}

function isSame(row: NewRecord, stored: Staged): boolean {
  return stored.body === row.body && stored.at === (row.at ?? null);
}

/** Whether an existing row stays as it is, whatever this one says. */
function isKept({ gated }: NewRecord): boolean {
  return gated !== undefined && gated !== 'known-only';
}

function mayBeStored({ gated }: NewRecord): boolean {
  return gated === undefined || gated === 'cleaned';
}
