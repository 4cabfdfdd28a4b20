import { epochOf } from '../base/time.ts';
import { logLineOf } from '../formats/log.ts';
import { LogScanner } from '../formats/log-scanner.ts';
import { renderRaw } from '../formats/text.ts';
import { knownWords } from '../people/known-word.ts';
import { LineOwners } from '../people/line-owner.ts';
import type { CountRule, LogSource, Policy } from '../policy/types.ts';
import { EventTally } from '../store/event-tally.ts';
import type { LedgerKeys } from '../store/ledger.ts';
import type { NewBlock, Writer } from '../store/store.ts';
import { Gate, type GateData, type GateEntry, reasonOf } from './gate.ts';
import { LogPacker } from './log-pack.ts';
import { namesSuppressed, SUPPRESSED_NOTE } from './reject-raw.ts';

/** What the gate of a log works by. */
export interface LineGateSetup {
  readonly source: LogSource;
  readonly policy: Pick<Policy, 'identifiers' | 'categories'>;
  readonly keys: Pick<LedgerKeys, 'hasher'>;
  readonly gate: GateData;
}

/** What a deletion leaves of a line: the line, a count, or nothing. */
export type LineVerdict = 'free' | 'counted' | 'out';

/** The verdict on a line by the suppressions that count against its owner at its time. */
export function judgeLine(
  entries: readonly GateEntry[],
  category: Policy['categories'][string] | undefined,
): LineVerdict {
  const reason = reasonOf(entries);
  if (reason === undefined) return 'free';
  if (reason === 'parental-stop') return 'out';
  if (category?.onDelete.subject === 'keep') return 'free';
  return category?.countBy === undefined ? 'out' : 'counted';
}

const LINE_FEED = 10;
const RETURN = 13;
const NOT_COUNTED: CountRule = { by: [] };

/** Leaves of the lines of suppressed people what a deletion would leave of them. */
export class LineGate {
  readonly #setup: LineGateSetup;
  readonly #gate: Gate;
  readonly #owners: LineOwners;
  readonly #scanner: LogScanner;
  readonly #packer: LogPacker;
  readonly #tally: EventTally;

  constructor(setup: LineGateSetup) {
    const { source, policy, keys } = setup;
    this.#setup = setup;
    this.#gate = new Gate(setup.gate);
    this.#owners = new LineOwners(source, policy, keys.hasher);
    this.#scanner = new LogScanner(source.format.type);
    this.#packer = new LogPacker(source.format, this.#owners, []);
    this.#tally = new EventTally(source.name, this.#category?.countBy ?? NOT_COUNTED);
  }

  /** A set-aside line as it may be kept. */
  rawOf(text: string): string {
    const { policy, keys } = this.#setup;
    const scope = { policy, hasher: keys.hasher, gate: this.#gate };
    return namesSuppressed(text, scope) ? SUPPRESSED_NOTE : renderRaw(text);
  }

  /** Blocks of the doubtful lines that are free; of the others it keeps what is counted. */
  admit(chunk: Buffer, places: Uint32Array): readonly NewBlock[] {
    const free: Buffer[] = [];
    for (const place of places) {
      const end = chunk.indexOf(LINE_FEED, place) + 1;
      if (this.#judge(chunk, place, end) === 'free') free.push(chunk.subarray(place, end));
    }
    return free.length === 0 ? [] : this.#packer.pack(Buffer.concat(free)).blocks;
  }

  /** Adds what was counted; belongs into the act that publishes. */
  async putCounts(tx: Writer): Promise<void> {
    const counts = await this.#tally.counts(knownWords(tx, this.#setup, []));
    if (counts.length > 0) await tx.addEventCounts(counts);
  }

  get #category(): Policy['categories'][string] | undefined {
    return this.#setup.policy.categories[this.#setup.source.category];
  }

  /** A device passes on to other people: by it alone lines from before the erasure are theirs, and no later ones. */
  #counting(kind: string, entries: readonly GateEntry[]): readonly GateEntry[] {
    if (this.#setup.policy.identifiers[kind]?.strength !== 'device') return entries;
    return entries.filter(({ since }) => this.#scanner.at < epochOf(since));
  }

  #judge(chunk: Buffer, place: number, end: number): LineVerdict {
    const to = end - 2 > place && chunk[end - 2] === RETURN ? end - 2 : end - 1;
    this.#scanner.scan(chunk, place, to);
    const { kind, value } = this.#owners.ownerOf(this.#scanner, chunk);
    const line = { row: undefined, isAccount: false, at: this.#scanner.at };
    const verdict = judgeLine(
      this.#counting(kind, this.#gate.against({ kind, value }, line)),
      this.#category,
    );
    if (verdict === 'counted') this.#tally.add(logLineOf(this.#scanner, chunk, this.#setup.source.format));
    return verdict;
  }
}
