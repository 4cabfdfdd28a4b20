import type { PageCipher, PageImage, RawFile } from './pages.ts';

const HEADER = 32;
const FRAME_HEADER = 24;
const BIG_ENDIAN_SUMS = 0x377f0683;
const LITTLE_ENDIAN_SUMS = 0x377f0682;

/**
 * A write-ahead log (SQLite file format §4). Its frames are pages under the cipher of their page number, its
 * checksums are over the ciphered bytes. What readers see is each page's newest frame up to the last commit;
 * frames past it, of earlier rounds or of transactions that were undone, are leftovers all the same.
 */
export class WalFile {
  readonly frameCount: number;
  /** Bytes after the last whole frame. */
  readonly rest: number;
  /** The database's length in pages as of the last commit; 0 without one. */
  readonly committedPages: number;
  /** Frames that readers may see: those up to the last commit. */
  readonly committedFrames: number;
  readonly #file: RawFile;
  readonly #pageSize: number;
  readonly #head = Buffer.alloc(FRAME_HEADER);

  constructor(file: RawFile, pageSize: number) {
    this.#file = file;
    this.#pageSize = pageSize;
    const body = Math.max(0, file.size - HEADER);
    this.frameCount = Math.floor(body / (FRAME_HEADER + pageSize));
    this.rest =
      file.size === 0
        ? 0
        : Math.min(file.size, HEADER) < HEADER
          ? file.size
          : body % (FRAME_HEADER + pageSize);
    ({ frames: this.committedFrames, pages: this.committedPages } = this.#findLastCommit());
  }

  /** The page whose image a frame is; frames count from 1. */
  pageOf(frame: number): number {
    this.#file.read(this.#head, this.offsetOf(frame) - FRAME_HEADER);
    return this.#head.readUInt32BE(0);
  }

  /** Where the page of a frame begins in the file. */
  offsetOf(frame: number): number {
    return HEADER + (frame - 1) * (FRAME_HEADER + this.#pageSize) + FRAME_HEADER;
  }

  /** Reads and deciphers a frame; false where its tag does not fit. */
  read(frame: number, image: PageImage, cipher: PageCipher): boolean {
    const page = this.pageOf(frame);
    return this.#file.read(image.bytes, this.offsetOf(frame)) && cipher.open(image, page);
  }

  #findLastCommit(): { readonly frames: number; readonly pages: number } {
    const found = { frames: 0, pages: 0 };
    const head = Buffer.alloc(HEADER);
    if (this.frameCount === 0 || !this.#file.read(head, 0)) return found;
    const magic = head.readUInt32BE(0);
    if (
      (magic !== BIG_ENDIAN_SUMS && magic !== LITTLE_ENDIAN_SUMS) ||
      head.readUInt32BE(8) !== this.#pageSize
    )
      return found;
    const sum = new Checksum(magic === BIG_ENDIAN_SUMS);
    sum.add(head, 0, 24);
    if (!sum.isAt(head, 24)) return found;
    const frame = Buffer.alloc(FRAME_HEADER + this.#pageSize);
    for (let nth = 1; nth <= this.frameCount; nth += 1) {
      this.#file.read(frame, this.offsetOf(nth) - FRAME_HEADER);
      if (frame.compare(head, 16, 24, 8, 16) !== 0) break;
      sum.add(frame, 0, 8);
      sum.add(frame, FRAME_HEADER, frame.length);
      if (!sum.isAt(frame, 16)) break;
      const pages = frame.readUInt32BE(4);
      if (pages > 0) Object.assign(found, { frames: nth, pages });
    }
    return found;
  }
}

/** The running checksum of a write-ahead log (file format §4.2). */
class Checksum {
  readonly #isBigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  add(bytes: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at += 8) {
      this.#first = (this.#first + this.#word(bytes, at) + this.#second) | 0;
      this.#second = (this.#second + this.#word(bytes, at + 4) + this.#first) | 0;
    }
  }

  isAt(bytes: Buffer, at: number): boolean {
    return bytes.readInt32BE(at) === this.#first && bytes.readInt32BE(at + 4) === this.#second;
  }

  #word(bytes: Buffer, at: number): number {
    return this.#isBigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at);
  }
}
