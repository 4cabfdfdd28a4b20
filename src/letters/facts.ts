import type { Instant, PlainDate } from '../base/time.ts';
import type { Policy } from '../policy/types.ts';
import type { Request, WorkOrder } from '../store/registers.ts';

/** What somebody wants in a letter beside what the ledger says. */
export interface LetterWish {
  /** Reason code of a refusal or an extension. */
  readonly reason?: string | undefined;
  /** Words of staff: the facts of a refusal, the question of a clarification. */
  readonly note?: string | undefined;
  /** What whoever asks may show, one line each. */
  readonly proofs?: readonly string[] | undefined;
  /** A code, for the letter that brings it; the ledger keeps the letter without it. */
  readonly code?: string | undefined;
  readonly codeValidUntil?: Instant | undefined;
}

/** All that a letter is made from. */
export interface LetterFacts extends LetterWish {
  readonly policy: Policy;
  readonly request: Request;
  readonly today: PlainDate;
  /** Whether type and regime ask for a verification at all. */
  readonly needsProof: boolean;
  readonly orders: readonly WorkOrder[];
  /** What is kept of a deletion itself. */
  readonly kept: readonly KeptOwn[];
  readonly backups: readonly KeptBackup[];
}

/** Something that dsr keeps of a deletion itself. */
export interface KeptOwn {
  readonly what: string;
  readonly count: number;
  /** A day, `closed+P24M`, `confirmed`, or null where only staff ends it. */
  readonly until: string | null;
}

/** A backup that still holds copies. */
export interface KeptBackup {
  readonly of: 'ledger' | 'upstream';
  readonly name: string | null;
  readonly over_on: PlainDate | null;
}
