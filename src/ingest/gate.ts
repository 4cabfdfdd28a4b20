import { ExitCode, UserError } from '../base/errors.ts';
import { TagSet } from '../base/tag-set.ts';
import { epochOf, type Instant } from '../base/time.ts';
import { listSuppressions, type StoredSuppression } from '../duties/suppression-list.ts';
import { suppressionHex, tagOfReach } from '../people/digests.ts';
import type { Identifier } from '../people/identifier.ts';
import type { ReachDigest, Reader, Suppression } from '../store/store.ts';

export type SuppressionReason = Suppression['reason'];

/** One identifier, or natural key of a row, that may not come back. */
export interface GateEntry {
  readonly id: number;
  readonly tag: number;
  /** Hex, so that it can be looked up. */
  readonly digest: string;
  readonly kind: string;
  readonly reason: SuppressionReason;
  readonly subject: number;
  readonly request: number;
  /** The act that suppressed it. */
  readonly since: Instant;
  /** Digest of the account row that was let in under it since. */
  readonly admitted: string | undefined;
}

/** All suppressions of a ledger at one moment, as plain data for a thread. */
export interface GateData {
  /** HMAC key of the digests. */
  readonly key: Uint8Array;
  /** Ascending by id. */
  readonly entries: readonly GateEntry[];
  /** Rows that were let in by a decision: digest, and the entries that do not count for them. */
  readonly admitted: readonly { readonly row: string; readonly against: readonly number[] }[];
}

/** One row as the gate asks for it. */
export interface GateRow {
  /** Digest by `rowDigest`; undefined for a row without a key. */
  readonly row: string | undefined;
  /** Whether it is one person's account row. */
  readonly isAccount: boolean;
  /** Epoch seconds of its own date. */
  readonly at: number | undefined;
}

/** Reads the suppressions in force. */
export async function readGate(
  tx: Pick<Reader, 'suppressions' | 'entries'>,
  key: Uint8Array,
): Promise<GateData> {
  const entries = (await listSuppressions(tx)).map(gateEntry);
  const admitted = await tx.entries('set-aside', { state: 'admitted' });
  return { key, entries, admitted: admitted.map(({ row, against }) => ({ row, against })) };
}

function gateEntry(stored: StoredSuppression): GateEntry {
  const { id, tag, digest, kind, reason, subject, request, since, admitted } = stored;
  const known = { id, tag, kind, reason, subject, request, since };
  return {
    ...known,
    digest: Buffer.from(digest).toString('hex'),
    admitted: admitted?.row,
  };
}

/** Refuses a load during which somebody was suppressed: its first rows met a gate that did not know them. */
export async function requireSameGate(tx: Pick<Reader, 'suppressions'>, before: GateData): Promise<void> {
  // Their numbers only ever rise.
  const fresh = await tx.suppressions(before.entries.at(-1)?.id ?? 0, 1);
  if (fresh.length === 0) return;
  throw new UserError(
    'gate-changed',
    'a person was suppressed while the file was loading; nothing of it was loaded',
    {
      exit: ExitCode.busy,
      hint: 'run the same command again',
    },
  );
}

/** As many as stay small; one person's rows and lines lie together. */
const MAX_KNOWN = 1 << 14;

/**
 * Says which suppressions an identifier meets. The tags of reach digests, which every row has anyway,
 * are the first look; an HMAC is computed only where a tag is known, and once for an identifier that
 * comes again. Without suppressions both cost nothing.
 */
export class Gate {
  /** HMAC key of the digests. */
  readonly key: Uint8Array;
  readonly #tags: TagSet;
  readonly #entries: ReadonlyMap<string, readonly GateEntry[]>;
  readonly #kinds: ReadonlySet<string>;
  readonly #admitted: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #known = new Map<string, readonly GateEntry[]>();

  constructor({ key, entries, admitted }: GateData) {
    this.key = key;
    this.#tags = new TagSet(entries.map(({ tag }) => tag));
    this.#entries = Map.groupBy(entries, ({ digest }) => digest);
    this.#kinds = new Set(entries.map(({ kind }) => kind));
    this.#admitted = new Map(admitted.map(({ row, against }) => [row, new Set(against)]));
  }

  /** Whether nobody is suppressed at all. */
  get isOpen(): boolean {
    return this.#tags.size === 0;
  }

  /** Whether anything of a kind is suppressed. */
  knowsKind(kind: string): boolean {
    return this.#kinds.has(kind);
  }

  /** Whether one of a row's identifiers may be suppressed; false is certain. */
  mayHold(digests: readonly ReachDigest[]): boolean {
    for (const digest of digests) if (this.#tags.has(tagOfReach(digest))) return true;
    return false;
  }

  /** As `mayHold`, by the tag of one identifier. */
  mayHoldTag(tag: number): boolean {
    return this.#tags.has(tag);
  }

  /** All suppressions of an identifier, whoever was let in under them since. */
  entriesOn(identifier: Identifier): readonly GateEntry[] {
    const name = `${identifier.kind}\0${identifier.value}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const entries = this.#entries.get(suppressionHex(this.key, identifier)) ?? [];
    this.#known.set(name, entries);
    return entries;
  }

  /** The suppressions that count against a row: those under which neither it nor its account was let in. */
  against(identifier: Identifier, row: GateRow): readonly GateEntry[] {
    return this.entriesOn(identifier).filter((entry) => !this.#isLetIn(entry, row));
  }

  #isLetIn({ id, reason, admitted, since }: GateEntry, { row, isAccount, at }: GateRow): boolean {
    if (row !== undefined && (admitted === row || this.#admitted.get(row)?.has(id) === true)) return true;
    // What is dated since then is that account's; a stop has no end that a date could tell.
    const isOthers = admitted !== undefined && reason === 'erased' && !isAccount;
    return isOthers && at !== undefined && at >= epochOf(since);
  }
}

/** Of several suppressions the stop counts: it lets less through. */
export function reasonOf(entries: readonly GateEntry[]): SuppressionReason | undefined {
  if (entries.length === 0) return undefined;
  return entries.some(({ reason }) => reason === 'parental-stop') ? 'parental-stop' : 'erased';
}
