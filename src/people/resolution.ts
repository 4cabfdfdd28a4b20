import type { Instant } from '../base/time.ts';
import type { Strength } from '../policy/types.ts';
import type { StoredRecord, SubjectAnchor, SubjectId } from '../store/store.ts';
import type { Identifier } from './identifier.ts';

/** Why an identifier belongs to a person. */
export type Via = 'account-row' | 'staff-link' | 'anchor' | 'beside';

/** An identifier of a person. */
export interface OwnIdentifier {
  readonly identifier: Identifier;
  readonly strength: Strength;
  /**
   * On their account row, given by staff, what a person without account is known by, or found beside
   * a stronger one of theirs.
   */
  readonly via: Via;
  /** The sources in whose rows it stands for this person, by name. */
  readonly sources: readonly string[];
  /** Whether rows and lines with it are theirs; false for unproved, shared and network ones. */
  readonly reaches: boolean;
  /** Reaches log lines of this time alone. */
  readonly window?: { readonly from: Instant; readonly to: Instant };
}

/** An identifier of a person that is another's too, or nobody's for sure: it reaches nothing. */
export interface SharedIdentifier {
  readonly identifier: Identifier;
  readonly strength: Strength;
  /** Rows that would follow it; undefined where they are too many to read. */
  readonly rows: number | undefined;
}

/** A row of a person, once for each role that is theirs. */
export interface OwnRecord {
  readonly record: StoredRecord;
  readonly role: string;
}

/** What to look for in a log: lines whose strongest identifier this is. */
export interface EventIdentifier {
  readonly source: string;
  readonly identifier: Identifier;
  /** Only lines from `from` on and before `to`. */
  readonly window?: { readonly from: Instant; readonly to: Instant };
}

/** One person and all that is theirs: what access shows and delete touches. */
export interface Resolution {
  /** Their number; undefined until the caller gives one, with `anchor`. */
  readonly subject: SubjectId | undefined;
  /** Every number under which they are known, ascending: holds and refusals of each count. */
  readonly subjects: readonly SubjectId[];
  readonly anchor: SubjectAnchor;
  readonly identifiers: readonly OwnIdentifier[];
  /** Rows in use and, with the state `retained`, rows kept for them: by id, then role. */
  readonly records: readonly OwnRecord[];
  readonly shared: readonly SharedIdentifier[];
  /** Rows of others in which an identifier of theirs stands beside a stronger one. */
  readonly hiddenRows: number;
  readonly events: readonly EventIdentifier[];
  /** Whether an erasure was carried out for them. */
  readonly erased: boolean;
  /** Other persons who were erased here under an identifier that is now theirs. */
  readonly erasedBefore: readonly SubjectId[];
}

/** What a search for one person came to. */
export type Outcome =
  | { readonly kind: 'person'; readonly person: Resolution }
  /** One identifier, several persons: whoever asks has to choose; `more` were not read. */
  | { readonly kind: 'candidates'; readonly candidates: readonly Resolution[]; readonly more: number }
  /**
   * No row knows them. Log lines still may: `events` says where to look, and a caller who finds some gives
   * the number by `anchor` and links the identifier to it. Never for a network address.
   */
  | {
      readonly kind: 'nobody';
      readonly anchor: SubjectAnchor | undefined;
      readonly events: readonly EventIdentifier[];
    };
