import type { Json } from '../base/json.ts';
import type { Sighting } from '../duties/verdict.ts';
import { maskCards } from '../formats/cards.ts';
import type { BadRow, HeaderPlace, TableItem, TableRow } from '../formats/rows.ts';
import type { ReachHasher } from '../people/digests.ts';
import { compileReach, type RowValues } from '../people/identities.ts';
import type { DateColumn, Policy, TableSource } from '../policy/types.ts';
import type { NewRecord, NewReject, ReachDigest } from '../store/store.ts';
import type { AsideMark } from './aside.ts';
import { fitColumns, type Positions, shownName } from './columns.ts';
import type { Gate } from './gate.ts';
import { rawOfBad, rawOfValues, SUPPRESSED_NOTE } from './reject-raw.ts';
import { type CellDate, compileCellDate } from './row-date.ts';
import { type Passage, RowGate } from './row-gate.ts';
import type { RowWatch } from './row-watch.ts';

/** What rows came to; every row read is in one of the three. */
export interface RowSink {
  readonly records: NewRecord[];
  readonly rejects: NewReject[];
  /** Of the records that are gated as `aside` or `known-only`. */
  readonly aside: AsideMark[];
  /** Rows of suppressed people that have no key, so that not even their being there can be noted. */
  suppressed: number;
  /** Rows that have an order. */
  readonly sightings: Sighting[];
  /** Rows of which nobody knows the key. */
  keyless: number;
}

export interface RowMapping {
  readonly file: string;
  /** Where the file has its header, once it was read. */
  readonly header: () => HeaderPlace | undefined;
  readonly source: TableSource;
  readonly policy: Policy;
  readonly hasher: ReachHasher;
  readonly gate: Gate;
  readonly watch: RowWatch;
}

interface MappedRow {
  readonly line: number;
  readonly values: readonly Json[];
  /** The values as JSON. */
  readonly body: string;
  readonly reach: readonly ReachDigest[];
  readonly key: string | undefined;
  /** NaN where its date cannot be read. */
  readonly at: number | undefined;
  readonly passage: Passage;
}

interface Dated {
  readonly column: string;
  readonly position: number;
  readonly read: CellDate;
}

/** Turns the rows of one file into what the ledger stores: mapped, dated, masked, hashed, past the gate. */
export class RowMapper {
  readonly #mapping: RowMapping;
  readonly #reach: (values: RowValues) => readonly ReachDigest[];
  readonly #gate: RowGate;
  readonly #key: readonly number[];
  readonly #date: Dated | undefined;
  readonly #otherDates: readonly Dated[];
  /** Places of the columns in which a card number may stand. */
  readonly #maskable: readonly number[];
  /** Whether all values are texts that stand in the row as they are. */
  readonly #isText: boolean;
  #columns: readonly string[] | undefined;
  readonly #present = new Set<string>();
  #positions: Positions = [];
  /** Whether the file has just the columns that are stored, in their order. */
  #isInOrder = false;

  constructor(mapping: RowMapping) {
    const { source, policy, hasher, gate } = mapping;
    this.#mapping = mapping;
    this.#reach = compileReach(source, policy, hasher);
    this.#gate = new RowGate(source, policy, hasher, gate);
    this.#key = source.key.map((column) => source.columns.indexOf(column));
    this.#date = source.date === undefined ? undefined : this.#dated(source.date);
    this.#otherDates = [source.birthDate, source.age?.asOf].flatMap((date) =>
      date === undefined ? [] : [this.#dated(date)],
    );
    this.#maskable = source.payment ? maskablePlaces(source) : [];
    this.#isText = source.format.type === 'csv';
  }

  /** Fits a header that may have no rows under it. */
  fitHeader(columns: readonly string[]): void {
    this.#fit(columns);
  }

  /** Columns of the source that no row so far has. */
  missingColumns(): readonly string[] {
    return this.#mapping.source.columns.filter((column) => !this.#present.has(column));
  }

  map(items: readonly TableItem[], sink: RowSink): void {
    for (const item of items) {
      if (item.kind === 'row') this.#mapRow(item, sink);
      else this.#mapBad(item, sink);
    }
  }

