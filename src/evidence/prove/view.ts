import type { PageFile, PageImage } from './pages.ts';
import { RESERVED } from './pages.ts';
import type { WalFile } from './wal.ts';

/** The pages of a database as its readers see them: the newest committed frame of each, else the file's own. */
export class LedgerView {
  readonly pageSize: number;
  /** Bytes of a page that SQLite uses. */
  readonly usable: number;
  readonly pageCount: number;
  readonly #file: PageFile;
  readonly #wal: WalFile | undefined;
  /** Newest committed frame of each page; empty without any. */
  readonly #frames: Uint32Array;

  constructor(file: PageFile, wal?: WalFile) {
    this.#file = file;
    this.#wal = wal;
    this.pageSize = file.pageSize;
    this.usable = file.pageSize - RESERVED;
    this.pageCount = wal !== undefined && wal.committedFrames > 0 ? wal.committedPages : file.pageCount;
    this.#frames = newestFrames(wal, this.pageCount);
  }

  /** The frame that stands for a page; 0 for one that the file itself holds. */
  frameOf(page: number): number {
    return this.#frames[page] ?? 0;
  }

  /** False where the bytes are not what was written. */
  read(page: number, image: PageImage): boolean {
    const frame = this.frameOf(page);
    if (frame === 0 || this.#wal === undefined) return this.#file.read(page, image);
    return this.#wal.read(frame, image, this.#file.cipher);
  }

  /** Where a page lies: in the write-ahead log or in the file, and from which byte on. */
  offsetOf(page: number): number {
    const frame = this.frameOf(page);
    return frame === 0 || this.#wal === undefined ? (page - 1) * this.pageSize : this.#wal.offsetOf(frame);
  }
}

function newestFrames(wal: WalFile | undefined, pageCount: number): Uint32Array {
  if (wal === undefined || wal.committedFrames === 0) return new Uint32Array(0);
  const frames = new Uint32Array(pageCount + 1);
  for (let frame = 1; frame <= wal.committedFrames; frame += 1) {
    const page = wal.pageOf(frame);
    if (page <= pageCount) frames[page] = frame;
  }
  return frames;
}
