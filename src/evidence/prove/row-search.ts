import type { CatalogEntry, SchemaTable, TableForm } from './catalog.ts';
import type { LedgerHit, LiveRow, RowAbout } from './hits.ts';
import { FACT_TABLES, type LedgerFacts } from './ledger-facts.ts';
import type { PageImage } from './pages.ts';
import type { DeadPlace } from './places.ts';
import type { RawSearch } from './raw-search.ts';
import { Row } from './row.ts';
import type { Hit } from './search.ts';
import { findRecord } from './seek.ts';
import { lineAround, useLines } from './stored-lines.ts';
import type { Found, TreeVisitor, WholeRecord } from './tree-search.ts';
import type { LedgerView } from './view.ts';

type FoundHit = Hit & Found;

interface RowSearchParts {
  readonly view: LedgerView;
  readonly raw: RawSearch;
  readonly file: string;
  readonly facts: LedgerFacts;
  readonly tags: ReadonlySet<number>;
}

/** An index, or the table itself. */
interface Tree {
  readonly table: SchemaTable;
  readonly index: string | undefined;
}

/** The columns of an index do not matter: its last value leads to the row. */
const INDEX_FORM: TableForm = { columns: [], rowidColumn: undefined, hasRowid: false };

/** Tables whose rows hold identifiers as whole fields. */
const FIELD_TABLES = new Set(['record', 'change', 'register']);

/** Searches the rows of one ledger, and says of each hit whose row it is in. */
export class RowSearch {
  readonly #view: LedgerView;
  readonly #raw: RawSearch;
  readonly #file: string;
  readonly #facts: LedgerFacts;
  readonly #tags: ReadonlySet<number>;

  constructor({ view, raw, file, facts, tags }: RowSearchParts) {
    this.#view = view;
    this.#raw = raw;
    this.#file = file;
    this.#facts = facts;
    this.#tags = tags;
  }

