import type { Instant, PlainDate } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import type { Plan } from '../plan/plan.ts';
import type { RequestState } from '../requests/transitions.ts';
import type { RecordId, SubjectId } from './store.ts';

/** The kinds of things that are kept beside the data, each a typed row of one table. */
export interface Registers {
  readonly request: Request;
  readonly plan: StoredPlan;
  readonly hold: LegalHold;
  readonly parent: ParentLink;
  readonly consent: ConsentStep;
  readonly 'work-order': WorkOrder;
  readonly decision: StaffDecision;
  readonly package: PackageEntry;
  readonly purge: PurgeRun;
  readonly 'set-aside': SetAsideRow;
  readonly proof: ByteProof;
  readonly backup: BackupEntry;
  readonly journal: JournalEntry;
  readonly restore: RestoreEntry;
  readonly checkpoint: IssuedCheckpoint;
}

export type RegisterKind = keyof Registers;

interface Entry {
  readonly id: number;
  /** Short word that listings filter by. */
  readonly state: string;
  readonly subject: SubjectId | undefined;
}

export type RequestType = 'access' | 'edit' | 'delete' | 'parental-review';
export type ParentalAction = 'describe' | 'review' | 'delete' | 'stop';
export type AccessLevel = 'categories' | 'specific';

/** One exercise of a right, with its file: who asked, when, how, what was done. */
export interface Request extends Entry {
  readonly state: RequestState;
  readonly type: RequestType;
  readonly regime: string;
  readonly channel: string | undefined;
  readonly requester: string;
  readonly receivedOn: PlainDate;
  readonly dueOn: PlainDate | undefined;
  readonly openedAt: Instant;
  readonly verification: Verification;
  /** What was asked for, while nobody is known by it; else the subject stands for the person. */
  readonly asked: Identifier | undefined;
  /** Parental review: which of the four, and by which parent. */
  readonly parental: { readonly action: ParentalAction; readonly parent: SubjectId | undefined } | undefined;
  readonly level: AccessLevel;
  /** Digest of the newest plan. */
  readonly plan: string | undefined;
  readonly approval: { readonly plan: string; readonly actor: string; readonly at: Instant } | undefined;
  readonly history: readonly RequestMove[];
  /** What staff wrote in their own words; never in the audit log. */
  readonly notes: readonly { readonly at: Instant; readonly actor: string; readonly text: string }[];
  /** What the run did, for the register and for deletions reports. */
  readonly outcome: RequestOutcome | undefined;
  /** How many certificates of it were issued. */
  readonly certificates?: number;
  /** How many rows of the erased person exports have brought since, and how many that may be theirs. */
  readonly brought?: { readonly returned: number; readonly doubtful: number };
}

export interface RequestMove {
  readonly at: Instant;
  readonly actor: string;
  readonly from: RequestState | undefined;
  readonly to: RequestState;
  readonly reason: string | undefined;
}

export interface Verification {
  readonly verified: boolean;
  readonly method: string | undefined;
  readonly matched: number;
  readonly needed: number;
  readonly tries: number;
}

export interface RequestOutcome {
  readonly at: Instant;
  readonly applied: readonly AppliedGroup[];
  readonly remains: readonly PermittedRemain[];
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
  readonly orders: number;
  readonly bytes: BytesState;
}

/**
 * What became of the bytes of erased data: waiting for a scrub, rewritten, and then looked for: none found
 * that may not be there, or some. Moves only on what was seen.
 */
export type BytesState = 'not-needed' | 'pending' | 'scrubbed' | 'proven' | 'residue';

/** One group of a plan after it was carried out. */
export interface AppliedGroup {
  readonly source: string;
  readonly category: string;
  readonly action: string;
  readonly count: number;
  readonly basis: string | undefined;
  readonly until: PlainDate | undefined;
}

export interface PermittedRemain {
  readonly source: string;
  readonly category: string;
  readonly count: number;
  readonly fields: readonly string[];
  readonly basis: string;
  readonly until: PlainDate | undefined;
}

