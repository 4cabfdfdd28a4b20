import { type Pages, TreeWalker } from '../../../src/evidence/prove/btree.ts';
import { SCHEMA_FORM, tableForm } from '../../../src/evidence/prove/catalog.ts';
import { newImage, PageFile, RawFile } from '../../../src/evidence/prove/pages.ts';
import { mapOverflowPage, mapTreePage, type PageMap } from '../../../src/evidence/prove/places.ts';
import type { SqlValue } from '../../../src/evidence/prove/record.ts';
import { Row } from '../../../src/evidence/prove/row.ts';
import { searchTree, type TreeVisitor } from '../../../src/evidence/prove/tree-search.ts';
import { LedgerView } from '../../../src/evidence/prove/view.ts';
import { WalFile } from '../../../src/evidence/prove/wal.ts';

/** A database as the prover's reader finds it, and what it noticed on the way. */
export interface ReadDatabase {
  readonly tables: ReadonlyMap<string, readonly (readonly SqlValue[])[]>;
  /** Entries of each index, by its name. */
  readonly indexes: ReadonlyMap<string, number>;
  readonly free: number;
  readonly unreachable: number;
  /** Pages whose regions are not the page, each byte once. */
  readonly unmapped: readonly number[];
  readonly damaged: readonly number[];
  readonly broken: readonly number[];
}

/** Reads every row of every table of a file, and gives account of every byte of every page. */
export function readDatabase(path: string, key: string, wal = false): ReadDatabase | undefined {
  const file = new RawFile(path);
  const log = wal ? new RawFile(`${path}-wal`) : undefined;
  try {
    const pages = PageFile.open(file, [key]);
    return pages && new Reading(new LedgerView(pages, log && new WalFile(log, pages.pageSize))).read();
  } finally {
    file.close();
    log?.close();
  }
}

class Reading {
  readonly #view: LedgerView;
  readonly #walker: TreeWalker;
  readonly #damaged: number[] = [];
  readonly #broken: number[] = [];
  readonly #unmapped: number[] = [];

  constructor(view: LedgerView) {
    this.#view = view;
    const pages: Pages = {
      pageSize: view.pageSize,
      usable: view.usable,
      pageCount: view.pageCount,
      read: (page, image) => {
        const isIntact = view.read(page, image);
        if (!isIntact) this.#broken.push(page);
        return isIntact;
      },
    };
    this.#walker = new MappingWalker(
      pages,
      (page) => this.#damaged.push(page),
      (page, map) => this.#check(page, map),
    );
  }

  read(): ReadDatabase {
    const schema = this.#rows(1, 'table', (rowid, record) => Row.parse(SCHEMA_FORM, rowid, record));
    const tables = new Map<string, readonly (readonly SqlValue[])[]>();
    const indexes = new Map<string, number>();
    for (const row of schema) {
      const [name, root] = [row.text('name') ?? '', row.integer('rootpage') ?? 0];
      if (row.text('type') === 'table') {
        const form = tableForm(row.text('sql') ?? '');
        const rows = this.#rows(root, form.hasRowid ? 'table' : 'index', (id, record) =>
          Row.parse(form, id, record),
        );
        tables.set(
          name,
          rows.map((one) => form.columns.map((column) => one.value(column))),
        );
      } else
        indexes.set(
          name,
          this.#rows(root, 'index', (id, record) => Row.parse(SCHEMA_FORM, id, record)).length,
        );
    }
    const first = newImage(this.#view.pageSize);
    this.#view.read(1, first);
    const free = [...this.#walker.freePages(first.bytes.readUInt32BE(32))].length;
    let unreachable = 0;
    for (let page = 1; page <= this.#view.pageCount; page += 1)
      if (!this.#walker.isClaimed(page)) unreachable += 1;
    return {
      tables,
      indexes,
      free,
      unreachable,
      unmapped: this.#unmapped,
      damaged: this.#damaged,
      broken: this.#broken,
    };
  }

  #rows(
    root: number,
    kind: 'table' | 'index',
    parse: (rowid: number | bigint, record: Buffer) => Row | undefined,
  ): Row[] {
    const rows: Row[] = [];
    const visitor: TreeVisitor<{ from: number; to: number }> = {
      wantsRecords: true,
      scan: () => [],
      dead: () => {},
      live: () => {},
      record: ({ rowid, record }) => {
        const row = parse(rowid, Buffer.from(record));
        if (row !== undefined) rows.push(row);
      },
      counted: () => {},
      damaged: (page) => this.#damaged.push(page),
      tooLong: () => {},
    };
    searchTree(this.#walker, root, kind, visitor);
    return rows;
  }

  #check(page: number, { regions, isDamaged }: PageMap): void {
    let at = 0;
    let isWhole = !isDamaged;
    for (const { from, to } of regions) {
      if (from !== at || to <= from) isWhole = false;
      at = to;
    }
    if (!isWhole || at !== this.#view.pageSize) this.#unmapped.push(page);
  }
}

/** Maps every page on its way. */
class MappingWalker extends TreeWalker {
  readonly #onMap: (page: number, map: PageMap) => void;

  constructor(pages: Pages, onDamage: (page: number) => void, onMap: (page: number, map: PageMap) => void) {
    super(pages, onDamage);
    this.#onMap = onMap;
  }

  override *pagesOf(...args: Parameters<TreeWalker['pagesOf']>): ReturnType<TreeWalker['pagesOf']> {
    for (const page of super.pagesOf(...args)) {
      // Of nested calls only the outermost maps.
      if ((args[2] ?? 0) === 0) this.#onMap(page.number, mapTreePage(page));
      yield page;
    }
  }

  override *overflowOf(...args: Parameters<TreeWalker['overflowOf']>): ReturnType<TreeWalker['overflowOf']> {
    for (const page of super.overflowOf(...args)) {
      this.#onMap(page.number, mapOverflowPage(page));
      yield page;
    }
  }
}