  /** What is done with the bytes of a table, or of an index of it. */
  visitorOf(
    table: SchemaTable,
    index?: string,
    onSchema?: (entry: CatalogEntry) => void,
  ): TreeVisitor<FoundHit> {
    const tree = { table, index };
    const raw = this.#raw;
    const damaged = (page: number) => raw.problems.add('damaged-tree', this.#file, page);
    return {
      wantsRecords: index === undefined && (onSchema !== undefined || this.#isReadWhole(table.name)),
      scan: (image) => this.#scan(image),
      dead: (place, found, page) => this.#report(found, page, found.from, place),
      live: (found, record, recordFrom) =>
        this.#reportLive(tree, found, record, found.from - recordFrom, found.from),
      record: (record) => this.#searchRecord(tree, record, onSchema),
      counted: (records) => {
        if (index === undefined) raw.rows += records;
      },
      damaged,
      tooLong: (page) => raw.problems.add('row-too-long', this.#file, page),
    };
  }

  /** The file in which readers find a page, and from which byte on. */
  placeIn(page: number): { readonly file: string; readonly offset: number } {
    const file = this.#view.frameOf(page) === 0 ? this.#file : `${this.#file}-wal`;
    return { file, offset: this.#view.offsetOf(page) };
  }

  #isReadWhole(table: string): boolean {
    return (
      table === 'block' || FACT_TABLES.includes(table) || (this.#tags.size > 0 && FIELD_TABLES.has(table))
    );
  }

  #scan(image: PageImage): readonly FoundHit[] {
    return this.#raw
      .scanPage(image, this.#view.usable)
      .map((hit) => ({ ...hit, from: hit.offset, to: hit.offset + hit.length }));
  }

  #searchRecord(tree: Tree, whole: WholeRecord, onSchema?: (entry: CatalogEntry) => void): void {
    const row = this.#rowOf(tree, whole);
    const { name } = tree.table;
    if (row === undefined) this.#raw.problems.add('damaged-row', this.#file, whole.page);
    else if (onSchema !== undefined) learnSchema(row, onSchema);
    else if (FACT_TABLES.includes(name) && tree.index === undefined) this.#facts.learn(name, row);
    if (name === 'block' && tree.index === undefined && row !== undefined)
      this.#searchBlock(tree, row, whole);
    else if (whole.isSpread)
      for (const hit of this.#raw.scanWhole(whole.record)) this.#reportLive(tree, hit, whole, hit.offset, 0);
    if (row !== undefined && tree.index === undefined) this.#searchFields(tree, row, whole);
  }

  #rowOf({ table, index }: Tree, { rowid, record }: WholeRecord): Row | undefined {
    return Row.parse(index === undefined ? table.form : INDEX_FORM, rowid, record);
  }

  #reportLive(tree: Tree, hit: Hit, whole: WholeRecord, at: number, inPage: number): void {
    const row = this.#rowOf(tree, whole);
    if (row === undefined) {
      this.#report(hit, whole.page, inPage, 'unreadable row');
      return;
    }
    const column = tree.index === undefined ? row.columnAt(at)?.column : undefined;
    // What is packed counts as the lines that it holds: `#searchBlock`.
    if (tree.table.name === 'block' && column === 'body') return;
    const about =
      tree.index === undefined
        ? this.#facts.aboutOf(tree.table.name, row, at)
        : this.#aboutIndexed(tree, row);
    if (about === undefined) this.#report(hit, whole.page, inPage, 'unreadable row');
    else this.#report(hit, whole.page, inPage, liveRow(tree, row, column, about));
  }

  /** Whom the row is about to which an index leads; undefined where it leads to none. */
  #aboutIndexed({ table }: Tree, entry: Row): RowAbout | undefined {
    // The only tables without rowids that have an index keep codes and numbers in it.
    if (!table.form.hasRowid) return { is: 'words' };
    const rowid = entry.last();
    if (typeof rowid !== 'number' && typeof rowid !== 'bigint') return undefined;
    const record = findRecord(this.#view, table.root, rowid);
    const row = record && Row.parse(table.form, rowid, record);
    return row && this.#facts.aboutOf(table.name, row, 0);
  }

  #searchBlock(tree: Tree, block: Row, { page }: WholeRecord): void {
    this.#raw.blocks += 1;
    const isWhole = useLines(block.bytes('body') ?? Buffer.alloc(0), (lines) => {
      for (const hit of this.#raw.scanWhole(lines)) {
        const { from, to } = lineAround(lines, hit.offset);
        const owner = this.#facts.ownerOf(block, lines, from, to);
        this.#report(hit, page, 0, liveRow(tree, block, 'body', this.#facts.aboutLine(block, owner?.tag)));
      }
      if (holdsAny(block.bytes('tags'), this.#tags)) this.#searchLineOwners(tree, block, lines, page);
    });
    if (!isWhole) this.#raw.problems.add('damaged-block', this.#file, page);
  }

  /** Identifiers that are too short for a search of bytes: whose line it is says them. */
  #searchLineOwners(tree: Tree, block: Row, lines: Buffer, page: number): void {
    for (let at = 0; at < lines.length; ) {
      const { from, to } = lineAround(lines, at);
      const owner = this.#facts.ownerOf(block, lines, from, to);
      if (owner !== undefined && this.#tags.has(owner.tag)) {
        const place = liveRow(tree, block, 'body', this.#facts.aboutLine(block, owner.tag));
        for (const request of this.#raw.requestsOf(owner.kind, owner.value))
          this.#report({ request, form: 'field', value: undefined }, page, 0, place);
      }
      const end = lines.indexOf(10, to);
      at = end < 0 ? lines.length : end + 1;
    }
  }

  /** The same of rows: only those that an erased identifier reaches, or that have no reach of their own. */
  #searchFields(tree: Tree, row: Row, { page }: WholeRecord): void {
    const { name } = tree.table;
    if (this.#tags.size === 0 || !FIELD_TABLES.has(name)) return;
    if (name !== 'register' && !this.#facts.reachTags(row).some((tag) => this.#tags.has(tag))) return;
    for (const { kind, value } of this.#facts.identifiersOf(name, row)) {
      for (const request of this.#raw.requestsOf(kind, value)) {
        const place = liveRow(tree, row, 'body', this.#facts.aboutOf(name, row, 0));
        this.#report({ request, form: 'field', value: undefined }, page, 0, place);
      }
    }
  }

  #report(
    { request, value, form }: Pick<LedgerHit, 'request' | 'value' | 'form'>,
    page: number,
    inPage: number,
    place: DeadPlace | LiveRow,
  ): void {
    const { file, offset } = this.placeIn(page);
    this.#raw.report({ request, value, form, file, page, offset: offset + inPage, place });
  }
}

function learnSchema(row: Row, onSchema: (entry: CatalogEntry) => void): void {
  const type = row.text('type');
  const root = row.integer('rootpage');
  if ((type !== 'table' && type !== 'index') || root === undefined) return;
  onSchema({
    type,
    name: row.text('name') ?? '',
    table: row.text('tbl_name') ?? '',
    root,
    sql: row.text('sql'),
  });
}

function liveRow({ table, index }: Tree, row: Row, column: string | undefined, about: RowAbout): LiveRow {
  const rowid = table.form.hasRowid ? Number(index === undefined ? row.rowid : row.last()) : undefined;
  return { table: table.name, index, rowid, column, about };
}

function holdsAny(packed: Buffer | undefined, tags: ReadonlySet<number>): boolean {
  if (packed === undefined || tags.size === 0) return false;
  for (let at = 0; at + 4 <= packed.length; at += 4) if (tags.has(packed.readUInt32LE(at))) return true;
  return false;
}
