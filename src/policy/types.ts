import type { Period, PlainDate } from '../base/time.ts';

/** Who says a period: the published notice, a law, or the controller alone. */
export type PeriodSource = 'notice' | 'law' | 'controller';

/** How much an identifier of a kind proves, strongest first. */
export type Strength = 'account' | 'contact' | 'device' | 'network';

export const STRENGTHS: readonly Strength[] = ['account', 'contact', 'device', 'network'];

/** A kind of identifier: `user_id`, `email`, `cookie`, `ip`, or one that the policy defines. */
export interface IdentifierKind {
  readonly name: string;
  readonly strength: Strength;
  /** How values become comparable. */
  readonly normalise: 'verbatim' | 'fold-case' | 'email' | 'phone' | 'ip';
  /** Default country of phone numbers without a prefix, ISO 3166 alpha-2. */
  readonly country?: string;
}

export interface Controller {
  readonly name: string;
  readonly contact: string;
  readonly phone?: string;
  readonly post?: string;
  /** IANA time zone in which dates of duties are counted. */
  readonly zone: string;
  readonly regimes: readonly string[];
  /**
   * Whose public holidays move a due date: `default`, or a regime → a country or region (`US`, `DE-BY`), or
   * a file of dates that the policy brings along (`office.csv`).
   */
  readonly holidays: Readonly<Record<string, string>>;
  /** Steps of a complaint, in order, as the notice names them. */
  readonly complaint?: readonly string[];
}

export type TableFormat = CsvFormat | JsonFormat | NdjsonFormat;

export interface CsvFormat {
  readonly type: 'csv';
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: Encoding;
  /** Column names, for files without a header row. */
  readonly columns?: readonly string[];
}

export interface JsonFormat {
  readonly type: 'json';
  /** Member names from the document's root to the array of rows; empty for a root array. */
  readonly path: readonly string[];
  readonly encoding: Encoding;
}

export interface NdjsonFormat {
  readonly type: 'ndjson';
  readonly encoding: Encoding;
}

export interface LogFormat {
  readonly type: 'common' | 'combined';
  readonly encoding: Encoding;
}

export type Encoding = 'utf-8' | 'utf-16' | 'latin1';

/** A column that holds a date or time, and how it is written. */
export interface DateColumn {
  readonly column: string;
  /** `iso`, `epoch`, `epoch-ms`, or a pattern of `YYYY MM M DD D HH mm ss` and literals: `M/D/YYYY`. */
  readonly format: string;
}

/** Where in a row an identifier stands. */
export interface IdentifierColumn {
  readonly kind: string;
  readonly column: string;
  /** Column that says whether the person proved it; an unproven one reaches no other rows. */
  readonly confirmed?: string;
}

/** One person's place in a row: `subject` for the row's own person, else the role's name. */
export interface Party {
  readonly role: string;
  /** Strongest first. */
  readonly identifiers: readonly IdentifierColumn[];
}

interface SourceBase {
  readonly name: string;
  /** Globs on the file's base name. */
  readonly files: readonly string[];
  /** Pattern in the file name that gives `taken_at`: `users-YYYY-MM-DD.csv`. */
  readonly takenAt?: string;
  readonly category: string;
  /** Where the controller has the data from, when not from the person: GDPR Art. 15(1)(g). */
  readonly origin?: string;
}

