import type { Canonical, Json } from '../base/json.ts';
import type { Instant, PlainDate } from '../base/time.ts';
import type { PolicyVersion } from '../policy/types.ts';
import type { RegisterKind, Registers, Request } from './registers.ts';

/** The inside number of a person; shown as `S-000042`. */
export type SubjectId = number;
export type RecordId = number;

/** A keyed 53-bit digest of an identifier: finds candidates, proves nothing. */
export type ReachDigest = number;

export type RecordState = 'active' | 'restricted' | 'retained';

/** Why a row stays after a deletion. */
export interface Retention {
  readonly until: PlainDate;
  readonly basis: string;
  readonly subject: SubjectId;
  /** Whether the rule keeps the columns of the natural key; else the key goes too. */
  readonly keepKey: boolean;
}

/** A correction that stays over what the exports say. */
export interface Overlay {
  readonly field: string;
  readonly old: Json;
  readonly new: Json;
  readonly request: number;
}

/** One row of a table source. */
export interface StoredRecord {
  readonly id: RecordId;
  readonly source: string;
  /** Natural key, verbatim: the value, or a JSON array of several. */
  readonly key: string;
  /** Raised by every change of what it holds; plans name it. A restriction is none: it decides nothing. */
  readonly version: number;
  readonly state: RecordState;
  /** What it is restricted by beside having vanished: a parental stop, restrictions of the register. */
  readonly restrictedBy?: { readonly isStopped: boolean; readonly restrictions: readonly number[] };
  readonly import: number;
  readonly line: number;
  /** Epoch seconds of the source's date column. */
  readonly at: number | undefined;
  /** Complete snapshots in a row without this row. */
  readonly missed: number;
  /** Retained rows: until when, on what basis, for whom. */
  readonly retained:
    | { readonly until: PlainDate; readonly basis: string; readonly subject: SubjectId }
    | undefined;
  readonly overlays: readonly Overlay[];
  /** Column → value as it counts now, overlays applied. */
  readonly fields: ReadonlyMap<string, Json>;
}

/** What a subject number stands for, without naming the person. */
export interface SubjectAnchor {
  /** HMAC of the account row's place, or of the strongest identifier of a person without account. */
  readonly anchor: Uint8Array;
  /** Reach digest by which the person's rows are found again. */
  readonly hint: ReachDigest;
}

/** A row on its way in. */
export interface NewRecord {
  readonly key: string;
  readonly line: number;
  readonly at: number | undefined;
  /** Values in the order of the columns given to `load`; JSON text of the array. */
  readonly body: string;
  readonly reach: ArrayLike<ReachDigest>;
  /**
   * What kept the row from coming in as it is. `out`: the gate; nothing is stored. `set-aside`: it cannot be
   * read; nothing is stored. `aside`: others have to decide; nothing is stored. `cleaned`: suppressed people
   * were taken out, it is stored if it is new. Of all four an existing row counts as seen and stays as it is.
   * `known-only`: as `aside`, but an existing row is changed.
   */
  readonly gated?: 'out' | 'set-aside' | 'cleaned' | 'aside' | 'known-only';
}

/** A row that comes in beside a load, by a decision. */
export interface AdmittedRecord {
  readonly source: string;
  readonly key: string;
  /** The import that brought it, and its line there. */
  readonly import: number;
  readonly line: number;
  readonly at: number | undefined;
  readonly fields: ReadonlyMap<string, Json>;
  readonly reach: readonly ReachDigest[];
}

/** All lines of one import chunk, one UTC day and one shelf. */
export interface NewBlock {
  readonly shelf: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  readonly lines: number;
  readonly minAt: number;
  readonly maxAt: number;
  /** Sorted distinct 32-bit tags, little endian. */
  readonly tags: Uint8Array;
  /** zstd of the lines, sorted by tag, each ending in a line feed. */
  readonly body: Uint8Array;
}

export interface StoredBlock extends NewBlock {
  readonly id: number;
  readonly source: string;
  readonly import: number;
}

export interface NewReject {
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
}

