import { ExitCode, UserError } from '../base/errors.ts';
import { suppressionDigest, tagOfReach } from '../people/digests.ts';
import type { Identifier } from '../people/identifier.ts';
import type { ReachDigest, Reader, Suppression } from '../store/store.ts';

export type SuppressionReason = Suppression['reason'];

/** One identifier that may not come back. */
interface GateEntry {
  readonly id: number;
  readonly tag: number;
  /** Hex, so that it can be looked up. */
  readonly digest: string;
  readonly reason: SuppressionReason;
}

/** All suppressions of a ledger at one moment, as plain data for a thread. */
export interface GateData {
  /** HMAC key of the digests. */
  readonly key: Uint8Array;
  readonly entries: readonly GateEntry[];
}

/** Reads the suppressions in force. */
export async function readGate(
  tx: Pick<Reader, 'suppressionTags' | 'suppressionsTagged'>,
  key: Uint8Array,
): Promise<GateData> {
  const entries: GateEntry[] = [];
  for (const tag of await tx.suppressionTags()) {
    for (const { id, digest, reason } of await tx.suppressionsTagged(tag)) {
      entries.push({ id, tag, digest: Buffer.from(digest).toString('hex'), reason });
    }
  }
  return { key, entries };
}

/** Refuses a load during which somebody was suppressed: its first rows met a gate that did not know them. */
export function requireSameGate(before: GateData, now: GateData): void {
  const known = new Set(before.entries.map(({ id }) => id));
  if (now.entries.every(({ id }) => known.has(id))) return;
  throw new UserError(
    'gate-changed',
    'a person was suppressed while the file was loading; nothing of it was loaded',
    {
      exit: ExitCode.busy,
      hint: 'run the same command again',
    },
  );
}

/**
 * Says whether an identifier may not come back. The tags of reach digests, which every row has anyway,
 * are the first look; an HMAC is computed only where a tag is known. Without suppressions both cost nothing.
 */
export class Gate {
  readonly #tags: ReadonlySet<number>;
  readonly #reasons: ReadonlyMap<string, SuppressionReason>;
  readonly #key: Uint8Array;

  constructor({ key, entries }: GateData) {
    this.#key = key;
    this.#tags = new Set(entries.map(({ tag }) => tag));
    // Of two reasons the stop counts: it lets less through.
    const stopsLast = entries.toSorted(
      (a, b) => Number(a.reason === 'parental-stop') - Number(b.reason === 'parental-stop'),
    );
    this.#reasons = new Map(stopsLast.map(({ digest, reason }) => [digest, reason]));
  }

  /** Whether nobody is suppressed at all. */
  get isOpen(): boolean {
    return this.#tags.size === 0;
  }

  /** Whether one of a row's identifiers may be suppressed; false is certain. */
  mayHold(digests: readonly ReachDigest[]): boolean {
    return digests.some((digest) => this.#tags.has(tagOfReach(digest)));
  }

  /** Why an identifier may not come back, or undefined where it may. */
  reasonAgainst(identifier: Identifier): SuppressionReason | undefined {
    return this.#reasons.get(Buffer.from(suppressionDigest(this.#key, identifier)).toString('hex'));
  }
}