export interface TableSource extends SourceBase {
  readonly type: 'table';
  readonly format: TableFormat;
  readonly mode: 'snapshot' | 'append';
  /** One row is one person. */
  readonly account: boolean;
  readonly key: readonly string[];
  readonly parties: readonly Party[];
  /** Every column that is stored, in the order of the policy file. */
  readonly columns: readonly string[];
  /** Columns known and dropped before they are stored. */
  readonly never: readonly string[];
  /** Columns known and not loaded, because they are nobody's data. */
  readonly ignore: readonly string[];
  readonly freeText: readonly string[];
  /** Columns that the service shows in public; they never count as proof of identity. */
  readonly visible: readonly string[];
  /** Columns that count in verification. */
  readonly usable: readonly string[];
  readonly birthDate?: DateColumn;
  readonly age?: { readonly column: string; readonly asOf: DateColumn };
  /** The date that retention counts from. */
  readonly date?: DateColumn;
  /** Card numbers (Luhn) keep their last four digits. */
  readonly payment: boolean;
  /** Values that give a ground for keeping: `ban: {column: status, in: [banned]}`. */
  readonly grounds: readonly {
    readonly code: string;
    readonly column: string;
    readonly in: readonly string[];
  }[];
  /** Column → fideslang data category. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface LogSource extends SourceBase {
  readonly type: 'log';
  readonly format: LogFormat;
  /** Strongest first; columns are log fields: `host`, `ident`, `user`, `path`, `referrer`, `agent`, `query.NAME`. */
  readonly identifiers: readonly IdentifierColumn[];
}

export type Source = TableSource | LogSource;

export type ErasureAction = 'erase' | 'anonymise' | 'retain' | 'keep';

/** What a deletion leaves of a row, on what ground and until when. */
export interface KeepRule {
  readonly fields: readonly string[];
  /** Grounds of which one must hold for this person; empty means always. */
  readonly when: readonly string[];
  readonly basis: string;
  readonly for: Period;
  readonly from: 'deletion' | 'date' | 'end-of-year';
  readonly source: PeriodSource;
}

export interface CountRule {
  readonly by: readonly ('hour' | 'path' | 'status')[];
}

export interface Category {
  readonly name: string;
  /** What a deletion does to a row, by the person's role in it; `subject` for their own rows. */
  readonly onDelete: Readonly<Record<string, ErasureAction>>;
  /** For logs: the counts that stay when the line goes. */
  readonly countBy?: CountRule;
  readonly keep: readonly KeepRule[];
  /** The scheduled end of every row. */
  readonly expire?: {
    readonly after: Period;
    readonly from: 'date' | 'end-of-year';
    readonly source: PeriodSource;
  };
  readonly purposes: readonly string[];
  readonly title?: string;
}

export interface CoppaConsent {
  readonly under: number;
  /** Steps that all count. */
  readonly allOf: readonly string[];
  readonly within: Period;
  readonly source: PeriodSource;
}

export interface Purpose {
  readonly name: string;
  readonly title: string;
  readonly basis: string;
}

export interface Recipient {
  readonly name: string;
  readonly role: string;
  readonly categories: readonly string[];
  readonly since?: PlainDate;
  readonly agreement: boolean;
}

/** Copies that a system upstream keeps: an erased person is in them until the newest is over. */
export interface UpstreamBackup {
  readonly name: string;
  /** Sources that are in it. */
  readonly sources: readonly string[];
  readonly keep: Period;
}

/** The policy file, validated and with all defaults filled in. Plain data. */
export interface Policy {
  readonly controller: Controller;
  readonly effective: PlainDate;
  readonly coppa?: CoppaConsent;
  readonly identifiers: Readonly<Record<string, IdentifierKind>>;
  readonly sources: Readonly<Record<string, Source>>;
  readonly categories: Readonly<Record<string, Category>>;
  readonly purposes: Readonly<Record<string, Purpose>>;
  readonly recipients: Readonly<Record<string, Recipient>>;
  readonly transfers: readonly string[];
  readonly backups: Readonly<Record<string, UpstreamBackup>>;
  readonly limits: PolicyLimits;
  /** Regime → a period of the controller's own for the answer: shorter than the law's, or where it names none. */
  readonly deadlines: Readonly<Record<string, Period>>;
  /** Who works with the ledger; with nobody here everybody may do everything. */
  readonly staff: Readonly<Record<string, StaffMember>>;
  readonly fourEyes?: FourEyes;
  readonly waiting?: WaitingTime;
  readonly verification: VerificationRules;
  /** Kind of letter → a template file that the policy brings along. */
  readonly letters: Readonly<Record<string, string>>;
  readonly intake?: WebForm;
  readonly protocols: Protocols;
}

