import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { addPeriod } from '../../base/periods.ts';
import { dateIn, type Period } from '../../base/time.ts';
import { newKey, type Secrets } from '../../store/key-files.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { BackupEntry } from '../../store/registers.ts';
import type { AuditHead, Reader, Writer } from '../../store/store.ts';
import { type AgeLock, requireRecipients, sealWithAge } from './age.ts';
import { type Draft, draftOf, requireFree } from './draft-file.ts';
import { fileDigest } from './file-digest.ts';
import { renderBackupKeys } from './keys.ts';

export interface BackupOptions {
  readonly path: string;
  readonly lock: AgeLock;
  /** How long the backup stays; the policy's `backups_kept` where it does not say. */
  readonly keep: Period | undefined;
  /** The ledger's secrets, which go into the keys file. */
  readonly secrets: Secrets;
}

/** The keys file of a backup. */
export function keysPath(backup: string): string {
  return `${backup}.keys`;
}

/**
 * Writes a clean copy of the ledger under a key of its own, which no scrub touches, and beside it an age file
 * with that key and all else that a restore needs. The ledger knows of it before its first byte is written:
 * a run that dies leaves an entry `writing`, and no file of that name or a whole one.
 */
export async function writeBackup(ledger: Ledger, options: BackupOptions): Promise<BackupEntry> {
  const { path, lock } = options;
  for (const name of [path, keysPath(path)]) requireFree(name);
  requireRecipients(lock);
  const drafts = { backup: draftOf(path), keys: draftOf(keysPath(path)) };
  const entry = await begin(ledger, options);
  return finish(ledger, entry, await makeFiles(ledger, options, entry, drafts));
}

interface Drafts {
  readonly backup: Draft;
  readonly keys: Draft;
}

async function makeFiles(
  ledger: Ledger,
  options: BackupOptions,
  entry: BackupEntry,
  drafts: Drafts,
): Promise<Made> {
  const { path } = options;
  const { backup, keys } = drafts;
  try {
    const made = await writeDrafts(ledger, options, drafts);
    for (const name of [path, keysPath(path)]) requireFree(name);
    // First the keys: a backup that is there can be opened.
    keys.publish();
    backup.publish();
    return made;
  } catch (cause) {
    for (const draft of [backup, keys]) draft.discard();
    // Where even this fails the entry stays as `writing`.
    await giveUp(ledger, entry).catch(() => {});
    throw cause;
  }
}

async function begin(ledger: Ledger, { path, keep }: BackupOptions): Promise<BackupEntry> {
  const { controller, limits } = ledger.policy;
  const expiresOn = addPeriod(dateIn(ledger.now, controller.zone), keep ?? limits.backupsKept);
  const act = { act: 'backup.begun', at: ledger.now, actor: ledger.actor };
  return ledger.store.act(act, async (tx) => {
    const entry = await tx.add('backup', {
      state: 'writing',
      subject: undefined,
      at: ledger.now,
      file: basename(path),
      expiresOn,
      sha256: '',
      auditSize: (await tx.auditHead()).size,
    });
    tx.facts({ backup: entry.id, expires_on: expiresOn });
    return entry;
  });
}

interface Made {
  readonly audit: AuditHead;
  readonly sha256: string;
}

async function writeDrafts(
  ledger: Ledger,
  { lock, secrets }: BackupOptions,
  { backup, keys }: Drafts,
): Promise<Made> {
  const key = newKey();
  const audit = await ledger.store.copyTo({ path: backup.path, key });
  const sha256 = await fileDigest(backup.path);
  const text = renderBackupKeys({ origin: ledger.origin, takenAt: ledger.now, audit, sha256, key, secrets });
  writeNew(keys.path, await sealWithAge(text, lock));
  return { audit, sha256 };
}

function writeNew(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

async function finish(ledger: Ledger, entry: BackupEntry, { audit, sha256 }: Made): Promise<BackupEntry> {
  const act = { act: 'backup.written', at: ledger.now, actor: ledger.actor };
  const kept = { ...entry, state: 'kept', sha256, auditSize: audit.size };
  return ledger.store.act(act, async (tx) => {
    await tx.put('backup', kept);
    tx.facts({ backup: entry.id, size: audit.size, root: audit.root, sha256, expires_on: entry.expiresOn });
    return kept;
  });
}

async function giveUp(ledger: Ledger, { id }: BackupEntry): Promise<void> {
  const act = { act: 'backup.failed', at: ledger.now, actor: ledger.actor, facts: { backup: id } };
  await ledger.store.act(act, (tx) => tx.remove('backup', [id]));
}

/** A backup as a listing shows it. */
export interface KnownBackup {
  readonly entry: BackupEntry;
  /** Whether its last day is over. */
  readonly isOver: boolean;
}

/** The backups that this ledger knows of, oldest first. */
export async function knownBackups(tx: Reader, ledger: Ledger): Promise<readonly KnownBackup[]> {
  const today = dateIn(ledger.now, ledger.policy.controller.zone);
  return (await tx.entries('backup')).map((entry) => ({ entry, isOver: entry.expiresOn < today }));
}

/** Marks the backups whose last day is over; their files are the operator's to delete. Gives their number. */
export async function expireBackups(tx: Writer, ledger: Ledger): Promise<number> {
  const over = (await knownBackups(tx, ledger)).filter(
    ({ entry, isOver }) => isOver && entry.state !== 'expired',
  );
  for (const { entry } of over) await tx.put('backup', { ...entry, state: 'expired' });
  return over.length;
}