/** A plan as it was shown; `run` compares with it. State: `open`, `applied`, `replaced`, `expired`. */
export interface StoredPlan extends Entry {
  readonly request: number | undefined;
  readonly digest: string;
  readonly plannedBy: string;
  readonly plan: Plan;
  /** What was wished, to plan again at running; personal values are dropped once applied. */
  readonly edits: readonly FieldEdit[];
  readonly grounds: readonly string[];
}

/** One wish of a correction: a place in the map and its new value; no value means unset. */
export interface FieldEdit {
  readonly source: string;
  readonly key: string | undefined;
  readonly field: string;
  readonly value: string | undefined;
}

/** A duty to preserve. State: `placed`, `released`. */
export interface LegalHold extends Entry {
  /** Matter code of the controller's legal staff; never a name. */
  readonly matter: string;
  readonly category: string | undefined;
  readonly source: string | undefined;
  readonly reason: string;
  readonly reviewOn: PlainDate | undefined;
  readonly placedAt: Instant;
  readonly placedBy: string;
  readonly releasedAt: Instant | undefined;
  readonly releasedBy: string | undefined;
}

/** A parent of a child; `subject` is the child. State: `linked`, `ended`. */
export interface ParentLink extends Entry {
  readonly parent: SubjectId;
  readonly linkedAt: Instant;
  readonly reason: string;
}

/** One step of parental consent; `subject` is the child. State: `given`, `withdrawn`. */
export interface ConsentStep extends Entry {
  readonly parent: SubjectId;
  readonly step: string;
  readonly policyVersion: number;
  readonly at: Instant;
}

export type WorkAction = 'delete' | 'change' | 'keep-fields' | 'anonymise' | 'end-sign-in';

/** What a later export said of an order. */
export type OrderVerdict =
  | 'gone'
  | 'still-there'
  | 'changed-as-ordered'
  | 'old-value-again'
  | 'new-value'
  | 'not-provable';

/** The newest verdict on an order. */
export interface JudgedOrder {
  readonly verdict: OrderVerdict;
  /** A stable code where the verdict needs one: `export-older`, `row-count-fell`, `columns-changed`. */
  readonly why: string | undefined;
  readonly import: number;
  readonly at: Instant;
}

/**
 * What a system upstream has to do. State: `ordered`, `confirmed`, `ended`, `cancelled`. Holds no clear
 * key and no clear value.
 */
export interface WorkOrder extends Entry {
  readonly source: string;
  readonly action: WorkAction;
  /** Hex suppression digest of `rowIdentifier`: by it a later export shows the row again. */
  readonly digest: string;
  /** `ReachHasher.tag` of the same: the first look at every row. */
  readonly tag: number;
  /** Key and change, for `openOrder`: a permitted remain until it is carried out, then gone. */
  readonly sealed: string | undefined;
  /** The columns that change; of `keep-fields` those that may stay, of `anonymise` those that name the person. */
  readonly fields: readonly string[];
  /** `anonymise`: column → hex suppression digest of the identifier that stands in it. */
  readonly naming?: { readonly [column: string]: string } | undefined;
  readonly record: RecordId | undefined;
  /** Where the row stood in the file that had brought it. */
  readonly place?: { readonly import: number; readonly line: number } | undefined;
  readonly request: number;
  readonly orderedAt: Instant;
  readonly endedAt: Instant | undefined;
  /** Who confirmed it: an import, or staff by hand. */
  readonly confirmedBy?: 'import' | 'staff' | undefined;
  /** Staff let the row come back after it was gone. */
  readonly mayReturn?: true | undefined;
  readonly judged?: JudgedOrder | undefined;
}