  #mapBad({ line, reason, raw }: BadRow, sink: RowSink): void {
    const { source, policy, hasher, gate } = this.#mapping;
    sink.keyless += 1;
    sink.rejects.push({ line, reason, raw: rawOfBad(raw, { source, policy, hasher, gate }) });
  }

  #mapRow(row: TableRow, sink: RowSink): void {
    if (row.columns !== this.#columns) this.#fit(row.columns, row.line);
    let values = this.#pick(row.values);
    let reach = this.#reach(values);
    const key = this.#keyOf(values);
    if (key === undefined) sink.keyless += 1;
    const sighting = this.#mapping.watch.look(row.line, key, values);
    if (sighting !== undefined) sink.sightings.push(sighting);
    const at = this.#date?.read(values[this.#date.position]);
    const passage = this.#gate.judge({ values, reach, key, at: Number.isNaN(at) ? undefined : at });
    if (passage.kind === 'cleaned') {
      const { changes } = passage;
      values = this.#mapping.source.columns.map((column, index) =>
        changes.has(column) ? (changes.get(column) ?? null) : (values[index] ?? null),
      );
      reach = this.#reach(values);
    }
    const body =
      this.#isText && passage.kind === 'free' && !NEEDS_ESCAPE.test(row.raw)
        ? joined(values)
        : JSON.stringify(values);
    this.#put({ line: row.line, values, body, reach, key, at, passage }, sink);
  }

  #put(row: MappedRow, sink: RowSink): void {
    const { line, values, body, reach, key, at, passage } = row;
    const fault = this.#findFault(values, body, key, at);
    if (passage.kind === 'out' || (passage.kind === 'return' && fault !== undefined)) {
      if (key === undefined) sink.suppressed += 1;
      else sink.records.push(nothingOf(key, line, 'out'));
    } else if (key === undefined || fault !== undefined) {
      this.#reject(row, fault ?? 'missing key', sink);
    } else if (passage.kind === 'free') {
      sink.records.push({ key, line, at, body, reach });
    } else {
      const gated = this.#gatedAs(passage.kind);
      sink.records.push({ key, line, at, body, reach, gated });
      if ('against' in passage) sink.aside.push(markOf(key, passage));
    }
  }

  /** An account that is here is living, whatever address it has by now; other rows are whose they say. */
  #gatedAs(kind: 'cleaned' | 'return' | 'doubtful'): NonNullable<NewRecord['gated']> {
    if (kind === 'cleaned') return kind;
    return kind === 'doubtful' && this.#mapping.source.account ? 'known-only' : 'aside';
  }

  #reject({ line, values, key, passage }: MappedRow, reason: string, sink: RowSink): void {
    const isDoubtful = passage.kind === 'doubtful';
    const raw = isDoubtful ? SUPPRESSED_NOTE : rawOfValues(this.#mapping.source.columns, values);
    sink.rejects.push({ line, reason, raw });
    // It is there, though nobody can read it: the row here has not vanished.
    if (key !== undefined) sink.records.push(nothingOf(key, line, 'set-aside'));
  }

  #findFault(
    values: readonly Json[],
    body: string,
    key: string | undefined,
    at: number | undefined,
  ): string | undefined {
    if (key === undefined) return 'missing key';
    if (this.#date !== undefined && Number.isNaN(at))
      return `bad date in column ${shownName(this.#date.column)}`;
    for (const { column, position, read } of this.#otherDates) {
      if (Number.isNaN(read(values[position]))) return `bad date in column ${shownName(column)}`;
    }
    // The text of a control character, or of somebody's backslash before a u.
    return body.includes('\\u00') ? this.#findControl(values) : undefined;
  }

  #findControl(values: readonly Json[]): string | undefined {
    const index = values.findIndex((value) => hasControl(value));
    return index < 0
      ? undefined
      : `control character in column ${shownName(this.#mapping.source.columns[index] ?? '')}`;
  }

  #pick(row: readonly Json[]): readonly Json[] {
    if (this.#isInOrder) return row;
    const values = this.#positions.map((position) => row[position] ?? null);
    for (const place of this.#maskable) values[place] = maskValue(values[place] ?? null);
    return values;
  }

  /** The natural key: the one value verbatim, or a JSON array of several; the same from CSV and from JSON. */
  #keyOf(values: readonly Json[]): string | undefined {
    const [first] = this.#key;
    if (first !== undefined && this.#key.length === 1) return keyText(values[first]);
    const parts = this.#key.map((place) => keyText(values[place]));
    return parts.includes(undefined) ? undefined : JSON.stringify(parts);
  }

  #fit(columns: readonly string[], line?: number): void {
    const { source, file } = this.#mapping;
    const header = this.#mapping.header();
    const isNamed = source.format.type === 'csv';
    this.#positions = fitColumns(source, columns, {
      file,
      ...(isNamed || line === undefined ? {} : { line }),
      ...(header === undefined ? {} : { header }),
    });
    this.#columns = columns;
    for (const column of columns) this.#present.add(column);
    this.#isInOrder =
      this.#maskable.length === 0 &&
      columns.length === this.#positions.length &&
      this.#positions.every((position, index) => position === index);
  }

  #dated(date: DateColumn): Dated {
    const { source, policy } = this.#mapping;
    const read = compileCellDate(date, policy.controller.zone);
    return { column: date.column, position: source.columns.indexOf(date.column), read };
  }
}

// What JSON writes otherwise than it stands, and the quotes of CSV.
const NEEDS_ESCAPE = /["\\\0-\x1f]/;

function markOf(key: string, { kind, against }: Extract<Passage, { against: unknown }>): AsideMark {
  return { key, verdict: kind, against: against.map(({ id }) => id) };
}

/** A row of which only its being there is noted. */
function nothingOf(key: string, line: number, gated: 'out' | 'set-aside'): NewRecord {
  return { key, line, at: undefined, body: '[]', reach: [], gated };
}

/** Texts without a character to escape, as JSON: half the time of `JSON.stringify`. */
function joined(texts: readonly Json[]): string {
  return `["${texts.join('","')}"]`;
}

function keyText(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Keys, identifiers and dates hold long numbers that are no cards, and have to stay what they are. */
function maskablePlaces(source: TableSource): readonly number[] {
  const dates = [source.date, source.birthDate, source.age?.asOf].map((date) => date?.column);
  const identifiers = source.parties.flatMap((party) => party.identifiers.map(({ column }) => column));
  const kept = new Set([...source.key, ...identifiers, ...dates]);
  return [...source.columns.keys()].filter((place) => !kept.has(source.columns[place]));
}

function maskValue(value: Json): Json {
  if (typeof value === 'string') return maskCards(value);
  if (typeof value === 'number') {
    const text = String(value);
    const masked = maskCards(text);
    return masked === text ? value : masked;
  }
  if (Array.isArray(value)) return value.map((item: Json) => maskValue(item));
  if (value === null || typeof value === 'boolean') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskValue(item)]));
}

const CONTROL = /[\0-\x08\x0e-\x1f]/;

function hasControl(value: Json): boolean {
  if (typeof value === 'string') return CONTROL.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([name, item]) => CONTROL.test(name) || hasControl(item));
}
