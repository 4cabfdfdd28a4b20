import { type LogLine, logLineOf } from '../formats/log.ts';
import { LogScanner } from '../formats/log-scanner.ts';
import { decodeBytes } from '../formats/log-text.ts';
import type { Identifier } from '../people/identifier.ts';
import { type LineOwner, LineOwners } from '../people/line-owner.ts';
import type { LogSource, Policy } from '../policy/types.ts';
import { type CountRequest, EventTally } from './event-tally.ts';
import type { LedgerKeys } from './ledger.ts';
import { hasTag, type LineSpan, linesOf, spansTagged, splitLines, splitTagged, textOf } from './shelf.ts';
import type { BlockFilter, Reader, StoredBlock, Writer } from './store.ts';

const DAY = 86_400;
const PAGE = 64;
const RETURN = 13;

/** What tells whose a line is. */
export interface EventScope {
  readonly policy: Pick<Policy, 'identifiers'>;
  readonly keys: Pick<LedgerKeys, 'hasher'>;
}

/** The lines of an identifier, all of them or those of a time. */
export interface WantedEvents extends Identifier {
  /** Epoch seconds; `to` is excluded. */
  readonly window?: { readonly from: number; readonly to: number };
}

/** One line that belongs to a wanted identifier. */
export interface FoundEvent {
  /** Without its line end. */
  readonly text: string;
  readonly line: LogLine;
  readonly owner: Identifier;
  readonly at: number;
  readonly import: number;
  readonly block: number;
}

export interface EventFigures {
  readonly lines: number;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
}

/** Gives the lines that belong to one of the identifiers, each read again and compared in full. */
export async function* eventsOf(
  reader: Pick<Reader, 'blocksTagged'>,
  scope: EventScope,
  source: LogSource,
  wanted: readonly WantedEvents[],
): AsyncGenerator<FoundEvent, void, undefined> {
  const stored = new StoredLines(scope, source);
  for await (const { span, owner, at, block } of wantedLines(reader, stored, scope, source, wanted)) {
    const { kind, value } = owner;
    yield { ...stored.show(span), owner: { kind, value }, at, import: block.import, block: block.id };
  }
}

/** Counts the lines that `eventsOf` gives. */
export async function countEvents(
  reader: Pick<Reader, 'blocksTagged'>,
  scope: EventScope,
  source: LogSource,
  wanted: readonly WantedEvents[],
): Promise<EventFigures> {
  const stored = new StoredLines(scope, source);
  let lines = 0;
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  for await (const { at } of wantedLines(reader, stored, scope, source, wanted)) {
    lines += 1;
    firstAt = Math.min(firstAt, at);
    lastAt = Math.max(lastAt, at);
  }
  return lines === 0 ? { lines, firstAt: undefined, lastAt: undefined } : { lines, firstAt, lastAt };
}

interface WantedLine extends LineFacts {
  readonly span: LineSpan;
  readonly block: StoredBlock;
}

async function* wantedLines(
  reader: Pick<Reader, 'blocksTagged'>,
  stored: StoredLines,
  scope: EventScope,
  source: LogSource,
  wanted: readonly WantedEvents[],
): AsyncGenerator<WantedLine, void, undefined> {
  for (const [tag, ones] of byTag(scope, wanted)) {
    for (const block of await reader.blocksTagged(source.name, tag)) {
      for (const span of spansTagged(block, tag, (line) => stored.read(line).owner.tag)) {
        const { owner, at } = stored.read(span);
        if (isWanted(ones, owner, at)) yield { span, owner, at, block };
      }
    }
  }
}

/** The identifiers of this tag to which lines of a source belong, each once. */
export async function ownersTagged(
  reader: Pick<Reader, 'blocksTagged'>,
  scope: EventScope,
  source: LogSource,
  tag: number,
): Promise<readonly Identifier[]> {
  const stored = new StoredLines(scope, source);
  const owners = new Map<string, Identifier>();
  for (const block of await reader.blocksTagged(source.name, tag)) {
    for (const span of spansTagged(block, tag, (line) => stored.read(line).owner.tag)) {
      const { owner } = stored.read(span);
      owners.set(`${owner.kind}\0${owner.value}`, owner);
    }
  }
  return [...owners.values()];
}

/** Takes the lines that `eventsOf` gives out of the ledger, and leaves counts where asked; gives their number. */
export async function eraseEvents(
  writer: Writer,
  scope: EventScope,
  source: LogSource,
  wanted: readonly WantedEvents[],
  counts?: CountRequest,
): Promise<number> {
  const stored = new StoredLines(scope, source);
  const tally = counts === undefined ? undefined : new EventTally(source.name, counts.rule);
  let erased = 0;
  for (const [tag, ones] of byTag(scope, wanted)) {
    for (const block of await writer.blocksTagged(source.name, tag)) {
      const { kept, taken } = splitTagged(
        block,
        tag,
        (line) => tagAndTime(stored.read(line)),
        (line) => {
          const { owner, at } = stored.read(line);
          return isWanted(ones, owner, at);
        },
      );
      if (taken.length > 0) await writer.replaceBlock(block.id, kept);
      erased += taken.length;
      for (const span of taken) tally?.add(stored.show(span).line);
    }
  }
  const left = counts === undefined ? [] : ((await tally?.counts(counts.isKnown)) ?? []);
  if (left.length > 0) await writer.addEventCounts(left);
  return erased;
}

