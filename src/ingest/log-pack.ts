import { TagSet } from '../base/tag-set.ts';
import { Uint32List } from '../base/uint32-list.ts';
import { LogScanner } from '../formats/log-scanner.ts';
import { MAX_RECORD_BYTES, TOO_LONG } from '../formats/text.ts';
import type { LineOwners } from '../people/line-owner.ts';
import type { LogFormat } from '../policy/types.ts';
import { packBody, packTags, SHELVES, shelfOf } from '../store/shelf.ts';
import type { NewBlock } from '../store/store.ts';

const DAY = 86_400;
/** Lines of one chunk; a line that fits a format has 43 bytes or more. */
const MAX_LINES = 1 << 20;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;

/** What a chunk of a log came to. Places are offsets in the chunk. */
export interface PackedChunk {
  /** Lines, blank ones too. */
  readonly lines: number;
  /** Lines that are not blank. */
  readonly rows: number;
  /** By day, then by shelf. */
  readonly blocks: readonly NewBlock[];
  readonly rejects: RejectedLines;
  /** Places of the lines whose owner has a suppressed tag: in no block yet. */
  readonly doubtful: Uint32Array<ArrayBuffer>;
}

/** The lines that do not fit, in their order. */
export interface RejectedLines {
  /** Counting from 1 at the chunk's first line. */
  readonly lines: Uint32Array<ArrayBuffer>;
  readonly places: Uint32Array<ArrayBuffer>;
  /** Indexes into `texts`. */
  readonly reasons: Uint32Array<ArrayBuffer>;
  readonly texts: readonly string[];
}

/** Turns chunks of whole log lines into blocks of the shelves. */
export class LogPacker {
  readonly #scanner: LogScanner;
  readonly #owners: LineOwners;
  readonly #suppressed: TagSet;
  // The lines that fit, one place each.
  readonly #places = new Uint32List();
  readonly #lengths = new Uint32List();
  readonly #tags = new Uint32List();
  readonly #times = new Uint32List();
  readonly #doubtful = new Uint32List();
  readonly #rejects = { lines: new Uint32List(), places: new Uint32List(), reasons: new Uint32List() };
  readonly #texts: string[] = [];
  #lines = 0;
  #blank = 0;
  #sorted: Buffer = Buffer.alloc(0);

  constructor(format: LogFormat, owners: LineOwners, suppressed: Iterable<number>) {
    this.#scanner = new LogScanner(format.type);
    this.#owners = owners;
    this.#suppressed = new TagSet(suppressed);
  }

  /** Packs a chunk that ends in a line feed. */
  pack(chunk: Uint8Array): PackedChunk {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#clear();
    this.#readLines(bytes);
    const { lines, places, reasons } = this.#rejects;
    return {
      lines: this.#lines,
      rows: this.#lines - this.#blank,
      blocks: this.#packDays(bytes),
      rejects: {
        lines: lines.toArray(),
        places: places.toArray(),
        reasons: reasons.toArray(),
        texts: [...this.#texts],
      },
      doubtful: this.#doubtful.toArray(),
    };
  }

  #clear(): void {
    this.#lines = 0;
    this.#blank = 0;
    for (const list of [this.#places, this.#lengths, this.#tags, this.#times, this.#doubtful]) list.clear();
    for (const list of Object.values(this.#rejects)) list.clear();
  }

  #readLines(bytes: Buffer): void {
    const hasNul = bytes.includes(0);
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(LINE_FEED, from);
      this.#lines += 1;
      this.#readLine(bytes, from, end, hasNul);
      from = end + 1;
    }
  }

  #readLine(bytes: Buffer, from: number, end: number, hasNul: boolean): void {
    const to = end > from && bytes[end - 1] === RETURN ? end - 1 : end;
    if (isBlank(bytes, from, to)) {
      this.#blank += 1;
      return;
    }
    const reason = this.#reject(bytes, from, to, hasNul);
    if (reason !== undefined) {
      this.#setAside(from, reason);
      return;
    }
    const tag = this.#owners.tagOf(this.#scanner, bytes);
    if (this.#suppressed.size > 0 && this.#suppressed.has(tag)) {
      this.#doubtful.push(from);
      return;
    }
    this.#places.push(from);
    this.#lengths.push(end + 1 - from);
    this.#tags.push(tag);
    this.#times.push(this.#scanner.at);
  }

  #reject(bytes: Buffer, from: number, to: number, hasNul: boolean): string | undefined {
    if (to - from > MAX_RECORD_BYTES) return TOO_LONG;
    if (hasNul && bytes.subarray(from, to).includes(0)) return 'NUL byte';
    return this.#scanner.scan(bytes, from, to);
  }

