import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { ReachDigest } from '../store/store.ts';
import type { Identifier } from './identifier.ts';
import { type SipState, sipAbsorb, sipFinish, sipInit } from './siphash.ts';

/** The keys that are derived from the ledger's one secret. */
export interface DerivedKeys {
  /** 16 bytes, for `ReachHasher`. */
  readonly reach: Uint8Array;
  /** 32 bytes each, for HMAC-SHA256. */
  readonly suppression: Uint8Array;
  readonly subject: Uint8Array;
  readonly fingerprint: Uint8Array;
  /** 32 bytes each, for `sealText`. */
  readonly outbox: Uint8Array;
  readonly setAside: Uint8Array;
  readonly journal: Uint8Array;
}

/** What resolving a person needs of the keys. */
export interface PeopleKeys {
  readonly hasher: ReachHasher;
  readonly suppression: Uint8Array;
  readonly subject: Uint8Array;
}

/** Derives each key by HKDF-SHA256 under a label of its own; the same secret gives the same keys. */
export function deriveKeys(secret: Uint8Array): DerivedKeys {
  if (secret.length < 32) throw new RangeError('a ledger secret has at least 32 bytes');
  const key = (use: string, length: number) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `dsr ledger key v1: ${use}`, length));
  return {
    reach: key('reach', 16),
    suppression: key('suppression', 32),
    subject: key('subject', 32),
    fingerprint: key('fingerprint', 32),
    outbox: key('outbox', 32),
    setAside: key('set-aside', 32),
    journal: key('journal', 32),
  };
}

/**
 * Short keyed digests that find rows and lines and prove nothing: SipHash-2-4 over the UTF-8 bytes of
 * the kind, one to eight NUL bytes that fill its last block, and the value.
 */
export class ReachHasher {
  /** For a thread, which makes a hasher of its own. */
  readonly key: Uint8Array;
  readonly #start: SipState;
  readonly #kinds = new Map<string, SipState>();
  readonly #words = new Int32Array(2);
  #scratch = new Uint8Array(256);

  constructor(key: Uint8Array) {
    this.key = key;
    this.#start = sipInit(key);
  }

  /** The digest of an identifier, an integer of 53 bits. */
  reach({ kind, value }: Identifier): ReachDigest {
    return this.reachOf(kind, value);
  }

  /** As `reach`, of an identifier in its parts. */
  reachOf(kind: string, value: string): ReachDigest {
    const low = this.#tagOf(kind, value);
    return ((this.#words[1] ?? 0) & 0x1fffff) * 2 ** 32 + low;
  }

  /** The tag of an identifier, the low 32 bits of its digest: shelf, tag in event blocks, first look at the gate. */
  tag({ kind, value }: Identifier): number {
    return this.#tagOf(kind, value);
  }

  #tagOf(kind: string, value: string): number {
    const state = this.kind(kind);
    if (this.#write(value)) return this.tagOfBytes(state, this.#scratch, 0, value.length);
    const bytes = Buffer.from(value, 'utf8');
    return this.tagOfBytes(state, bytes, 0, bytes.length);
  }

  /** Writes a text into the scratch memory; false where it is not ASCII. */
  #write(text: string): boolean {
    if (text.length > this.#scratch.length) this.#scratch = new Uint8Array(text.length * 2);
    let units = 0;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      this.#scratch[i] = unit;
      units |= unit;
    }
    return units <= 0x7f;
  }

  /** The tag of the value that lies in `bytes[from, to)` as UTF-8. */
  tagOfBytes(kind: SipState, bytes: Uint8Array, from: number, to: number): number {
    sipFinish(kind, bytes, from, to, this.#words);
    return (this.#words[0] ?? 0) >>> 0;
  }

  /** The prepared state of a kind, for `tagOfBytes`. */
  kind(name: string): SipState {
    const known = this.#kinds.get(name);
    if (known !== undefined) return known;
    const bytes = Buffer.from(name, 'utf8');
    const state = sipAbsorb(this.#start, Buffer.concat([bytes, Buffer.alloc(8 - (bytes.length % 8))]));
    this.#kinds.set(name, state);
    return state;
  }
}

/** The tag that `ReachHasher.tag` gives for the identifier of a reach digest. */
export function tagOfReach(digest: ReachDigest): number {
  return digest >>> 0;
}

const prepared = new WeakMap<Uint8Array, KeyObject>();

/** A key of bytes would be made ready again for every digest, which takes three times as long as the digest. */
function ready(key: Uint8Array): KeyObject {
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  prepared.set(key, made);
  return made;
}

/** HMAC-SHA256 of kind, NUL and value: recognises an erased identifier and does not name it. */
export function suppressionDigest(key: Uint8Array, identifier: Identifier): Uint8Array {
  return createHmac('sha256', ready(key)).update(`${identifier.kind}\0${identifier.value}`).digest();
}

/** The same in hex, as it is looked up and kept in registers. */
export function suppressionHex(key: Uint8Array, identifier: Identifier): string {
  return Buffer.from(suppressionDigest(key, identifier)).toString('hex');
}

/** What stands for a row of a source in digests: its natural key, under a kind that no policy can have. */
export function rowIdentifier(source: string, key: string): Identifier {
  return { kind: `row:${source}`, value: key };
}

/** HMAC-SHA256 of the text of an anchor: what the ledger keeps of a person beside their rows. */
export function anchorDigest(key: Uint8Array, anchor: string): Uint8Array {
  return createHmac('sha256', ready(key)).update(anchor).digest();
}