export interface StoredReject extends NewReject {
  readonly import: number;
  readonly expiresOn: PlainDate;
}

export interface ImportRow {
  readonly id: number;
  readonly source: string;
  readonly state: 'loading' | 'published';
  /** Base name only; stays in the ledger, never in the audit log. */
  readonly file: string;
  /** Hex SHA-256 of the file's decompressed content, and its length in bytes. */
  readonly sha256: string;
  readonly bytes: number;
  /** Hex SHA-256 of the content's first 4096 bytes (or all of it): cheap test for a grown log. */
  readonly head: string;
  readonly takenAt: Instant;
  readonly loadedAt: Instant;
  readonly policyVersion: number;
  /** For logs: the import whose content this one continues. */
  readonly continues: number | undefined;
  readonly minAt: number | undefined;
  readonly maxAt: number | undefined;
  readonly counts: ImportCounts;
}

export interface ImportCounts {
  readonly rows_read: number;
  readonly rows_kept: number;
  readonly rows_updated: number;
  readonly rows_vanished: number;
  readonly rows_rejected: number;
  readonly rows_suppressed: number;
}

/** By what the erased values of one request are found again in bytes; form in evidence/prove. */
export interface Fingerprints {
  readonly request: number;
  readonly subject: SubjectId;
  readonly packed: Uint8Array;
  /** `ReachHasher.tag` of the person's identifiers and of the keys of their rows: what holds one is still theirs. */
  readonly tags: readonly number[];
}

/** Why an identifier may not come back. */
export interface Suppression {
  readonly id: number;
  readonly kind: string;
  readonly subject: SubjectId;
  readonly reason: 'erased' | 'parental-stop';
  /** 0 once the file of the request has ended. */
  readonly request: number;
  readonly since: Instant;
  /** The last day on which it is kept; undefined for one that only staff ends. */
  readonly until: PlainDate | undefined;
  /** The account that was let in under it since: hex digest of its row, and when. */
  readonly admitted: { readonly row: string; readonly at: Instant } | undefined;
}

export interface NewSuppression extends Omit<Suppression, 'id' | 'admitted'> {
  /** `ReachHasher.tag` of the identifier: the gate tests it for every row and line, the digest only on a hit. */
  readonly tag: number;
  /** HMAC-SHA256 of kind and value. */
  readonly digest: Uint8Array;
}

export interface EventCount {
  readonly source: string;
  /** Hours since 1970-01-01T00Z, or -1 where the policy does not count by hour. */
  readonly hour: number;
  readonly path: string;
  readonly status: number;
  readonly count: number;
}

export interface AuditRow {
  readonly seq: number;
  /** RFC 8785 canonical JSON. */
  readonly entry: string;
}

/** Entries of the audit log byte for byte as they are stored: a thousand cost little more than one. */
export interface AuditPage {
  readonly seqs: readonly number[];
  /** Bytes of each entry. */
  readonly lengths: readonly number[];
  /** All of them, a zero byte between each two. */
  readonly entries: Uint8Array;
  /** SHA-256(0x00 ‖ entry) of each, 32 bytes: the RFC 6962 leaves. One of another length reads as zeros. */
  readonly leaves: Uint8Array;
}

/** What one act says of itself in the audit log. Closed, canonical, no personal value. */
export interface ActEntry {
  /** `noun.past-participle`: `request.opened`, `erasure.applied`. */
  readonly act: string;
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string;
  /** Named only as an HMAC under the entry's own nonce. */
  readonly subject?: SubjectId;
  readonly request?: number;
  readonly facts?: { readonly [key: string]: Canonical | undefined };
}

export interface Actor {
  readonly name: string;
  readonly login: string;
  /** Who called sudo, where somebody did. */
  readonly sudo?: string;
}

/** Which records of the ledger a listing is for. */
export interface RecordFilter {
  readonly source?: string;
  readonly state?: RecordState;
  /** Only rows whose date is before this, epoch seconds. */
  readonly before?: number;
  /** Only retained rows whose end is before this date. */
  readonly retainedUntilBefore?: PlainDate;
  /** Only rows missed by at least so many complete snapshots. */
  readonly missedAtLeast?: number;
}

