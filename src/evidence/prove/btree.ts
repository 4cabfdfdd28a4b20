import type { PageImage } from './pages.ts';
import { newImage } from './pages.ts';
import { varintInteger, varintSize, varintValue } from './record.ts';

/**
 * SQLite's b-trees (file format §1.6), read so that no byte of a damaged or hostile file is believed before
 * it is checked: every offset against its page, every page claimed once, every tree of bounded depth.
 */

export type TreeKind = 'table' | 'index';

export const PageType = { indexInterior: 2, tableInterior: 5, indexLeaf: 10, tableLeaf: 13 } as const;

const FILE_HEADER = 100;
// The smallest room that SQLite gives a cell.
const LEAST_CELL = 4;
/** SQLite's own bound. */
export const DEEPEST = 20;

/** A damage of structure: the page and what it breaks is enough to say. */
export type OnDamage = (page: number) => void;

/** What a walk reads pages by. */
export interface Pages {
  readonly pageSize: number;
  readonly usable: number;
  readonly pageCount: number;
  /** False where the bytes are not what was written; then they are walked as far as they make sense. */
  read(page: number, image: PageImage): boolean;
}

/** One cell, filled anew by each `readCell`. */
export class Cell {
  from = 0;
  /** End of what the cell takes on its page. */
  to = 0;
  /** Left child on interior pages, else 0. */
  child = 0;
  /** Of table trees. */
  rowid: number | bigint = 0;
  /** Bytes of the whole record; 0 on interior pages of tables. */
  payload = 0;
  localFrom = 0;
  localTo = 0;
  /** First overflow page, or 0. */
  overflow = 0;
}

/** One page of a b-tree, filled anew by each `read`. */
export class TreePage {
  readonly image: PageImage;
  readonly usable: number;
  number = 0;
  type = 0;
  cellCount = 0;
  /** Where the page's own header begins: behind the file's on page 1. */
  headerFrom = 0;
  pointersFrom = 0;
  rightChild = 0;

  constructor(pages: Pages) {
    this.image = newImage(pages.pageSize);
    this.usable = pages.usable;
  }

  get isLeaf(): boolean {
    return this.type === PageType.tableLeaf || this.type === PageType.indexLeaf;
  }

  get kind(): TreeKind {
    return this.type === PageType.tableLeaf || this.type === PageType.tableInterior ? 'table' : 'index';
  }

  /** Takes the image for a page of a b-tree; false where it is none. */
  parse(number: number): boolean {
    const { bytes } = this.image;
    this.number = number;
    this.headerFrom = number === 1 ? FILE_HEADER : 0;
    this.type = bytes[this.headerFrom] as number;
    if (!(Object.values(PageType) as readonly number[]).includes(this.type)) return false;
    this.cellCount = bytes.readUInt16BE(this.headerFrom + 3);
    this.pointersFrom = this.headerFrom + (this.isLeaf ? 8 : 12);
    this.rightChild = this.isLeaf ? 0 : bytes.readUInt32BE(this.headerFrom + 8);
    return this.pointersTo <= this.usable;
  }

  get pointersTo(): number {
    return this.pointersFrom + 2 * this.cellCount;
  }

  /** Reads a cell; false where it does not lie within the page. */
  readCell(nth: number, cell: Cell): boolean {
    const { bytes } = this.image;
    const from = bytes.readUInt16BE(this.pointersFrom + 2 * nth);
    if (from < this.pointersTo || from + LEAST_CELL > this.usable) return false;
    let at = from;
    cell.from = from;
    cell.overflow = 0;
    cell.child = this.isLeaf ? 0 : bytes.readUInt32BE(at);
    if (!this.isLeaf) at += 4;
    cell.payload = 0;
    if (this.type !== PageType.tableInterior) {
      const size = varintSize(bytes, at, this.usable);
      if (size === 0) return false;
      cell.payload = varintValue(bytes, at, size);
      at += size;
    }
    if (this.kind === 'table') {
      const size = varintSize(bytes, at, this.usable);
      if (size === 0) return false;
      cell.rowid = varintInteger(bytes, at, size);
      at += size;
    }
    return this.#placePayload(cell, at);
  }

  #placePayload(cell: Cell, at: number): boolean {
    const local = localSize(cell.payload, this.usable, this.type);
    cell.localFrom = at;
    cell.localTo = at + local;
    cell.to = Math.max(cell.from + LEAST_CELL, cell.localTo + (local < cell.payload ? 4 : 0));
    if (cell.to > this.usable) return false;
    if (local === cell.payload) return true;
    cell.overflow = this.image.bytes.readUInt32BE(cell.localTo);
    return cell.overflow > 1;
  }
}

