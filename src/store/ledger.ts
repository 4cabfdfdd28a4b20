import type { Instant } from '../base/time.ts';
import type { ReachHasher } from '../people/digests.ts';
import type { Policy, PolicyFiles } from '../policy/types.ts';
import type { Actor, Store } from './store.ts';

/** The keys of a ledger's secrets file, derived per use. */
export interface LedgerKeys {
  /** Keyed digests of identifiers: reach, tags, shelves. */
  readonly hasher: ReachHasher;
  /** HMAC key of suppression digests. */
  readonly suppression: Uint8Array;
  /** HMAC key of subject anchors. */
  readonly subject: Uint8Array;
  /** HMAC key of the fingerprints by which erased bytes are looked for. */
  readonly fingerprint: Uint8Array;
  /** Keys of `sealText`: work orders, set-aside rows of suppressed people, the journal. */
  readonly outbox: Uint8Array;
  readonly setAside: Uint8Array;
  readonly journal: Uint8Array;
  /** Ed25519 seed of 32 bytes: signs checkpoints and certificates. */
  readonly signingSeed: Uint8Array;
}

/** An open ledger with all that a use case needs: who acts, at which instant, under which policy. */
export interface Ledger {
  readonly path: string;
  /** Random id, hex; also in its secrets file. */
  readonly id: string;
  /** Name of its audit log in checkpoints and of the key that signs them. */
  readonly origin: string;
  readonly store: Store;
  readonly keys: LedgerKeys;
  readonly policy: Policy;
  readonly policyVersion: number;
  /** The files that the policy names, as they were when it was applied. */
  readonly policyFiles: PolicyFiles;
  readonly rehearsal: boolean;
  readonly actor: Actor;
  readonly now: Instant;
  /** Why, as whoever acts has said; acts that ask for no reason of their own take it. */
  readonly reason?: string | undefined;
}
