import type { Instant, PlainDate } from '../base/time.ts';
import type { Degree } from '../law/verification.ts';
import type { Identifier } from '../people/identifier.ts';
import type { Plan } from '../plan/plan.ts';
import type { REQUEST_TYPES } from '../policy/types.ts';
import type { ACCESS_LEVELS, CAUSES, PARENTAL_ACTIONS, REQUESTERS } from '../requests/choices.ts';
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
  /** By what else the entry is found again: a keyed digest of a foreign id or an agent, the row of a correction. */
  readonly mark?: string | undefined;
}

interface Entry {
  readonly id: number;
  /** Short word that listings filter by. */
  readonly state: string;
  readonly subject: SubjectId | undefined;
}

/** What is asked for. */
export type RequestType = (typeof REQUEST_TYPES)[number];
/** Who asks, for themselves or for another. */
export type Requester = (typeof REQUESTERS)[number];
/** What a parent chose. */
export type ParentalAction = (typeof PARENTAL_ACTIONS)[number];
/** How much an access asks for. */
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** One exercise of a right, with its file: who asked, when, how, what was done. */
export interface Request extends Entry {
  readonly state: RequestState;
  readonly type: RequestType;
  readonly regime: string;
  /** Nobody said under which law it was made: the strictest that may apply was taken. */
  readonly isRegimeAssumed?: true | undefined;
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
  /** Of an answer that staff gave by hand: the day on which it went, and whether all that was asked was done. */
  readonly answered?:
    | { readonly at: Instant; readonly on?: PlainDate | undefined; readonly extent: 'whole' | 'part' }
    | undefined;
  /** It was opened again after an answer or a refusal, and has had no answer since. */
  readonly reopened?: true | undefined;
  /** How many certificates of it were issued. */
  readonly certificates?: number;
  /** How many rows of the erased person exports have brought since, and how many that may be theirs. */
  readonly brought?: { readonly returned: number; readonly doubtful: number };
}

/** One move of a request: a line of its history. */
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
  /** `until`: the day that the notice names, where the law lets it be an earlier one or names none itself. */
  readonly extension?:
    | { readonly noticeOn: PlainDate; readonly reason: string; readonly until?: PlainDate | undefined }
    | undefined;
  /** What the requester was asked for, whether or not that stopped the clock. */
  readonly asked?: readonly Asking[] | undefined;
}

/** Something that the requester was asked for, and until when it is awaited. */
export interface Asking {
  readonly cause: ClockPause['cause'];
  readonly on: PlainDate;
  readonly until?: PlainDate | undefined;
}