export interface SourceFigures {
  readonly source: string;
  readonly records: number;
  readonly restricted: number;
  readonly retained: number;
  /** Records without a date, retained ones left out: they have an end of their own. */
  readonly undated: number;
  readonly events: number;
  readonly oldestAt: number | undefined;
  readonly newestAt: number | undefined;
}

export interface Reader {
  // policy
  policies(): Promise<readonly PolicyVersion[]>;
  /** The newest version; undefined while a ledger is being created. */
  policyInForce(): Promise<PolicyInForce | undefined>;
  // imports
  imports(): Promise<readonly ImportRow[]>;
  rejects(importId: number): Promise<readonly StoredReject[]>;
  // records: unpublished rows are never seen
  record(id: RecordId): Promise<StoredRecord | undefined>;
  records(ids: readonly RecordId[]): Promise<readonly StoredRecord[]>;
  recordByKey(source: string, key: string): Promise<StoredRecord | undefined>;
  /** At most `limit` rows, when it is given. */
  recordsReached(digests: readonly ReachDigest[], limit?: number): Promise<readonly StoredRecord[]>;
  /** Ids of the rows with an identifier of one of these tags; reads the whole index. */
  recordsTagged(tags: readonly number[]): Promise<readonly RecordId[]>;
  recordsRetainedFor(subject: SubjectId): Promise<readonly StoredRecord[]>;
  /** Pages through records by id, `after` excluded; at most `limit`. */
  listRecords(filter: RecordFilter, after: RecordId, limit: number): Promise<readonly StoredRecord[]>;
  // events
  /** Blocks of a source that may hold lines of this 32-bit tag. */
  blocksTagged(source: string, tag: number): Promise<readonly StoredBlock[]>;
  /** Blocks of one import (of the source's days from `fromDay` to `toDay`), one page at a time by id. */
  blocks(filter: BlockFilter, after: number, limit: number): Promise<readonly StoredBlock[]>;
  /** Lines of a source of the days before `day`. */
  countLinesBefore(source: string, day: number): Promise<number>;
  eventCounts(source?: string): Promise<readonly EventCount[]>;
  // people
  subjectOf(anchor: Uint8Array): Promise<SubjectId | undefined>;
  subject(id: SubjectId): Promise<SubjectAnchor | undefined>;
  /** Numbers of persons, all that are in use. */
  subjects(): Promise<readonly SubjectId[]>;
  /** The persons whose hint is one of these digests. */
  subjectsHinted(
    hints: readonly ReachDigest[],
  ): Promise<readonly (SubjectAnchor & { readonly id: SubjectId })[]>;
  suppressionsTagged(tag: number): Promise<readonly (Suppression & { readonly digest: Uint8Array })[]>;
  suppressionsOf(subject: SubjectId): Promise<readonly Suppression[]>;
  /** Pages through all by id, `after` excluded. */
  suppressions(
    after: number,
    limit: number,
  ): Promise<readonly (Suppression & { readonly tag: number; readonly digest: Uint8Array })[]>;
  /** What erased bytes of a request are looked for by; one packed list per request. */
  fingerprints(requests?: readonly number[]): Promise<readonly Fingerprints[]>;
  // registers
  entry<K extends RegisterKind>(kind: K, id: number): Promise<Registers[K] | undefined>;
  entries<K extends RegisterKind>(kind: K, filter?: EntryFilter): Promise<readonly Registers[K][]>;
  /** Entries with a day of attention, the earliest first, at most `limit`. */
  entriesDue<K extends RegisterKind>(
    kind: K,
    limit: number,
    filter?: DueFilter,
  ): Promise<readonly Registers[K][]>;
  /** Entries without a day of attention, the newest first, at most `limit`. */
  entriesAtRest<K extends RegisterKind>(
    kind: K,
    limit: number,
    filter?: Pick<DueFilter, 'state'>,
  ): Promise<readonly Registers[K][]>;
  /** How many entries have each day of attention, the earliest first; reads none of them. */
  countDue(kind: RegisterKind): Promise<readonly { readonly day: PlainDate; readonly count: number }[]>;
  /** Requests about somebody else to which staff have added this account. */
  requestsCovering(subject: SubjectId): Promise<readonly Request[]>;
  /** How many entries there are in each state; reads none of them. */
  countEntries(kind: RegisterKind): Promise<Readonly<Record<string, number>>>;
  /** Every entry of every register, without what it says. */
  registered(): Promise<readonly RegisterRow[]>;
  /** Whether there was an entry of this number, and its file has ended. */
  isSpent(kind: RegisterKind, id: number): Promise<boolean>;
  // audit and figures
  auditRows(after: number, limit: number): Promise<readonly AuditRow[]>;
  auditPage(after: number, limit: number): Promise<AuditPage>;
  auditHead(): Promise<AuditHead>;
  /** The stored leaves of entries `after + 1` to `to`, 32 bytes each, in one piece. */
  auditLeaves(after: number, to: number): Promise<Uint8Array>;
  /** The HMAC nonce of an entry, while it has not been erased. */
  auditNonce(seq: number): Promise<{ readonly nonce: Uint8Array; readonly subject: SubjectId } | undefined>;
  figures(): Promise<readonly SourceFigures[]>;
  info(): Promise<LedgerInfo>;
}