  #setAside(place: number, reason: string): void {
    const known = this.#texts.indexOf(reason);
    this.#rejects.lines.push(this.#lines);
    this.#rejects.places.push(place);
    this.#rejects.reasons.push(known < 0 ? this.#texts.push(reason) - 1 : known);
  }

  #packDays(bytes: Buffer): readonly NewBlock[] {
    const count = this.#places.length;
    if (count >= MAX_LINES) throw new RangeError('a chunk has too many lines');
    const days = new Map<number, number[]>();
    let day = -1;
    let places: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const next = Math.floor(this.#times.at(i) / DAY);
      if (next !== day) {
        day = next;
        places = days.get(day) ?? [];
        days.set(day, places);
      }
      places.push(i);
    }
    const inOrder = [...days].sort(([a], [b]) => a - b);
    return inOrder.flatMap(([number, members]) => this.#packDay(bytes, number, members));
  }

  /** A block for each shelf: its lines sorted by tag, those of one tag in the order of the file. */
  #packDay(bytes: Buffer, day: number, members: readonly number[]): readonly NewBlock[] {
    const starts = this.#shelfStarts(members);
    const order = new Float64Array(members.length);
    const next = starts.slice();
    for (const line of members) {
      const tag = this.#tags.at(line);
      const shelf = shelfOf(tag);
      order[next[shelf] as number] = tag * MAX_LINES + line;
      (next[shelf] as number) += 1;
    }
    const blocks: NewBlock[] = [];
    for (let shelf = 0; shelf < SHELVES; shelf += 1) {
      const lines = order.subarray(starts[shelf], starts[shelf + 1]).sort();
      if (lines.length > 0) blocks.push({ shelf, day, ...this.#packLines(bytes, lines) });
    }
    return blocks;
  }

  /** Where each shelf begins when the lines lie shelf by shelf. */
  #shelfStarts(members: readonly number[]): Uint32Array {
    const starts = new Uint32Array(SHELVES + 1);
    for (const line of members) (starts[shelfOf(this.#tags.at(line)) + 1] as number) += 1;
    for (let shelf = 0; shelf < SHELVES; shelf += 1) (starts[shelf + 1] as number) += starts[shelf] as number;
    return starts;
  }

  #packLines(bytes: Buffer, order: Float64Array): Omit<NewBlock, 'shelf' | 'day'> {
    const tags: number[] = [];
    let lastTag = -1;
    let minAt = Number.POSITIVE_INFINITY;
    let maxAt = 0;
    let length = 0;
    for (let i = 0; i < order.length; i += 1) {
      const key = order[i] as number;
      const tag = Math.floor(key / MAX_LINES);
      const line = key - tag * MAX_LINES;
      if (tag !== lastTag) tags.push(tag);
      lastTag = tag;
      const at = this.#times.at(line);
      if (at < minAt) minAt = at;
      if (at > maxAt) maxAt = at;
      length = this.#copyLine(bytes, line, length);
    }
    const body = packBody(this.#sorted.subarray(0, length));
    return { lines: order.length, minAt, maxAt, tags: packTags(tags), body };
  }

  #copyLine(bytes: Buffer, line: number, length: number): number {
    const from = this.#places.at(line);
    const to = from + this.#lengths.at(line);
    const end = length + to - from;
    if (end > this.#sorted.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end * 2, 1 << 18));
      this.#sorted.copy(grown, 0, 0, length);
      this.#sorted = grown;
    }
    bytes.copy(this.#sorted, length, from, to);
    return end;
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && (bytes[at] as number) <= SPACE) at += 1;
  return at === to;
}