/** A time in which something of the requester's was awaited; `to` is missing while it is. */
export interface ClockPause {
  readonly cause: (typeof CAUSES)[number];
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

/** A request of another system: its id is kept as a keyed digest in `mark`, and among what is sealed. */
export interface ForeignOrigin {
  readonly protocol: 'opendsr' | 'drp' | 'form';
  /** Who sent it: an agent id, a controller id. */
  readonly sender: string | undefined;
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
  /** Of a correction: what it changes, under the seal. */
  readonly wish?: string | undefined;
  /** The person said that the erasure need not wait for their own open access: a reason code. */
  readonly beforeAccess?: string | undefined;
}

/** What was found of a request, or asked for it, by whom. */
export interface Burden {
  readonly at: Instant;
  readonly actor: string;
  /** Undefined of a fee that the law lets anybody be asked. */
  readonly finding: 'unfounded' | 'excessive' | undefined;
  /** A fee asked instead of a refusal, as text: `EUR 15`. */
  readonly fee: string | undefined;
}

/** A document that was looked at: what it was, not what it said. */
export interface SeenDocument {
  readonly at: Instant;
  readonly actor: string;
  /** A code: `signed-permission`, `death-certificate`. */
  readonly kind: string;
  /** Whose request it was then: it speaks of nobody else. */
  readonly subject?: SubjectId | undefined;
  /** The day on which it was looked at. */
  readonly seenOn?: PlainDate | undefined;
}

/** Fields whose accuracy is contested: restricted while that is looked into (GDPR Art. 18(1)(a)). */
export interface Dispute {
  readonly at: Instant;
  readonly actor: string;
  readonly source: string;
  /** Of one row, where the person has several in the source. */
  readonly key?: string | undefined;
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

/** What whoever asks has shown so far: codes, counts and keyed digests, never a value. */
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
  /** Signed in, and the password shown again (11 CCR §7061(a)). */
  readonly reauthenticated?: boolean | undefined;
  /** How sure it makes: what asks for more is not verified by it. */
  readonly degree?: Degree | undefined;
  /** `users.email`, or `code:users.email` by a code: the columns that matched; what is to be corrected proves nobody. */
  readonly points?: readonly string[] | undefined;
  /** The best of the tries so far that were not enough. */
  readonly best?: PartialMatch | undefined;
  /** When it was not enough for specific pieces, and was for categories (11 CCR §7024(a)). */
  readonly loweredAt?: Instant | undefined;
  /** The code that was sent last, as a digest. */
  readonly code?: SentCode | undefined;
  /** Of the persons whom the request was about before. */
  readonly earlier?: readonly EarlierTries[] | undefined;
}

/** Tries and codes at a person from whom the request was moved away: moved back to them it has no new ones. */
export interface EarlierTries {
  readonly subject: SubjectId | undefined;
  readonly tries: number;
  readonly codesSentAt: readonly Instant[];
}

/** What matched of a try, on the one account that matched best. */
export interface PartialMatch {
  readonly matched: number;
  readonly proved: readonly string[];
  readonly points: readonly string[];
}

/** A code that was sent to an address of the ledger: only its keyed digest is kept. */
export interface SentCode {
  /** Undefined once it was used. */
  readonly digest: string | undefined;
  readonly sentAt: readonly Instant[];
  readonly expiresAt: Instant;
  /** Hex digest (`suppressionDigest`) of the identifier that it went to. */
  readonly to: string;
  readonly kind: string;
}

/** What a request came to. */
export interface RequestOutcome {
  readonly at: Instant;
  readonly applied: readonly AppliedGroup[];
  readonly remains: readonly PermittedRemain[];
  readonly artifacts: readonly { readonly path: string; readonly sha256: string }[];
  readonly orders: number;
  readonly bytes: BytesState;
  /** What was left out because it was not verified, masked and counted. */
  readonly unverified?: readonly string[] | undefined;
  /** What an answer had to leave out, by its type alone. */
  readonly withheld?: readonly Withheld[];
  /** Where nothing was held: what was searched for it. */
  readonly nothingHeld?: readonly SearchedSource[] | undefined;
}

/** A source that was searched, with how fresh its newest export was; no export where nothing was loaded yet. */
export interface SearchedSource {
  readonly source: string;
  readonly takenAt?: Instant | undefined;
  readonly days?: number | undefined;
}

/** A field whose values may not be disclosed: it is said that they are held (11 CCR §7024(d)). */
export interface Withheld {
  readonly source: string;
  readonly field: string;
  readonly type: string;
  readonly rule: string;
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
  /** Under which login: of whoever called sudo, where somebody did. */
  readonly plannedLogin?: string | undefined;
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
  /** `RegisterKeys.mark` of a correction. */
  readonly mark?: string | undefined;
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
  /** Hex SHA-256 of what the ledger said when it was made: what it no longer bears out is not sent. */
  readonly facts: string;
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

/** Many requests under one digest. State: `open`, `approved`, `applied` once nothing of it is left to do. */
export interface Batch extends Entry {
  /** `sha256:` over the numbers and plans of its requests. */
  readonly digest: string;
  readonly at: Instant;
  readonly plannedBy: string;
  /** `StoredPlan.plannedLogin`. */
  readonly plannedLogin?: string | undefined;
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
  /** Made under the login that also planned: another name, and perhaps the same person. */
  readonly sameLogin?: true | undefined;
}
