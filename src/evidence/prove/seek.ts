import { Cell, DEEPEST, OVERFLOW_FROM, type Pages, PageType, TreePage } from './btree.ts';

/** The record of a row of a table, found by its rowid; undefined where there is none, or it is damaged. */
export function findRecord(pages: Pages, root: number, rowid: number | bigint): Buffer | undefined {
  const page = new TreePage(pages);
  const cell = new Cell();
  let number = root;
  for (let depth = 0; depth <= DEEPEST; depth += 1) {
    if (number < 1 || number > pages.pageCount) return undefined;
    pages.read(number, page.image);
    if (!page.parse(number) || page.kind !== 'table') return undefined;
    const nth = firstFrom(page, cell, rowid);
    if (page.type === PageType.tableLeaf)
      return nth < page.cellCount && page.readCell(nth, cell) && cell.rowid === rowid
        ? wholeRecord(pages, page, cell)
        : undefined;
    if (nth === page.cellCount) number = page.rightChild;
    else if (page.readCell(nth, cell)) number = cell.child;
    else return undefined;
  }
  return undefined;
}

/** The first cell of a page that is not before the rowid. */
function firstFrom(page: TreePage, cell: Cell, rowid: number | bigint): number {
  let low = 0;
  let high = page.cellCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (page.readCell(middle, cell) && cell.rowid < rowid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wholeRecord(pages: Pages, page: TreePage, cell: Cell): Buffer | undefined {
  const pieces = [Buffer.from(page.image.bytes.subarray(cell.localFrom, cell.localTo))];
  const room = pages.usable - OVERFLOW_FROM;
  let left = cell.payload - (cell.localTo - cell.localFrom);
  if (left > pages.pageCount * room) return undefined;
  for (let number = cell.overflow; left > 0; left -= room) {
    if (number < 1 || number > pages.pageCount) return undefined;
    pages.read(number, page.image);
    const { bytes } = page.image;
    pieces.push(Buffer.from(bytes.subarray(OVERFLOW_FROM, OVERFLOW_FROM + Math.min(left, room))));
    number = bytes.readUInt32BE(0);
  }
  return Buffer.concat(pieces);
}
