import type { Policy } from '../../policy/types.ts';
import type { HitClass, Remaining } from './classify.ts';
import type { Coverage } from './packed-list.ts';

/** What the prover is to look for, and where; it comes on standard input, keys included. */
export interface ProveJob {
  readonly ledger: string;
  /** Hex: the key in force, and the next one where a scrub has stored it. */
  readonly ledgerKeys: readonly string[];
  /** Base64: of the fingerprints, and of the digests that find rows. */
  readonly fingerprintKey: string;
  readonly reachKey: string;
  /** The one in force: it says whose a row and a log line is. */
  readonly policy: Policy;
  readonly requests: readonly RequestJob[];
  readonly packages: readonly PackageJob[];
  /** Base names of backups: they are kept under a key and an end of their own. */
  readonly backups: readonly string[];
  /** Files and folders that somebody named. */
  readonly named: readonly string[];
}

/** One request: its fingerprints, and what has to be known to judge what is found. */
export interface RequestJob {
  readonly request: number;
  /** Base64. */
  readonly packed: string;
  readonly subjects: readonly number[];
  readonly tags: readonly number[];
  readonly records: readonly (readonly [record: number, why: Remaining])[];
  readonly lines: readonly (readonly [source: string, why: Remaining])[];
}

export interface PackageJob {
  readonly folder: string;
  /** Whose it is. */
  readonly subject: number | undefined;
}

/** Where a find lies; a path is only for whoever asked, never for the ledger. */
export interface FoundPlace {
  readonly request: number;
  readonly file: string;
  /** Undefined where it stands only in what was unpacked. */
  readonly offset: number | undefined;
  /** `gap in a leaf page`, `row of record, column body`, `package`. */
  readonly kind: string;
  readonly class: HitClass;
  /** Whether it lies in a file that somebody named, and not where dsr itself may have left it. */
  readonly named: boolean;
}

export interface ProveReport {
  readonly searched: Searched;
  readonly requests: readonly RequestReport[];
  readonly notSearched: readonly NotSearched[];
}

/** How much was searched. */
export interface Searched {
  readonly files: number;
  readonly pages: number;
  readonly rows: number;
  readonly blocks: number;
  /** What was decoded or unpacked counts again. */
  readonly bytes: number;
}

export interface RequestReport {
  readonly request: number;
  readonly coverage: Coverage;
  readonly found: Readonly<Record<HitClass, number>>;
  /** Of the residue, what lies in no live row of the ledger: another scrub takes it away. */
  readonly dead: number;
  /** Residue in files that somebody named; not in `found`. */
  readonly named: number;
  /** Of residue alone, by kind of place. */
  readonly places: readonly { readonly kind: string; readonly count: number }[];
  /** The first of each class. */
  readonly hits: readonly FoundPlace[];
}

export interface NotSearched {
  readonly code: string;
  readonly count: number;
  /** Where it was first met. */
  readonly file: string;
  readonly named: boolean;
}