/** Which entries of a register a listing is for; each is an index of its own. */
export interface EntryFilter {
  readonly state?: string;
  readonly subject?: SubjectId;
  /** Of entries that belong to a request: plans, orders, packages, proofs. */
  readonly request?: number;
  /** `RegisterKeys.mark`. */
  readonly mark?: string;
}

/** A version of the policy with what its text means, as `policy/compiled.ts` keeps it; undefined while nothing is kept. */
export interface PolicyInForce extends PolicyVersion {
  readonly compiled: string | undefined;
}

/** Of entries with a day of attention: up to the day `by`, of one state. */
export interface DueFilter {
  readonly by?: PlainDate;
  readonly state?: string | undefined;
}

/** That there is an entry in a register, whom it is about and for which request. */
export interface RegisterRow {
  readonly kind: RegisterKind;
  readonly id: number;
  readonly subject: SubjectId | undefined;
  readonly request: number | undefined;
}

export interface BlockFilter {
  readonly source: string;
  readonly import?: number;
  readonly fromDay?: number;
  readonly toDay?: number;
}

export interface LedgerInfo {
  /** Random id of the ledger, hex; also in its secrets file. */
  readonly id: string;
  /** Name of the audit log: changes where a lost ledger was recovered. */
  readonly origin: string;
  readonly rehearsal: boolean;
  readonly createdAt: Instant;
  readonly epoch: number;
  /** Erased data whose bytes are not scrubbed yet. */
  readonly bytesPending: boolean;
  readonly fileBytes: number;
}

