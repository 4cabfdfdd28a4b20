import type { Sighting } from '../duties/verdict.ts';
import { type ReachHasher, rowIdentifier, suppressionHex } from '../people/digests.ts';
import { compileParties, type RowParty, type RowValues } from '../people/identities.ts';
import type { Policy, TableSource } from '../policy/types.ts';

/** The rows of a source that an order is on, as plain data for a thread. */
export interface WatchData {
  /** HMAC key of the digests. */
  readonly key: Uint8Array;
  readonly rows: readonly { readonly tag: number; readonly digest: string }[];
}

/**
 * Recognises in an export the rows that have an order. A tag of 32 bits is the first look, an HMAC is
 * computed only where it is known; without orders nothing is computed at all.
 */
export class RowWatch {
  readonly #source: TableSource;
  readonly #hasher: ReachHasher;
  readonly #kind: string;
  readonly #key: Uint8Array;
  readonly #tags: ReadonlySet<number>;
  readonly #digests: ReadonlySet<string>;
  readonly #parties: (values: RowValues) => RowParty[];

  constructor(source: TableSource, policy: Policy, hasher: ReachHasher, { key, rows }: WatchData) {
    this.#source = source;
    this.#hasher = hasher;
    this.#kind = rowIdentifier(source.name, '').kind;
    this.#key = key;
    this.#tags = new Set(rows.map(({ tag }) => tag));
    this.#digests = new Set(rows.map(({ digest }) => digest));
    this.#parties = compileParties(source, policy);
  }

  /** The sighting of a row that has an order; `values` as the file has them, before the gate. */
  look(line: number, key: string | undefined, values: RowValues): Sighting | undefined {
    if (this.#tags.size === 0 || key === undefined) return undefined;
    if (!this.#tags.has(this.#hasher.tag({ kind: this.#kind, value: key }))) return undefined;
    const digest = suppressionHex(this.#key, { kind: this.#kind, value: key });
    if (!this.#digests.has(digest)) return undefined;
    const filled = this.#source.columns.filter((_, index) => isFilled(values[index]));
    return { digest, key, line, filled, naming: this.#naming(values) };
  }

  #naming(values: RowValues): Sighting['naming'] {
    return this.#parties(values).flatMap((party) =>
      party.identifiers.map(({ column, identifier }) => ({
        column,
        digest: suppressionHex(this.#key, identifier),
      })),
    );
  }
}

function isFilled(value: RowValues[number]): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
