import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { badInput, ExitCode, notFound, refused, UserError } from '../../base/errors.ts';
import type { Canonical } from '../../base/json.ts';
import type { Instant } from '../../base/time.ts';
import { readSecrets, type Secrets, writeSecrets } from '../../store/key-files.ts';
import type { Ledger } from '../../store/ledger.ts';
import { keysOf, type LedgerFiles } from '../../store/open.ts';
import type { RestoreEntry } from '../../store/registers.ts';
import { placeCopy, Stage, type Staged } from '../../store/staged.ts';
import type { Actor, AuditHead, Reader, SealedCopy, Writer } from '../../store/store.ts';
import { LeafTree } from '../audit/tree-proof.ts';
import { searchCopy } from '../erasure/proof.ts';
import { fileDigest } from './file-digest.ts';
import { journalKey } from './journal.ts';
import type { BackupKeys } from './keys.ts';
import { type Before, readBefore } from './restore-people.ts';
import { leftToErase, type Replayed, replay } from './restore-replay.ts';

/** What is restored, where, and by whom. */
export interface RestoreOptions {
  readonly files: LedgerFiles;
  /** The backup, and what its keys file holds. */
  readonly path: string;
  readonly keys: BackupKeys;
  readonly actor: Actor;
  readonly now: Instant;
}

export interface RecoverOptions extends RestoreOptions {
  /** Undefined for `--gap`: what was done since the backup is lost. */
  readonly journal: string | undefined;
  /** Whether `now` was given by `--as-of`. */
  readonly asOf: boolean;
}

export interface Restored {
  readonly state: 'restored' | 'recovered' | 'recovered-without-journal';
  readonly origin: string;
  /** The log with the entry that tells of the restore. */
  readonly audit: AuditHead;
  /** Rows that came with the books: retained, anonymised, corrected ones. */
  readonly carried: number;
  readonly replayed: Replayed;
}

/**
 * Gives a live ledger the data of a backup and keeps everything else of it. What was erased, corrected and
 * stopped since is done again in a file beside the ledger; only when that is proved does it take the
 * ledger's place. Killed at any point it leaves the one or the other.
 */
export async function restoreData(live: Ledger, options: RestoreOptions): Promise<Restored> {
  if (options.keys.secrets.ledger !== live.id) throw foreignBackup(options.path);
  await requireWhole(options);
  const stage = new Stage(options.files, readSecrets(options.files.secretsPath));
  return withStaged(await stageBackup(stage, options), async (copy) => {
    const before = await copy.store.read(readBefore);
    return withStaged(await stage.books(live.store), async (books) => {
      const head = await books.store.read((tx) => requireSameLog(tx, options, anotherLine));
      const carried = await copy.takeBooks(books.copy);
      const ledger = await copy.ledger(options);
      const restored = await rebuild(ledger, options, { before, books, state: 'restored', head, carried });
      const result = await live.store.replaceBy(copy.copy, head, (file) => proveBytes(ledger, file));
      if (result === 'in-use') throw inUse();
      return restored;
    });
  });
}

/**
 * Makes a ledger that was lost again, of a backup and of the journal where one is left. Its audit log goes on
 * under a new origin, whose first entry names what is lost.
 */
export async function recoverLedger(options: RecoverOptions): Promise<Restored> {
  const { files, keys } = options;
  requireNoLedger(files);
  await requireWhole(options);
  const secrets = secretsFor(files, keys);
  const stage = new Stage(files, secrets);
  return withStaged(await stageBackup(stage, options), async (copy) => {
    const before = await copy.store.read(readBefore);
    const made =
      options.journal === undefined
        ? await recoverFrom(copy, options, before, undefined)
        : await withStaged(await stageJournal(stage, options.journal, secrets), async (journal) =>
            recoverFrom(copy, options, before, journal),
          );
    if (lstatSync(files.secretsPath, { throwIfNoEntry: false }) === undefined)
      writeSecrets(files.secretsPath, secrets);
    await placeCopy(files, copy.copy, (file) => proveBytes(made.ledger, file));
    return made.restored;
  });
}

async function recoverFrom(
  copy: Staged,
  options: RecoverOptions,
  before: Before,
  journal: Staged | undefined,
): Promise<{ readonly ledger: Ledger; readonly restored: Restored }> {
  const head = await (journal ?? copy).store.read((tx) => requireSameLog(tx, options, journalOlder));
  const carried = journal === undefined ? 0 : await copy.takeBooks(journal.copy);
  const ledger = await copy.ledger(options);
  if (options.asOf && !ledger.rehearsal)
    throw refused('not-a-rehearsal', 'the backup is not of a rehearsal ledger', 'leave --as-of away');
  const state = journal === undefined ? 'recovered-without-journal' : 'recovered';
  return {
    ledger,
    restored: await rebuild(ledger, options, { before, books: journal, state, head, carried }),
  };
}

