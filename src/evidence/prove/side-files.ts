import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { newImage, type PageCipher, PageFile, RawFile, RESERVED } from './pages.ts';
import type { DeadPlace } from './places.ts';
import type { RawSearch } from './raw-search.ts';
import type { LedgerView } from './view.ts';
import { WalFile } from './wal.ts';

/** SQLite's least sector, to which the parts of a rollback journal are aligned. */
const SECTOR = 512;
const PAGE_NUMBER = 4;
const CHECKSUM = 4;
// SQLite's own bound on page numbers.
const LAST_PAGE = 0xfffffffe;

/** Opens a file that is to be searched; notes one that cannot be read, or that has to be there and is not. */
export function openFile(path: string, search: RawSearch, mayLack = true): RawFile | undefined {
  try {
    const file = new RawFile(path);
    search.files += 1;
    return file;
  } catch (error) {
    if (!mayLack || (error as NodeJS.ErrnoException).code !== 'ENOENT')
      search.problems.add('unreadable-file', basename(path));
    return undefined;
  }
}

/** Searches the frames that no reader sees, each page under the number that its frame names. */
export function searchDeadFrames(
  wal: WalFile,
  file: string,
  cipher: PageCipher,
  pageSize: number,
  search: RawSearch,
  view?: LedgerView,
): void {
  const image = newImage(pageSize);
  for (let frame = 1; frame <= wal.frameCount; frame += 1) {
    const page = wal.pageOf(frame);
    if (view?.frameOf(page) === frame) continue;
    if (!wal.read(frame, image, cipher)) search.problems.add('damaged-page', file, page);
    const offset = wal.offsetOf(frame);
    search.searchDeadPage(image, pageSize - RESERVED, { file, page, offset, place: 'write-ahead log' });
  }
  if (wal.rest > 0) search.problems.add('cut-short', file);
}

/**
 * Searches a rollback journal (SQLite file format §3): its headers stand at sectors, its pages behind their
 * numbers and before a checksum. Whatever deciphers under the number before it is a page, of the last
 * transaction or of earlier ones; what does not is noted, unless it is nothing but zeros.
 */
export function searchJournal(
  journal: RawFile,
  file: string,
  cipher: PageCipher,
  pageSize: number,
  search: RawSearch,
): void {
  const image = newImage(pageSize);
  const head = Buffer.alloc(PAGE_NUMBER);
  const sector = Buffer.alloc(SECTOR);
  for (let at = SECTOR; at < journal.size; ) {
    const page = journal.read(head, at) ? head.readUInt32BE(0) : 0;
    const isPage =
      page >= 1 &&
      page <= LAST_PAGE &&
      journal.read(image.bytes, at + PAGE_NUMBER) &&
      cipher.open(image, page);
    if (isPage) {
      const offset = at + PAGE_NUMBER;
      search.searchDeadPage(image, pageSize - RESERVED, { file, page, offset, place: 'rollback journal' });
      at += PAGE_NUMBER + pageSize + CHECKSUM;
    } else {
      const next = (Math.floor(at / SECTOR) + 1) * SECTOR;
      sector.fill(0);
      journal.read(sector.subarray(0, Math.min(next, journal.size) - at), at);
      if (!isHeader(sector) && sector.some((byte) => byte !== 0)) search.problems.add('undecipherable', file);
      at = next;
    }
  }
}

const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');

function isHeader(sector: Buffer): boolean {
  return (
    sector.subarray(0, JOURNAL_MAGIC.length).equals(JOURNAL_MAGIC) &&
    sector.subarray(28).every((byte) => byte === 0)
  );
}

/** Whether the next reader of the file rolls a transaction back: the journal has its header. */
export function isHotJournal(journal: RawFile): boolean {
  const head = Buffer.alloc(JOURNAL_MAGIC.length);
  return journal.read(head, 0) && head.equals(JOURNAL_MAGIC);
}

/** Searches copies that a scrub left unfinished, with the files beside them. */
export function searchLeftovers(path: string, keys: readonly string[], search: RawSearch): void {
  const stem = `${basename(path)}.`;
  const names = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length)),
  );
  for (const name of names.sort()) {
    const copy = openFile(join(dirname(path), name), search);
    if (copy === undefined) continue;
    try {
      searchLeftover(copy, join(dirname(path), name), keys, search);
    } finally {
      copy.close();
    }
  }
}

function searchLeftover(copy: RawFile, path: string, keys: readonly string[], search: RawSearch): void {
  const file = basename(path);
  const pages = PageFile.open(copy, keys);
  if (pages === undefined) {
    search.problems.add('key-gone', file);
    return;
  }
  const image = newImage(pages.pageSize);
  for (let page = 1; page <= pages.pageCount; page += 1) {
    if (!pages.read(page, image)) search.problems.add('damaged-page', file, page);
    const offset = (page - 1) * pages.pageSize;
    const place: DeadPlace = 'leftover copy';
    search.searchDeadPage(image, pages.pageSize - RESERVED, { file, page, offset, place });
  }
  if (pages.rest > 0) search.problems.add('cut-short', file);
  searchBeside(path, pages, search);
}

/** Searches `-wal` and `-journal` of a file all of whose frames are leftovers. */
function searchBeside(path: string, { cipher, pageSize }: PageFile, search: RawSearch): void {
  const wal = openFile(`${path}-wal`, search);
  if (wal !== undefined) {
    searchDeadFrames(new WalFile(wal, pageSize), basename(`${path}-wal`), cipher, pageSize, search);
    wal.close();
  }
  const journal = openFile(`${path}-journal`, search);
  if (journal !== undefined) {
    searchJournal(journal, basename(`${path}-journal`), cipher, pageSize, search);
    journal.close();
  }
}

/** Searches the index of the write-ahead log, which is never ciphered and holds no content. */
export function searchSharedMemory(path: string, search: RawSearch): void {
  const file = openFile(path, search);
  if (file === undefined) return;
  const bytes = Buffer.alloc(64 * 1024);
  for (let at = 0; at < file.size; at += bytes.length) {
    const part = bytes.subarray(0, Math.min(bytes.length, file.size - at));
    file.read(part, at);
    for (const { request, value, form, offset } of search.scanWhole(part))
      search.report({
        request,
        value,
        form,
        file: basename(path),
        page: undefined,
        offset: at + offset,
        place: 'shared memory',
      });
  }
  file.close();
}