/** What staff decided on who is who. State: `in-force`, `undone`, `erased` with the person it named. */
export interface StaffDecision extends Entry {
  readonly kind: 'link' | 'unlink' | 'merge';
  /** What was linked or unlinked, normalised; goes when the person is erased. */
  readonly identifier: { readonly kind: string; readonly value: string } | undefined;
  readonly other: SubjectId | undefined;
  /** Window of an IP address. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly reason: string;
  readonly decidedAt: Instant;
  readonly decidedBy: string;
}

/** An access package: `writing`, then `written`, or `failed`; `removing` and `removed` after the person's erasure. */
export interface PackageEntry extends Entry {
  readonly request: number;
  readonly folder: string;
  /** Hex SHA-256 of its manifest, once written. */
  readonly manifest: string | undefined;
  readonly startedAt: Instant;
}

/** One purge that was carried out. State: `done`. */
export interface PurgeRun extends Entry {
  readonly at: Instant;
  readonly plan: string;
  readonly applied: readonly AppliedGroup[];
  readonly protectedCount: number;
  readonly bytes: BytesState;
}

/**
 * A row of a suppressed person that an export brought: kept sealed until staff or a later export decide.
 * `subject` is the suppressed person. State: `waiting`, `admitted`, `dropped`.
 */
export interface SetAsideRow extends Entry {
  readonly source: string;
  readonly import: number;
  readonly line: number;
  /** Hex suppression digest of `rowIdentifier`: the same row again replaces this one. */
  readonly row: string;
  readonly verdict: 'return' | 'doubtful';
  /** Kinds of the identifiers that matched: `user_id`, `email`, `row:users`. */
  readonly kinds: readonly string[];
  /** Numbers of the suppressions that matched. */
  readonly against: readonly number[];
  /** The row, sealed; goes with the decision. */
  readonly sealed: string | undefined;
  /** How many imports have brought it. */
  readonly times: number;
  readonly at: Instant;
  readonly expiresOn: PlainDate;
  readonly decidedAt: Instant | undefined;
  readonly decidedBy: string | undefined;
}

/** One search for the erased bytes of a request. State: `clean`, `residue`, `incomplete`. */
export interface ByteProof extends Entry {
  readonly request: number;
  readonly at: Instant;
  /** Epoch of the ledger file that was searched. */
  readonly epoch: number;
  readonly fingerprints: number;
  readonly searched: {
    readonly files: number;
    readonly pages: number;
    readonly rows: number;
    readonly blocks: number;
    readonly bytes: number;
  };
  readonly hits: { readonly retained: number; readonly another: number; readonly residue: number };
  /** Where residue lies, without a value or a path: `ledger: gap in a leaf page`. */
  readonly places: readonly { readonly kind: string; readonly count: number }[];
  /** Where it could not look: a stable code, and how often. */
  readonly notSearched: readonly { readonly code: string; readonly count: number }[];
}

/**
 * A backup that dsr wrote. State: `writing` (also of one whose run died: the file may be there), `kept`,
 * `expired` once its last day is over; dsr never deletes the file.
 */
export interface BackupEntry extends Entry {
  readonly at: Instant;
  /** Base name only. */
  readonly file: string;
  readonly expiresOn: PlainDate;
  readonly sha256: string;
  readonly auditSize: number;
}

/** The newest journal that was written; there is one entry. State: `written`. */
export interface JournalEntry extends Entry {
  readonly at: Instant;
  /** Base name only. */
  readonly file: string;
  readonly auditSize: number;
}

/**
 * A restore that made this ledger's data. State: `restored` beside a live ledger, `recovered` after it was
 * lost, `recovered-without-journal` where nobody knows what had been done since the backup.
 */
export interface RestoreEntry extends Entry {
  readonly at: Instant;
  /** Size of the audit log in the backup, and when it was taken. */
  readonly auditSize: number;
  readonly takenAt: Instant;
}

/** A checkpoint that left the ledger, so that others can hold dsr to it. State: `issued`. */
export interface IssuedCheckpoint extends Entry {
  readonly at: Instant;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  readonly to: 'terminal' | 'file' | 'package' | 'export' | 'certificate';
}
