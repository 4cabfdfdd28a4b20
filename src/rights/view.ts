import type { Instant } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import type { EventIdentifier } from '../people/resolution.ts';
import type { Seal } from '../plan/digest.ts';
import type { Policy } from '../policy/types.ts';
import type { LegalHold } from '../store/registers.ts';
import type { StoredRecord, SubjectId } from '../store/store.ts';

/** One row of the person, and their place in it. */
export interface OwnRow {
  readonly record: StoredRecord;
  readonly role: string;
}

/** Log lines that belong to the person, by source. */
export interface OwnLines {
  readonly source: string;
  readonly lines: number;
  /** Epoch seconds of the newest line. */
  readonly lastAt?: number | undefined;
}

/** Everything that is theirs: access gives it, deletion touches it, neither knows another set. */
export interface SubjectView {
  /** Undefined where nobody is known. */
  readonly subject: SubjectId | undefined;
  /** Every number they are known under, after merges. */
  readonly subjects: readonly SubjectId[];
  readonly rows: readonly OwnRow[];
  readonly lines: readonly OwnLines[];
  /** Account, contact and device identifiers; addresses of networks are nobody's own. */
  readonly identifiers: readonly Identifier[];
  /** What to look for in the logs. */
  readonly wanted: readonly EventIdentifier[];
  /** What the person is told beside the rows. */
  readonly notes: readonly string[];
  /** Of the notes, those that are about one identifier of theirs. */
  readonly noted?: readonly { readonly identifier: Identifier; readonly note: string }[] | undefined;
  /** Of the notes, what is left out because it was not verified. */
  readonly unverified?: readonly string[];
}

/** What every planner needs beside the person; the instant is an argument, never the clock. */
export interface PlanContext {
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly instant: Instant;
  readonly holds: readonly LegalHold[];
  readonly seal: Seal;
}