interface Rebuilding {
  readonly before: Before;
  /** Where what was done since is written; undefined where that is lost. */
  readonly books: Staged | undefined;
  readonly state: Restored['state'];
  /** The log that goes on. */
  readonly head: AuditHead;
  /** Rows that came with the books. */
  readonly carried: number;
}

/** Does again what was done since, in one act that says so, and looks that nothing is left of it. */
async function rebuild(ledger: Ledger, options: RestoreOptions, from: Rebuilding): Promise<Restored> {
  const { before, books, state, head, carried } = from;
  const origin = state === 'restored' ? ledger.origin : nextOrigin(ledger);
  const act = {
    act: state === 'restored' ? 'ledger.restored' : 'ledger.recovered',
    at: ledger.now,
    actor: ledger.actor,
    facts: {
      ...backupFacts(options),
      carried_rows: carried,
      ...(state === 'restored' ? {} : lossFacts(ledger, head, state)),
    },
  };
  const replayed = await ledger.store.act(act, async (tx) => {
    const done =
      books === undefined
        ? await replay(tx, ledger, before, tx)
        : await books.store.read((rows) => replay(tx, ledger, before, rows));
    if (state !== 'restored') await tx.setOrigin(origin);
    await noteRestore(tx, options, state);
    tx.facts({ ...done });
    return done;
  });
  const left = await ledger.store.read((tx) => leftToErase(tx, ledger, before));
  if (left > 0) throw notProven(left);
  return { state, origin, audit: await ledger.store.read((tx) => tx.auditHead()), carried, replayed };
}

function backupFacts({ keys }: RestoreOptions) {
  return { backup_size: keys.audit.size, backup_root: keys.audit.root, taken_at: keys.takenAt };
}

/** Who lost a ledger cannot say how far its log went. */
function lossFacts(
  { origin }: Ledger,
  { size }: AuditHead,
  state: Restored['state'],
): { [key: string]: Canonical } {
  return {
    previous_origin: origin,
    previous_size: size,
    lost_from: size + 1,
    lost_to: null,
    journal: state === 'recovered',
  };
}

/** `dsr.ledger/<id>`, and from the first loss on `dsr.ledger/<id>/2`. */
function nextOrigin({ id, origin }: Ledger): string {
  const base = `dsr.ledger/${id}`;
  return `${base}/${Number(origin.slice(base.length + 1) || 1) + 1}`;
}

async function noteRestore(
  tx: Writer,
  { keys, now }: RestoreOptions,
  state: Restored['state'],
): Promise<void> {
  const entry: Omit<RestoreEntry, 'id'> = {
    state,
    subject: undefined,
    at: now,
    auditSize: keys.audit.size,
    takenAt: keys.takenAt,
  };
  await tx.add('restore', entry);
  // In a backup its own entry is one that is not finished yet.
  for (const backup of await tx.entries('backup', { state: 'writing' })) {
    if (backup.at !== keys.takenAt) continue;
    await tx.put('backup', { ...backup, state: 'kept', sha256: keys.sha256, auditSize: keys.audit.size });
  }
}

/** Looks for the bytes of all who were erased in the very file that is to be the ledger. */
async function proveBytes(ledger: Ledger, file: SealedCopy): Promise<void> {
  const { residue, notSearched } = await searchCopy(ledger, file);
  if (residue > 0) throw notProven(residue);
  if (notSearched.length > 0) throw notSearchable(notSearched);
}

async function withStaged<T>(staged: Staged, fn: (staged: Staged) => Promise<T>): Promise<T> {
  try {
    return await fn(staged);
  } finally {
    await staged.discard();
  }
}

/** The backup as a copy to work on; refuses one that is not what its keys file says. */
async function stageBackup(stage: Stage, { path, keys }: RestoreOptions): Promise<Staged> {
  const staged = await stage.copy({ path, key: keys.key });
  try {
    const { id, head } = await staged.store.read(async (tx) => ({
      id: (await tx.info()).id,
      head: await tx.auditHead(),
    }));
    if (id !== keys.secrets.ledger || head.root !== keys.audit.root) throw damagedBackup(path);
    return staged;
  } catch (cause) {
    await staged.discard();
    throw cause;
  }
}