export interface Writer extends Reader {
  /** Says whom this act is about, where only the act itself finds that out. */
  about(subject: SubjectId): void;
  /** Adds facts to the audit entry of this act. */
  facts(facts: { readonly [key: string]: Canonical | undefined }): void;
  /** Adds a request to the fact `followed` (state → requests): whom this act has moved to a state as its consequence. */
  followed(request: number, state: string): void;
  addPolicy(version: PolicyVersion): Promise<void>;
  // imports
  /** Corrects what an import came to, where its publishing act let in rows that its load had kept out. */
  setImportCounts(id: number, counts: ImportCounts): Promise<void>;
  // records
  /** Adds a row whose key is not here yet. */
  addRecord(record: AdmittedRecord): Promise<RecordId>;
  eraseRecords(ids: readonly RecordId[]): Promise<void>;
  /** Leaves only the given fields, out of all other use, until a date. */
  retainRecord(id: RecordId, keep: readonly string[], retained: Retention): Promise<void>;
  /** Replaces field values in the imported body and drops overlays on them; reach digests are replaced. */
  rewriteRecord(
    id: RecordId,
    changes: ReadonlyMap<string, Json>,
    reach: readonly ReachDigest[],
  ): Promise<void>;
  /** Lays corrections over the imported body; reach digests are replaced. */
  overlayRecord(id: RecordId, overlays: readonly Overlay[], reach: readonly ReachDigest[]): Promise<void>;
  /** Restricts rows for good: a parental stop. */
  stopRecords(ids: readonly RecordId[]): Promise<void>;
  /** Restricts rows by a restriction of the register; rows that are gone or retained are left out. */
  restrictRecords(ids: readonly RecordId[], restriction: number): Promise<void>;
  /** Takes a restriction from rows: one is active again where nothing else restricts it. */
  releaseRecords(ids: readonly RecordId[], restriction: number): Promise<void>;
  /** Replaces reach digests, after the policy's mapping changed. */
  setReach(id: RecordId, reach: readonly ReachDigest[]): Promise<void>;
  // events
  replaceBlock(
    id: number,
    block: Pick<NewBlock, 'lines' | 'minAt' | 'maxAt' | 'tags' | 'body'> | undefined,
  ): Promise<void>;
  /** Drops blocks of days before `day` whose tags hold none of `spare`; returns how many lines went, and the blocks left to filter line by line. */
  dropBlocksBefore(
    source: string,
    day: number,
    spare: ReadonlySet<number>,
  ): Promise<{ readonly lines: number; readonly toFilter: readonly number[] }>;
  addEventCounts(counts: readonly EventCount[]): Promise<void>;
  dropRejectsBefore(date: PlainDate): Promise<number>;
  /** Removes set-aside rows whose raw text fails `keep`. */
  filterRejects(keep: (raw: string) => boolean): Promise<number>;
  // people
  addSubject(subject: SubjectAnchor): Promise<SubjectId>;
  addSuppressions(entries: readonly NewSuppression[]): Promise<void>;
  /** Changes the end, or notes whom it has let in. */
  putSuppression(entry: Pick<Suppression, 'id' | 'until' | 'admitted'>): Promise<void>;
  dropSuppressions(ids: readonly number[]): Promise<void>;
  /** Replaces those of the request. */
  putFingerprints(entry: Fingerprints): Promise<void>;
  dropFingerprints(requests: readonly number[]): Promise<void>;
  // registers
  add<K extends RegisterKind>(kind: K, entry: Omit<Registers[K], 'id'>): Promise<Registers[K]>;
  put<K extends RegisterKind>(kind: K, entry: Registers[K]): Promise<void>;
  remove(kind: RegisterKind, ids: readonly number[]): Promise<void>;
  /**
   * Erases what ties audit entries to people: the nonces of all entries about these requests or subjects,
   * the fingerprints and digests' mention of the requests, the subjects' numbers.
   */
  forget(what: {
    readonly requests?: readonly number[];
    readonly subjects?: readonly SubjectId[];
  }): Promise<void>;
  /** Renames the audit log from here on: what came after its last entry is lost. */
  setOrigin(origin: string): Promise<void>;
  // bytes
  setBytesPending(pending: boolean): Promise<void>;
}

export interface LoadStart {
  readonly source: string;
  readonly file: string;
  readonly takenAt: Instant;
  readonly loadedAt: Instant;
  readonly policyVersion: number;
  /** Column names of the bodies; empty for logs. */
  readonly columns: readonly string[];
}

/** One staged import: nothing of it is visible before `publish`; a dead one is removed by the next opening. */
export interface Loader {
  readonly id: number;
  /** Stores new rows and stages changed ones; says what each row was. */
  putRecords(batch: readonly NewRecord[]): Promise<readonly RowFate[]>;
  /** The line on which this load had a key first, where it stored something of it. */
  lineOf(key: string): Promise<number | undefined>;
  putBlocks(batch: readonly NewBlock[]): Promise<void>;
  putRejects(batch: readonly NewReject[], expiresOn: PlainDate): Promise<void>;
  /** The blocks this load has staged. */
  stagedBlocks(filter: BlockFilter, after: number, limit: number): Promise<readonly StoredBlock[]>;
  /** Rows that the last snapshot of the source still had (retained ones apart), and how many of them this load lacks. */
  unseen(): Promise<{ readonly total: number; readonly unseen: number }>;
  /**
   * Makes everything visible in one act: changed rows replaced, overlays judged, unseen rows of a
   * snapshot restricted and their `missed` raised, seen ones restored. `within` sees all
   * that published; where it throws, nothing is.
   */
  publish(
    end: LoadEnd,
    entry: ActEntry,
    within?: (tx: Writer, result: PublishResult) => Promise<void>,
  ): Promise<PublishResult>;
  /** Undoes everything. */
  abandon(): Promise<void>;
}