/** How much of a record lies on its b-tree page (file format §1.6). */
function localSize(payload: number, usable: number, type: number): number {
  const most = type === PageType.tableLeaf ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (payload <= most) return payload;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const wanted = least + ((payload - least) % (usable - 4));
  return wanted <= most ? wanted : least;
}

/** One page of a record's overflow. */
export interface OverflowPage {
  readonly number: number;
  readonly image: PageImage;
  /** End of the record's bytes, which begin behind the number of the next page. */
  readonly payloadTo: number;
}

export const OVERFLOW_FROM = 4;

/** Walks trees, chains and the free list of one database; each page is met once. */
export class TreeWalker {
  readonly #pages: Pages;
  readonly #claimed: Uint8Array;
  readonly #onDamage: OnDamage;
  readonly #levels: TreePage[] = [];
  readonly #spare: PageImage;
  readonly #cell = new Cell();

  constructor(pages: Pages, onDamage: OnDamage) {
    this.#pages = pages;
    this.#onDamage = onDamage;
    this.#claimed = new Uint8Array((pages.pageCount >>> 3) + 1);
    this.#spare = newImage(pages.pageSize);
  }

  /** Takes a page for the caller; false where there is no such page, or it was taken before. */
  claim(page: number): boolean {
    if (page < 1 || page > this.#pages.pageCount || this.isClaimed(page)) return false;
    this.#claimed[page >>> 3] = (this.#claimed[page >>> 3] as number) | (1 << (page & 7));
    return true;
  }

  isClaimed(page: number): boolean {
    return ((this.#claimed[page >>> 3] as number) & (1 << (page & 7))) !== 0;
  }

  /** The pages of a tree, parents first; each is good until the next is taken. */
  *pagesOf(root: number, kind: TreeKind, depth = 0): Generator<TreePage, void, undefined> {
    if (depth > DEEPEST || !this.claim(root)) {
      this.#onDamage(root);
      return;
    }
    this.#levels[depth] ??= new TreePage(this.#pages);
    const page = this.#levels[depth] as TreePage;
    this.#pages.read(root, page.image);
    if (!page.parse(root) || page.kind !== kind) {
      // Its bytes are searched with those of the pages that belong to nothing.
      this.#release(root);
      this.#onDamage(root);
      return;
    }
    yield page;
    if (page.isLeaf) return;
    for (let nth = 0; nth < page.cellCount; nth += 1) {
      if (page.readCell(nth, this.#cell)) yield* this.pagesOf(this.#cell.child, kind, depth + 1);
      else this.#onDamage(root);
    }
    yield* this.pagesOf(page.rightChild, kind, depth + 1);
  }

  /** The overflow pages of a record in their order; each is good until the next is taken. */
  *overflowOf({ overflow, payload, localFrom, localTo }: Cell): Generator<OverflowPage, void, undefined> {
    const room = this.#pages.usable - OVERFLOW_FROM;
    let left = payload - (localTo - localFrom);
    for (let number = overflow; left > 0; ) {
      if (!this.claim(number)) {
        this.#onDamage(number);
        return;
      }
      this.#pages.read(number, this.#spare);
      const next = this.#spare.bytes.readUInt32BE(0);
      yield { number, image: this.#spare, payloadTo: OVERFLOW_FROM + Math.min(left, room) };
      left -= room;
      if (left <= 0 && next !== 0) this.#onDamage(number);
      number = next;
    }
  }

  /** The pages of the free list, trunks and leaves. */
  *freePages(trunk: number): Generator<number, void, undefined> {
    const { bytes } = this.#spare;
    for (let page = trunk; page !== 0; ) {
      if (!this.claim(page)) {
        this.#onDamage(page);
        return;
      }
      this.#pages.read(page, this.#spare);
      const next = bytes.readUInt32BE(0);
      const count = Math.min(bytes.readUInt32BE(4), this.#pages.usable / 4 - 2);
      const leaves = Array.from({ length: count }, (_, nth) => bytes.readUInt32BE(8 + 4 * nth));
      yield page;
      for (const leaf of leaves) {
        if (this.claim(leaf)) yield leaf;
        else this.#onDamage(leaf);
      }
      page = next;
    }
  }

  #release(page: number): void {
    this.#claimed[page >>> 3] = (this.#claimed[page >>> 3] as number) & ~(1 << (page & 7));
  }
}