/** What somebody of staff may do. */
export const STAFF_ROLES = ['desk', 'planner', 'approver', 'legal'] as const;

/** One of them. */
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Every type of request, in the order in which help shows them. */
export const REQUEST_TYPES = [
  'access',
  'edit',
  'delete',
  'parental-review',
  'opt-out',
  'opt-in',
  'limit',
  'restrict',
  'objection',
  'consent-withdrawal',
  'portability',
  'complaint',
  'unclear',
] as const;

/** One of staff, known by the name that `--actor` gives. */
export interface StaffMember {
  readonly name: string;
  readonly roles: readonly StaffRole[];
  /** Public keys of SSH, one line each, that sign approvals. */
  readonly keys: readonly string[];
}

/** Requests whose plan a second person has to approve. */
export interface FourEyes {
  readonly types: readonly string[];
  /** Whether only an approval that is signed with the approver's own key counts. */
  readonly signed: boolean;
}

/** How long a deletion or a change of an identifier waits, restricted, so that the person can stop it. */
export interface WaitingTime {
  readonly period: Period;
  readonly for: readonly ('delete' | 'parental-delete' | 'identifier')[];
}

/** What whoever asks for another has to show, and how codes sent by mail live. */
export interface VerificationRules {
  readonly agent: readonly string[];
  readonly heir: readonly string[];
  readonly household: readonly string[];
  readonly authority: readonly string[];
  /** Documents of which one proves a person to whoever looks at it. */
  readonly document: readonly string[];
  readonly code: { readonly validHours: number; readonly perDay: number };
}

/** What a row of a web form may hold beside identifiers; `id` is any identifier as `kind:value`. */
export const FORM_PARTS = [
  'type',
  'received',
  'regime',
  'channel',
  'requester',
  'level',
  'foreign_id',
  'note',
  'id',
] as const;

/** One of them. */
export type FormPart = (typeof FORM_PARTS)[number];

/** How the rows of a web form's CSV become requests. */
export interface WebForm {
  /** A part, or a kind of identifier → the name of its column. */
  readonly columns: Readonly<Record<string, string>>;
  /** What the form writes → type of request. */
  readonly types: Readonly<Record<string, string>>;
  /** How the form writes the time of receipt: `DateColumn.format`. */
  readonly received: string;
}

/** Who may send requests by a protocol, and as whom we are known there. */
export interface Protocols {
  readonly drp?: {
    readonly businessId: string;
    /** Agent id → its Ed25519 key, base64. */
    readonly agents: Readonly<Record<string, { readonly name?: string; readonly verifyKey: string }>>;
  };
  readonly opendsr?: { readonly controllerId: string };
}

export interface PolicyLimits {
  /** How long a plan may be run. */
  readonly planValid: Period;
  /** Ledgers above this size are scrubbed by the next purge, not at once; bytes. */
  readonly scrubAtOnceBelow: number;
  /** How long rows that were set aside stay. */
  readonly rejectsKept: Period;
  /** How long the file of a request that has ended stays: 24 months under 11 CCR §7101. */
  readonly requestFileKept: Period;
  /** How long digests keep an erased person out, at least; known backups make it longer. */
  readonly digestsKept: Period;
  /** How long a backup that dsr writes stays, where --keep does not say. */
  readonly backupsKept: Period;
  /** Data points that an access to specific pieces needs. */
  readonly pointsSpecific: number;
  readonly pointsCategories: number;
  /** How many requests one batch carries out without being told a larger number. */
  readonly batchAtMost: number;
}

/** One stored version of the policy. */
export interface PolicyVersion {
  readonly version: number;
  /** `sha256:` and the hex digest of the file's bytes. */
  readonly digest: string;
  readonly appliedAt: string;
  readonly text: string;
  /** The files that the policy names, as they were when it was applied. */
  readonly files: PolicyFiles;
}

/** File name as the policy writes it → text. */
export type PolicyFiles = Readonly<Record<string, string>>;
