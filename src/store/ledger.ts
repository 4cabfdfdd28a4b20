import type { Instant } from '../base/time.ts';
import type { ReachHasher } from '../people/digests.ts';
import type { Policy } from '../policy/types.ts';
import type { Actor, Store } from './store.ts';

/** The keys of a ledger's secrets file, derived per use. */
export interface LedgerKeys {
  /** Keyed digests of identifiers: reach, tags, shelves. */
  readonly hasher: ReachHasher;
  /** HMAC key of suppression digests. */
  readonly suppression: Uint8Array;
  /** HMAC key of subject anchors. */
  readonly subject: Uint8Array;
}

/** An open ledger with all that a use case needs: who acts, at which instant, under which policy. */
export interface Ledger {
  readonly path: string;
  readonly store: Store;
  readonly keys: LedgerKeys;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly rehearsal: boolean;
  readonly actor: Actor;
  readonly now: Instant;
}