async function stageJournal(stage: Stage, path: string, secrets: Secrets): Promise<Staged> {
  requireFile(path);
  try {
    return await stage.books({ path, key: journalKey({ keys: keysOf(secrets) }) });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      'journal-unusable',
      `${basename(path)} is the journal of another ledger, or damaged`,
      { exit: ExitCode.damaged, hint: 'look for the journal of this ledger; --gap goes without', cause },
    );
  }
}

/** The head of a log that begins with the backup's. */
async function requireSameLog(
  tx: Reader,
  { keys }: RestoreOptions,
  shorter: () => UserError,
): Promise<AuditHead> {
  const head = await tx.auditHead();
  const { size, root } = keys.audit;
  if (head.size < size) throw shorter();
  const tree = new LeafTree(await tx.auditLeaves(0, size));
  if (tree.size !== size || tree.root(size).toString('hex') !== root) throw anotherLine();
  return head;
}

async function requireWhole({ path, keys }: RestoreOptions): Promise<void> {
  requireFile(path);
  if ((await fileDigest(path)) !== keys.sha256) throw damagedBackup(path);
}

function requireFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw notFound('file-not-found', `there is no file ${basename(path)}`);
}

/** Secrets that are there must be those of the backup's ledger: another's are never written over. */
function secretsFor({ secretsPath }: LedgerFiles, { secrets }: BackupKeys): Secrets {
  if (lstatSync(secretsPath, { throwIfNoEntry: false }) === undefined) return secrets;
  const there = readSecrets(secretsPath);
  const isSame =
    there.ledger === secrets.ledger &&
    Buffer.compare(there.hmac, secrets.hmac) === 0 &&
    Buffer.compare(there.signingSeed, secrets.signingSeed) === 0;
  if (isSame) return there;
  throw new UserError(
    'secrets-foreign',
    `${basename(secretsPath)} belongs to another ledger than the backup`,
    {
      exit: ExitCode.damaged,
      hint: 'move it away, or restore to another --ledger; it is not written over',
    },
  );
}

/** A write-ahead log that lies where a new ledger comes would be taken for its own. */
function requireNoLedger({ path, keyPath }: LedgerFiles): void {
  const there = [keyPath, ...['-wal', '-shm', '-journal'].map((end) => `${path}${end}`)].filter(
    (name) => lstatSync(name, { throwIfNoEntry: false }) !== undefined,
  );
  if (there.length === 0) return;
  const names = there.map((name) => basename(name)).join(', ');
  throw refused(
    'left-of-another',
    `there is no ledger ${basename(path)}, but what belonged to one: ${names}`,
    'put the ledger back, or move these files to where it is kept; they may still be needed',
  );
}

function foreignBackup(path: string): UserError {
  return new UserError('backup-foreign', `${basename(path)} is a backup of another ledger`, {
    exit: ExitCode.damaged,
    hint: 'name its own ledger with --ledger',
  });
}

function damagedBackup(path: string): UserError {
  return new UserError(
    'backup-damaged',
    `${basename(path)} is not the backup that its keys file tells of, or damaged`,
    {
      exit: ExitCode.damaged,
      hint: 'take another copy of it, or an older backup',
    },
  );
}

function anotherLine(): UserError {
  return new UserError(
    'backup-of-another-line',
    'the audit log of the backup is not the beginning of this one',
    {
      exit: ExitCode.damaged,
      hint: 'one of the two was restored or copied since; dsr audit verify --since CHECKPOINT tells which',
    },
  );
}

function journalOlder(): UserError {
  return badInput('journal-older', 'the journal is older than the backup', {
    hint: 'take the newest journal; --gap goes without',
  });
}

function inUse(): UserError {
  return new UserError('ledger-busy', 'the ledger is in use by another process, and was not replaced', {
    exit: ExitCode.busy,
    hint: 'end other runs of dsr on it, then run the command again',
  });
}

function notSearchable(codes: readonly string[]): UserError {
  return new UserError(
    'restore-not-proven',
    `not all of the restored file could be searched for erased people (${codes.join(', ')}); the ledger is as it was`,
    { exit: ExitCode.damaged, hint: 'run the command again, or take another backup' },
  );
}

function notProven(left: number): UserError {
  return new UserError(
    'restore-not-proven',
    `${left} rows or lines of erased people would be back; the ledger is as it was`,
    { exit: ExitCode.damaged, hint: 'take a newer backup, or report this' },
  );
}
