import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { Aegis256 } from './cipher.ts';

/**
 * Files of the driver's cipher (SQLite3 Multiple Ciphers, `aegis`: AEGIS-256), page by page. At the end of each
 * page stand a tag of 32 bytes and a nonce of 32. The stream of ledger key and nonce gives the page's own key
 * and nonce, whose last four bytes are the page's number. Page 1 keeps bytes 0-23 in the clear: a salt in place
 * of SQLite's first words, then its page size and fixed fields; the tag is over all else. A wrong key and a
 * flipped bit both show.
 */

/** What each page gives away to tag and nonce. */
export const RESERVED = 64;

const TAG_WORDS = 8;
const CLEAR_WORDS = 6;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

/** Memory for one page, as bytes and as words. */
export interface PageImage {
  readonly bytes: Buffer;
  readonly words: Uint32Array;
}

/** Makes the memory for one page. */
export function newImage(size: number): PageImage {
  const memory = new ArrayBuffer(size);
  return { bytes: Buffer.from(memory), words: new Uint32Array(memory) };
}

/** Takes pages out of the cipher under one key. */
export class PageCipher {
  readonly #key: Uint32Array;
  readonly #aegis = new Aegis256();
  readonly #once = new Uint32Array(16);

  constructor(keyHex: string) {
    this.#key = new Uint32Array(new Uint8Array(Buffer.from(keyHex, 'hex')).buffer);
  }

  /** Deciphers a page in place; false where its tag does not fit, and then the bytes mean nothing. */
  open({ bytes, words }: PageImage, page: number): boolean {
    const body = words.length - RESERVED / 4;
    const from = this.#start(words, page);
    this.#aegis.decrypt(words, from, body);
    const isIntact = this.#aegis.tag(body - from).every((word, at) => word === words[body + at]);
    if (page === 1) MAGIC.copy(bytes);
    return isIntact;
  }

  /** Ciphers a page in place, under the nonce that it has. */
  close({ words }: PageImage, page: number): void {
    const body = words.length - RESERVED / 4;
    const from = this.#start(words, page);
    this.#aegis.encrypt(words, from, body);
    words.set(this.#aegis.tag(body - from), body);
  }

  /** Begins the message of a page and says at which word it does. */
  #start(words: Uint32Array, page: number): number {
    this.#aegis.start(this.#key, words.subarray(words.length - TAG_WORDS));
    this.#once.fill(0);
    this.#aegis.encrypt(this.#once, 0, this.#once.length);
    new DataView(this.#once.buffer).setUint32(60, page);
    this.#aegis.start(this.#once.subarray(0, 8), this.#once.subarray(8));
    return page === 1 ? CLEAR_WORDS : 0;
  }
}

/** A file that is read at any place, without locks: for a process that has no connection to it. */
export class RawFile {
  readonly #fd: number;
  readonly size: number;
  readonly #stamp: string;

  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    this.size = fstatSync(this.#fd).size;
    this.#stamp = this.#now();
  }

  /** Fills the memory from a place; false where the file ends before. */
  read(into: Uint8Array, at: number): boolean {
    return readSync(this.#fd, into, 0, into.length, at) === into.length;
  }

  /** Whether nobody has written to the file since it was opened. */
  isUnchanged(): boolean {
    return this.#now() === this.#stamp;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #now(): string {
    const { size, mtimeNs, ino, nlink } = fstatSync(this.#fd, { bigint: true });
    return [size, mtimeNs, ino, nlink].join(' ');
  }
}

/** The page size that stands in the clear on page 1; undefined where that is no page 1 of this cipher. */
function clearPageSize(head: Uint8Array): number | undefined {
  const [high = 0, low = 0, , , reserved, most, least, leaf] = head.subarray(16, 24);
  const stored = (high << 8) | low;
  const size = stored === 1 ? 65_536 : stored;
  const isSize = size >= 512 && (size & (size - 1)) === 0;
  // File format §1.3: these three are fixed.
  return isSize && reserved === RESERVED && most === 64 && least === 32 && leaf === 32 ? size : undefined;
}

/** The pages of one database file under the first key that fits. */
export class PageFile {
  readonly pageSize: number;
  readonly pageCount: number;
  /** Bytes after the last whole page. */
  readonly rest: number;
  readonly cipher: PageCipher;
  readonly #file: RawFile;

  private constructor(file: RawFile, pageSize: number, cipher: PageCipher) {
    this.#file = file;
    this.pageSize = pageSize;
    this.cipher = cipher;
    this.pageCount = Math.floor(file.size / pageSize);
    this.rest = file.size % pageSize;
  }

  /** Undefined where no key opens it. */
  static open(file: RawFile, keys: readonly string[]): PageFile | undefined {
    const head = new Uint8Array(24);
    const pageSize = file.read(head, 0) ? clearPageSize(head) : undefined;
    if (pageSize === undefined) return undefined;
    for (const key of keys) {
      const pages = new PageFile(file, pageSize, new PageCipher(key));
      if (pages.#fits()) return pages;
    }
    return undefined;
  }

  /** One damaged page does not make the key a wrong one. */
  #fits(): boolean {
    const image = newImage(this.pageSize);
    for (let page = 1; page <= Math.min(this.pageCount, TRIED_PAGES); page += 1)
      if (this.read(page, image)) return true;
    return false;
  }

  /** Reads and deciphers a page; false where its tag does not fit, or the file lacks it. A hole stays zero. */
  read(page: number, image: PageImage): boolean {
    if (!this.#file.read(image.bytes, (page - 1) * this.pageSize)) {
      image.words.fill(0);
      return false;
    }
    return isHole(image.words) || this.cipher.open(image, page);
  }
}

/** Never written: the page of SQLite's lock bytes at 1 GiB, and what a file grew by before it was filled. */
function isHole(words: Uint32Array): boolean {
  const last = words.length - 1;
  return words[last] === 0 && words[last - RESERVED / 4] === 0 && words.every((word) => word === 0);
}

const TRIED_PAGES = 8;
