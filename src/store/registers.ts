import type { Instant, PlainDate } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import type { Plan } from '../plan/plan.ts';
import type { RequestMove, RequestState } from '../requests/transitions.ts';
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
  readonly letter: Letter;
  readonly restriction: Restriction;
  readonly batch: Batch;
}

export type RegisterKind = keyof Registers;

/** What entries are looked up by, beside their number and state; the store keeps an index of each. */
export interface RegisterKeys {
  readonly subject?: SubjectId | undefined;
  /** The request that an entry belongs to. */
  readonly request?: number | undefined;
  /** The day by which somebody has to see to it; undefined where nothing waits. */
  readonly attentionOn?: PlainDate | undefined;
  /** A keyed digest by which the entry is found again: of a foreign id, of an agent. */
  readonly mark?: string | undefined;
}

interface Entry {
  readonly id: number;
  /** Short word that listings filter by. */
  readonly state: string;
  readonly subject: SubjectId | undefined;
}

export type RequestType =
  | 'access'
  | 'edit'
  | 'delete'
  | 'parental-review'
  | 'opt-out'
  | 'opt-in'
  | 'limit'
  | 'restrict'
  | 'objection'
  | 'consent-withdrawal'
  | 'portability'
  | 'complaint'
  | 'unclear';
export type Requester = 'self' | 'agent' | 'parent' | 'heir' | 'household' | 'authority';
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
  /** What has moved the clock since; `law/deadline.ts` makes the days below of it. */
  readonly clock?: RequestClock | undefined;
  /** The last day for the answer, as the clock stands. */
  readonly dueOn: PlainDate | undefined;
  /** The last day for the acknowledgement, where the law has one. */
  readonly acknowledgeBy?: PlainDate | undefined;
  /** `RegisterKeys.attentionOn`, set by `moved`. */
  readonly attentionOn?: PlainDate | undefined;
  /** `RegisterKeys.mark` of a foreign id. */
  readonly mark?: string | undefined;
  /** Where it came in by a protocol, or from a web form. */
  readonly foreign?: ForeignOrigin | undefined;
  /** Who of staff has it. */
  readonly assignee?: string | undefined;
  /** The first request out of the same mail; its own number for that one. */
  readonly bundle?: number | undefined;
  /** The request that this one repeats. */
  readonly duplicateOf?: number | undefined;
  /** Other accounts of the same person that staff have added. */
  readonly alsoSubjects?: readonly SubjectId[] | undefined;
  readonly openedAt: Instant;
  readonly verification: Verification;
  /** What was asked for, while nobody is known by it; else the subject stands for the person. */
  readonly asked: Identifier | undefined;
  /** Parental review: which of the four, and by which parent. */
  readonly parental: { readonly action: ParentalAction; readonly parent: SubjectId | undefined } | undefined;
  readonly level: AccessLevel;
  /** Digest of the newest plan. */
  readonly plan: string | undefined;
  readonly approval: Approval | undefined;
  readonly history: readonly RequestStep[];
  /** What staff wrote in their own words; never in the audit log. */
  readonly notes: readonly { readonly at: Instant; readonly actor: string; readonly text: string }[];
  /** What the run did, for the register and for deletions reports. */
  readonly outcome: RequestOutcome | undefined;
  /** A deletion that waits, so that it can be stopped. */
  readonly waiting?: WaitingTime | undefined;
  /** What was held against the request: a fee asked, found unfounded or excessive, with the burden of proof. */
  readonly burden?: Burden | undefined;
  /** Proofs that were seen: noted, never kept. */
  readonly documents?: readonly SeenDocument[];
  /** What the person contests, and their own words on it. */
  readonly disputes?: readonly Dispute[];
  readonly statements?: readonly Statement[];
  readonly appeal?: Appeal | undefined;
  /** Of an answer that staff gave by hand: whether all that was asked was done. */
  readonly answered?: { readonly at: Instant; readonly extent: 'whole' | 'part' } | undefined;
  /** How many certificates of it were issued. */
  readonly certificates?: number;
  /** How many rows of the erased person exports have brought since, and how many that may be theirs. */
  readonly brought?: { readonly returned: number; readonly doubtful: number };
}

export interface RequestStep {
  readonly at: Instant;
  readonly actor: string;
  /** Undefined in what an earlier dsr wrote. */
  readonly move?: RequestMove | undefined;
  readonly from: RequestState | undefined;
  readonly to: RequestState;
  readonly reason: string | undefined;
}

/** What has moved a clock, days in the controller's zone. */
export interface RequestClock {
  readonly acknowledgedOn?: PlainDate | undefined;
  readonly pauses: readonly ClockPause[];
  readonly extension?: { readonly noticeOn: PlainDate; readonly reason: string } | undefined;
}