/**
 * `kept-out`: gated, or its row here is retained. `aside`: gated as `aside` or `known-only`, and no row here has
 * its key. `repeated`, `contradicted`: its key was in this load before, with the same values or with others;
 * nothing was stored.
 */
export type RowFate = 'new' | 'changed' | 'same' | 'kept-out' | 'aside' | 'repeated' | 'contradicted';

export interface LoadEnd {
  readonly sha256: string;
  readonly bytes: number;
  readonly head: string;
  readonly continues: number | undefined;
  readonly minAt: number | undefined;
  readonly maxAt: number | undefined;
  readonly counts: ImportCounts;
  /** Whether rows that were not seen count as vanished. */
  readonly snapshot: boolean;
  /** Recomputes reach digests of a row whose body changed under an overlay. */
  readonly reachOf: (fields: ReadonlyMap<string, Json>) => readonly ReachDigest[];
  /** Whether the export was taken after the edits of this request: else it says nothing of them. */
  readonly isAfterEdit: (request: number) => boolean;
}

/** What a later export said of an earlier edit. */
export interface EditVerdict {
  readonly record: RecordId;
  readonly field: string;
  readonly request: number;
  readonly verdict: 'changed-as-ordered' | 'old-value-again' | 'new-value' | 'not-provable';
}

export interface PublishResult {
  readonly vanished: number;
  readonly restored: number;
  readonly edits: readonly EditVerdict[];
  /** Whether earlier rows came in the order in which they were first stored. */
  readonly isInOrder: boolean;
  /** Rows that this load brought have this id or a greater one. */
  readonly firstNew: RecordId;
}

/** `in-use`: another connection is open. `disk-trouble`: the disk is full, fails, or may not be written. */
export type ScrubResult = 'scrubbed' | 'in-use' | 'disk-trouble';

/** A file in the form of a ledger, with its key: 64 hex digits. */
export interface SealedCopy {
  readonly path: string;
  readonly key: string;
}

/** Size of the audit log, and its RFC 6962 root in hex. */
export interface AuditHead {
  readonly size: number;
  readonly root: string;
}

/** `in-use`: another connection is open, or has written since. */
export type ReplaceResult = 'replaced' | 'in-use';

/** The ledger behind one thin interface; asynchronous per batch, never per row. */
export interface Store {
  read<T>(fn: (tx: Reader) => Promise<T>): Promise<T>;
  /** The only way to write: data and exactly one audit entry commit together or not at all. */
  act<T>(entry: ActEntry, fn: (tx: Writer) => Promise<T>): Promise<T>;
  load(start: LoadStart): Promise<Loader>;
  /**
   * Writes a clean copy under another key: only live rows, no free pages. A `journal` leaves out what the
   * exports give again: all rows and lines but those that were retained, corrected or anonymised. Gives the
   * head of the audit log that is in the copy.
   */
  copyTo(to: SealedCopy, what?: 'all' | 'journal'): Promise<AuditHead>;
  /**
   * Puts a copy in place of this ledger, under a new key, unless the log has gone on since `head`. `check`
   * looks at the very file that will be in place; where it throws, nothing has changed.
   */
  replaceBy(
    from: SealedCopy,
    head: AuditHead,
    check: (successor: SealedCopy) => Promise<void>,
  ): Promise<ReplaceResult>;
  /** Rewrites the ledger under a new key so that no erased byte is left in it. */
  scrub(): Promise<ScrubResult>;
  /** Moves what the write-ahead log holds into the ledger's file and empties the log, unless a reader holds it. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}
