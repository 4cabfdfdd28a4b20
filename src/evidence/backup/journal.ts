import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { ExitCode, refused, UserError } from '../../base/errors.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { JournalEntry } from '../../store/registers.ts';
import { newestEntry } from '../../store/staged.ts';
import type { AuditHead } from '../../store/store.ts';
import { draftOf } from './draft-file.ts';

/** The key that opens a journal, as hex. */
export function journalKey({ keys }: Pick<Ledger, 'keys'>): string {
  return Buffer.from(keys.journal).toString('hex');
}

/**
 * Writes what a restore must replay over the previous journal: the audit log, all registers, the digests of
 * erased people, policies, and the rows that no export gives again as they are. It has the form of a ledger,
 * sealed with a key of the secrets file, so that neither its size nor its version matters to who reads it.
 * Refuses to take the place of anything but an earlier journal of the same ledger.
 */
export async function writeJournal(ledger: Ledger, path: string): Promise<JournalEntry> {
  await requireJournal(ledger, path);
  const draft = draftOf(path);
  try {
    const head = await ledger.store.copyTo({ path: draft.path, key: journalKey(ledger) }, 'journal');
    draft.publish();
    return await note(ledger, path, head);
  } catch (cause) {
    draft.discard();
    throw cause;
  }
}

/** A name that is free, or that an earlier journal of this ledger has: over anything else it would be a loss. */
async function requireJournal(ledger: Ledger, path: string): Promise<void> {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined || (there.isFile() && there.size === 0)) return;
  const newest = there.isFile() ? newestEntry({ path, key: journalKey(ledger) }) : undefined;
  if (newest === undefined) throw notAJournal(path);
  const [own] = await ledger.store.read((tx) => tx.auditRows(newest.seq - 1, 1));
  if (own?.entry !== newest.entry) throw journalAhead(path);
}

function notAJournal(path: string): UserError {
  return refused(
    'not-a-journal',
    `${basename(path)} is there, and is no journal of this ledger`,
    'nothing is written over it: name another file, or the journal itself where this is a link',
  );
}

function journalAhead(path: string): UserError {
  const message = `${basename(path)} tells of acts that this ledger does not know: an older copy of it was put back, or two went on from one`;
  return new UserError('log-inconsistent', message, {
    exit: ExitCode.damaged,
    hint: 'nothing is written over it: dsr restore --journal can use it; move it away where you do not need it',
  });
}

/** Keeps when the newest journal was written, for `dsr status`. */
async function note(ledger: Ledger, path: string, { size, root }: AuditHead): Promise<JournalEntry> {
  const act = { act: 'journal.written', at: ledger.now, actor: ledger.actor, facts: { size, root } };
  return ledger.store.act(act, async (tx) => {
    const entry = {
      state: 'written',
      subject: undefined,
      at: ledger.now,
      file: basename(path),
      auditSize: size,
    };
    const [last] = await tx.entries('journal');
    if (last === undefined) return tx.add('journal', entry);
    const next = { ...entry, id: last.id };
    await tx.put('journal', next);
    return next;
  });
}