/** A time in which something of the requester's was awaited; `to` is missing while it is. */
export interface ClockPause {
  readonly cause: 'identity' | 'clarification' | 'fee';
  readonly from: PlainDate;
  readonly to?: PlainDate | undefined;
}

/** An appeal against a refusal, where the regime has one. */
export interface Appeal {
  readonly receivedOn: PlainDate;
  readonly dueOn: PlainDate | undefined;
  readonly extension?: { readonly noticeOn: PlainDate; readonly reason: string } | undefined;
  readonly decided?: { readonly at: Instant; readonly granted: boolean } | undefined;
}

/** A request of another system: its id is kept as a keyed digest in `mark`, and sealed for answers. */
export interface ForeignOrigin {
  readonly protocol: 'opendsr' | 'drp' | 'form';
  /** Who sent it: an agent id, a controller id. */
  readonly sender: string | undefined;
  readonly sealedId: string;
  /** Sealed members of its form that status objects repeat. */
  readonly sealedDetails?: string | undefined;
  /** Hex SHA-256 of what was asked: the same id with another is refused. */
  readonly asked: string;
}

/** A deletion that waits: restricted at once, the known address told, carried out after `until` at the earliest. */
export interface WaitingTime {
  readonly since: Instant;
  /** The last day of the waiting time. */
  readonly until: PlainDate;
  readonly plan: string;
  readonly restriction: number;
}

export interface Burden {
  readonly at: Instant;
  readonly actor: string;
  readonly finding: 'unfounded' | 'excessive';
  /** A fee asked instead of a refusal, as text: `EUR 15`. */
  readonly fee: string | undefined;
}

/** A document that was looked at: what it was, not what it said. */
export interface SeenDocument {
  readonly at: Instant;
  readonly actor: string;
  /** A code: `signed-permission`, `death-certificate`. */
  readonly kind: string;
}

/** Fields whose accuracy is contested: restricted while that is looked into (GDPR Art. 18(1)(a)). */
export interface Dispute {
  readonly at: Instant;
  readonly actor: string;
  readonly source: string;
  readonly fields: readonly string[];
  readonly restriction: number;
  readonly endedAt?: Instant | undefined;
}

/** The person's own words, which go with the contested data (11 CCR §7023(f), APP 13.4). */
export interface Statement {
  readonly at: Instant;
  readonly actor: string;
  readonly text: string;
}

export interface Verification {
  readonly verified: boolean;
  readonly method: string | undefined;
  readonly matched: number;
  readonly needed: number;
  readonly tries: number;
  /** Hex digests (`suppressionDigest`) of the identifiers that were proved; undefined where the account was. */
  readonly proved?: readonly string[] | undefined;
  /** A declaration under penalty of perjury was signed (11 CCR §7062(c)). */
  readonly declared?: boolean | undefined;
  /** The code that was sent last, as a digest. */
  readonly code?: SentCode | undefined;
}

/** A code that was sent to an address of the ledger: only its keyed digest is kept. */
export interface SentCode {
  readonly digest: string;
  readonly sentAt: readonly Instant[];
  readonly expiresAt: Instant;
  /** Hex digest (`suppressionDigest`) of the identifier that it went to. */
  readonly to: string;
  readonly kind: string;
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

/** A letter of a request. State: `drafted`, then `sent`. */
export interface Letter extends Entry {
  readonly request: number;
  /** `acknowledgement`, `extension`, `identity`, `answer`, `refusal`, … */
  readonly kind: string;
  readonly at: Instant;
  readonly actor: string;
  readonly text: string;
  /** Hex SHA-256 of the text. */
  readonly sha256: string;
  readonly sentOn?: PlainDate | undefined;
  /** How it went: `email`, `letter`, `account`. */
  readonly channel?: string | undefined;
}

/** Rows that are only stored, not used (GDPR Art. 18). State: `placed`, `lifted`. */
export interface Restriction extends Entry {
  readonly request: number;
  readonly cause: 'waiting' | 'dispute';
  readonly records: readonly RecordId[];
  readonly placedAt: Instant;
  readonly liftedAt?: Instant | undefined;
}

/** Many requests under one digest. State: `open`, `approved`, `applied`, `replaced`. */
export interface Batch extends Entry {
  /** `sha256:` over the numbers and plans of its requests. */
  readonly digest: string;
  readonly at: Instant;
  readonly plannedBy: string;
  readonly requests: readonly { readonly request: number; readonly plan: string }[];
  readonly approval?: Approval | undefined;
}

/** Who accepted a plan, and how that is known. */
export interface Approval {
  readonly plan: string;
  readonly actor: string;
  readonly at: Instant;
  /** `signature`: signed with a key that the policy has for them; else their word for who they are. */
  readonly by?: 'declaration' | 'signature' | undefined;
  /** Fingerprint of the key: `SHA256:…`. */
  readonly key?: string | undefined;
}
