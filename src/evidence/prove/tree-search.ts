import {
  Cell,
  OVERFLOW_FROM,
  type OverflowPage,
  type TreeKind,
  type TreePage,
  type TreeWalker,
} from './btree.ts';
import type { PageImage } from './pages.ts';
import { type DeadPlace, mapOverflowPage, mapTreePage, placeOf, type Region } from './places.ts';

/** Bytes that were found, from where to where. */
export interface Found {
  readonly from: number;
  readonly to: number;
}

/** One whole record; its bytes are good until the next is given. */
export interface WholeRecord {
  readonly rowid: number | bigint;
  readonly record: Buffer;
  /** The page of its cell. */
  readonly page: number;
  /** Whether parts of it lie on overflow pages. */
  readonly isSpread: boolean;
}

/** What comes of a tree's bytes. */
export interface TreeVisitor<F extends Found> {
  /** Whether `record` is called for every row, not only for those that lie on several pages. */
  readonly wantsRecords: boolean;
  /** Searches the used bytes of a page. */
  scan(image: PageImage): readonly F[];
  /** Something that lies in no record, or in one that does not fit the memory. */
  dead(place: DeadPlace, found: F, page: number): void;
  /** Something that lies in a record on this page alone, and where the record begins on it. */
  live(found: F, record: WholeRecord, recordFrom: number): void;
  /** A whole record, which may be searched across the borders of its pages. */
  record(record: WholeRecord): void;
  /** A page was read that holds so many records. */
  counted(records: number): void;
  damaged(page: number): void;
  tooLong(page: number): void;
}

/** As much of one record as is put together; the longest that dsr writes is half of it. */
const LONGEST_RECORD = 32 << 20;

/** Memory for one record at a time. */
class Scratch {
  #memory = Buffer.alloc(0);

  take(size: number): Buffer {
    if (this.#memory.length < size) this.#memory = Buffer.alloc(size);
    return this.#memory.subarray(0, size);
  }
}

/** Searches every page of a tree once, overflow pages included, and says of each find where it lies. */
export function searchTree<F extends Found>(
  walker: TreeWalker,
  root: number,
  kind: TreeKind,
  visitor: TreeVisitor<F>,
): void {
  const cell = new Cell();
  const scratch = new Scratch();
  for (const page of walker.pagesOf(root, kind)) {
    placeFinds(page, visitor.scan(page.image), cell, visitor);
    if (page.kind === 'table' && !page.isLeaf) continue;
    visitor.counted(page.cellCount);
    for (let nth = 0; nth < page.cellCount; nth += 1) {
      if (!page.readCell(nth, cell)) {
        if (page.isLeaf) visitor.damaged(page.number);
      } else if (cell.overflow !== 0) searchSpread(walker, page, cell, scratch, visitor);
      else if (visitor.wantsRecords) visitor.record(localRecord(page, cell));
    }
  }
}

function localRecord({ image, number }: TreePage, { rowid, localFrom, localTo }: Cell): WholeRecord {
  return { rowid, record: image.bytes.subarray(localFrom, localTo), page: number, isSpread: false };
}

function placeFinds<F extends Found>(
  page: TreePage,
  finds: readonly F[],
  cell: Cell,
  visitor: TreeVisitor<F>,
): void {
  if (finds.length === 0) return;
  const map = mapTreePage(page);
  if (map.isDamaged) visitor.damaged(page.number);
  for (const found of finds) {
    const region = placeOf(map, found.from, found.to);
    if (region.kind !== 'cell') visitor.dead(asDead(region), found, page.number);
    else if (!page.readCell(region.cell, cell)) visitor.dead('fragment', found, page.number);
    else if (page.kind === 'table' && !page.isLeaf) visitor.dead('cell pointers', found, page.number);
    // Of a spread record all finds come with the whole.
    else if (cell.overflow === 0) visitor.live(found, localRecord(page, cell), cell.localFrom);
    else if (cell.payload > LONGEST_RECORD) visitor.dead('unreadable row', found, page.number);
  }
}

function searchSpread<F extends Found>(
  walker: TreeWalker,
  page: TreePage,
  cell: Cell,
  scratch: Scratch,
  visitor: TreeVisitor<F>,
): void {
  const isTooLong = cell.payload > LONGEST_RECORD;
  const record = scratch.take(isTooLong ? 0 : cell.payload);
  let filled = 0;
  if (!isTooLong) filled = page.image.bytes.copy(record, 0, cell.localFrom, cell.localTo);
  for (const overflow of walker.overflowOf(cell)) {
    placeOverflow(overflow, visitor, isTooLong);
    if (!isTooLong) filled += overflow.image.bytes.copy(record, filled, OVERFLOW_FROM, overflow.payloadTo);
  }
  if (isTooLong) visitor.tooLong(page.number);
  // A chain that ended early has been noted; what there is of the row is searched.
  else
    visitor.record({
      rowid: cell.rowid,
      record: record.subarray(0, filled),
      page: page.number,
      isSpread: true,
    });
}

function placeOverflow<F extends Found>(
  overflow: OverflowPage,
  visitor: TreeVisitor<F>,
  isTooLong: boolean,
): void {
  const finds = visitor.scan(overflow.image);
  if (finds.length === 0) return;
  const map = mapOverflowPage(overflow);
  for (const found of finds) {
    const region = placeOf(map, found.from, found.to);
    if (region.kind !== 'payload') visitor.dead(asDead(region), found, overflow.number);
    else if (isTooLong) visitor.dead('unreadable row', found, overflow.number);
  }
}

function asDead({ kind }: Region): DeadPlace {
  return kind === 'cell' || kind === 'payload' ? 'fragment' : kind;
}