/** What became of a source's lines of the days before a day. */
export interface ExpiredEvents {
  readonly erased: number;
  readonly spared: number;
}

/** Erases the lines of all days before `day` (days since 1970), but those that `eventsOf` gives for `spare`. */
export async function expireEvents(
  writer: Writer,
  scope: EventScope,
  source: LogSource,
  day: number,
  spare: readonly WantedEvents[],
): Promise<ExpiredEvents> {
  const stored = new StoredLines(scope, source);
  const spared = byTag(scope, spare);
  const { lines, toFilter } = await writer.dropBlocksBefore(source.name, day, new Set(spared.keys()));
  let erased = lines;
  let kept = 0;
  for (const id of toFilter) {
    const [block] = await writer.blocks({ source: source.name, toDay: day - 1 }, id - 1, 1);
    if (block?.id !== id) throw new Error(`block ${id} is gone`);
    const isTaken = (owner: LineOwner, at: number) => !isWanted(spared.get(owner.tag) ?? [], owner, at);
    const taken = await rewrite(writer, stored, block, isTaken);
    erased += taken.length;
    kept += block.lines - taken.length;
  }
  return { erased, spared: kept };
}

/** Takes one line, once, out of what an import holds; does nothing where it holds none. */
export async function dropLine(
  writer: Writer,
  scope: EventScope,
  source: LogSource,
  importId: number,
  line: string,
): Promise<void> {
  const stored = new StoredLines(scope, source);
  const bytes = Buffer.from(line, 'latin1');
  const facts = stored.find({ bytes, from: 0, to: bytes.length });
  if (facts === undefined) return;
  const day = Math.floor(facts.at / DAY);
  const filter = { source: source.name, import: importId, fromDay: day, toDay: day };
  for await (const block of pagesOf(writer, filter)) {
    if (!hasTag(block.tags, facts.owner.tag)) continue;
    const place = linesOf(block).indexOf(line);
    if (place < 0) continue;
    let next = 0;
    const { kept } = splitLines(block, (span) => {
      const { owner, at } = stored.read(span);
      next += 1;
      return { tag: owner.tag, at, isTaken: next === place + 1 };
    });
    await writer.replaceBlock(block.id, kept);
    return;
  }
}

async function* pagesOf(reader: Reader, filter: BlockFilter): AsyncGenerator<StoredBlock, void, undefined> {
  for (let page = await reader.blocks(filter, 0, PAGE); page.length > 0; ) {
    yield* page;
    page = await reader.blocks(filter, page.at(-1)?.id ?? 0, PAGE);
  }
}

async function rewrite(
  writer: Writer,
  stored: StoredLines,
  block: StoredBlock,
  isTaken: (owner: LineOwner, at: number) => boolean,
): Promise<readonly LineSpan[]> {
  const { kept, taken } = splitLines(block, (span) => {
    const { owner, at } = stored.read(span);
    return { tag: owner.tag, at, isTaken: isTaken(owner, at) };
  });
  if (taken.length > 0) await writer.replaceBlock(block.id, kept);
  return taken;
}

function tagAndTime({ owner, at }: LineFacts): { readonly tag: number; readonly at: number } {
  return { tag: owner.tag, at };
}

function byTag(
  scope: EventScope,
  wanted: readonly WantedEvents[],
): ReadonlyMap<number, readonly WantedEvents[]> {
  return Map.groupBy(wanted, (one) => scope.keys.hasher.tag(one));
}

function isWanted(wanted: readonly WantedEvents[], owner: LineOwner, at: number): boolean {
  return wanted.some(
    ({ kind, value, window }) =>
      kind === owner.kind &&
      value === owner.value &&
      (window === undefined || (at >= window.from && at < window.to)),
  );
}

interface LineFacts {
  readonly owner: LineOwner;
  readonly at: number;
}

/** Reads the lines of blocks, also those of a policy that named the other format. */
class StoredLines {
  readonly #source: LogSource;
  readonly #owners: LineOwners;
  readonly #scanners: readonly LogScanner[];

  constructor(scope: EventScope, source: LogSource) {
    const { type } = source.format;
    this.#source = source;
    this.#owners = new LineOwners(source, scope.policy, scope.keys.hasher);
    this.#scanners = [new LogScanner(type), new LogScanner(type === 'common' ? 'combined' : 'common')];
  }

  find(span: LineSpan): LineFacts | undefined {
    const scanner = this.#scan(span);
    return scanner && { owner: this.#owners.ownerOf(scanner, span.bytes), at: scanner.at };
  }

  read(span: LineSpan): LineFacts {
    return this.find(span) ?? unreadable();
  }

  show(span: LineSpan): { readonly text: string; readonly line: LogLine } {
    const scanner = this.#scan(span) ?? unreadable();
    const { format } = this.#source;
    const text = decodeBytes(textOf({ ...span, to: endOf(span) }), format.encoding);
    return { text, line: logLineOf(scanner, span.bytes, format) };
  }

  #scan(span: LineSpan): LogScanner | undefined {
    const end = endOf(span);
    for (const scanner of this.#scanners)
      if (scanner.scan(span.bytes, span.from, end) === undefined) return scanner;
    return undefined;
  }
}

/** Without the carriage return of a CRLF. */
function endOf({ bytes, from, to }: LineSpan): number {
  return to > from && bytes[to - 1] === RETURN ? to - 1 : to;
}

function unreadable(): never {
  throw new Error('a stored line fits no format');
}
