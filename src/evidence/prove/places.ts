import { Cell, OVERFLOW_FROM, type OverflowPage, type TreePage } from './btree.ts';

/** Where bytes can lie that are part of no row. */
export type DeadPlace =
  | 'file header'
  | 'page header'
  | 'cell pointers'
  | 'gap in a leaf page'
  | 'gap in an inner page'
  | 'free block'
  | 'fragment'
  | 'unreadable row'
  | 'end of a page'
  | 'overflow page'
  | 'free page'
  | 'unreachable page'
  | 'page that the write-ahead log replaces'
  | 'write-ahead log'
  | 'rollback journal'
  | 'leftover copy'
  | 'shared memory';

/** A stretch of a page that is one thing. */
export type Region =
  | { readonly kind: 'cell'; readonly from: number; readonly to: number; readonly cell: number }
  | { readonly kind: 'payload' | DeadPlace; readonly from: number; readonly to: number };

/** The regions of one page, in order: together they are the page, each byte once. */
export interface PageMap {
  readonly regions: readonly Region[];
  /** Whether regions lay over each other or outside the page; each byte then belongs to the first that came. */
  readonly isDamaged: boolean;
}

/** What each byte of a page of a b-tree is. */
export function mapTreePage(page: TreePage): PageMap {
  const { bytes } = page.image;
  const claims: Region[] = [
    { kind: 'file header', from: 0, to: page.headerFrom },
    { kind: 'page header', from: page.headerFrom, to: page.pointersFrom },
    { kind: 'cell pointers', from: page.pointersFrom, to: page.pointersTo },
    { kind: 'end of a page', from: page.usable, to: bytes.length },
  ];
  const cells = listCells(page);
  const blocks = listFreeBlocks(page);
  claims.push(...cells.regions, ...blocks.regions);
  const contentFrom = bytes.readUInt16BE(page.headerFrom + 5) || 65_536;
  const gap = page.isLeaf ? 'gap in a leaf page' : 'gap in an inner page';
  const map = fill(claims, bytes.length, (at) => (at < contentFrom ? gap : 'fragment'));
  return { ...map, isDamaged: map.isDamaged || cells.isDamaged || blocks.isDamaged };
}

function listCells(page: TreePage): PageMap {
  const cell = new Cell();
  const regions: Region[] = [];
  let isDamaged = false;
  for (let nth = 0; nth < page.cellCount; nth += 1) {
    if (page.readCell(nth, cell)) regions.push({ kind: 'cell', from: cell.from, to: cell.to, cell: nth });
    else isDamaged = true;
  }
  return { regions, isDamaged };
}

/** The chain of free blocks, which SQLite keeps in the order of their places. */
function listFreeBlocks({ image: { bytes }, headerFrom, pointersTo, usable }: TreePage): PageMap {
  const regions: Region[] = [];
  let last = pointersTo;
  for (let from = bytes.readUInt16BE(headerFrom + 1); from !== 0; ) {
    if (from < last || from + 4 > usable) return { regions, isDamaged: true };
    const to = from + bytes.readUInt16BE(from + 2);
    if (to < from + 4 || to > usable) return { regions, isDamaged: true };
    regions.push({ kind: 'free block', from, to });
    last = to;
    from = bytes.readUInt16BE(from);
  }
  return { regions, isDamaged: false };
}

/** What each byte of a page of a record's overflow is. */
export function mapOverflowPage({ image, payloadTo }: OverflowPage): PageMap {
  const payload: Region = { kind: 'payload', from: OVERFLOW_FROM, to: payloadTo };
  return fill([payload], image.bytes.length, () => 'overflow page');
}

/** Puts claims in order, cuts those that lie over earlier ones, and names what nobody claims. */
function fill(claims: readonly Region[], size: number, unclaimed: (at: number) => DeadPlace): PageMap {
  const regions: Region[] = [];
  let isDamaged = false;
  let at = 0;
  const sorted = claims.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
  for (const claim of sorted) {
    if (claim.from > at) regions.push({ kind: unclaimed(at), from: at, to: claim.from });
    if (claim.from < at) isDamaged = true;
    const from = Math.max(at, claim.from);
    if (claim.to > from) regions.push({ ...claim, from });
    at = Math.max(at, claim.to);
  }
  if (at < size) regions.push({ kind: unclaimed(at), from: at, to: size });
  return { regions, isDamaged };
}

/** What a stretch of bytes is: the one live region it lies in, else the first dead place it touches. */
export function placeOf({ regions }: PageMap, from: number, to: number): Region {
  const touched = regions.filter((region) => region.from < to && region.to > from);
  const [first] = touched;
  if (first === undefined) throw new RangeError('not on this page');
  if (touched.length === 1) return first;
  // Bytes of two rows side by side make up no value of either.
  return touched.find(({ kind }) => kind !== 'cell' && kind !== 'payload') ?? { kind: 'fragment', from, to };
}
