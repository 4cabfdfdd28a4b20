import type { Secrets } from './key-files.ts';
import type { Ledger } from './ledger.ts';
import { type LedgerFiles, ledgerOver } from './open.ts';
import { APPLICATION_ID, openRaw, sqliteCode } from './sqlite/connection.ts';
import { type StagedCopy, stageBooks, stageCopy } from './sqlite/stage.ts';
import { removeStaged, STAGED } from './sqlite/staged-files.ts';
import { placeLedger } from './sqlite/swap.ts';
import type { SealedCopy, Store } from './store.ts';

/** A copy beside the ledger to work on, under a key that is kept nowhere. */
export interface Staged {
  readonly store: Store;
  readonly copy: SealedCopy;
  /**
   * Replaces all that is not loaded data by what a journal holds, and brings in the rows that it carries; gives
   * their number. Numbers that either has given stay given.
   */
  takeBooks(journal: SealedCopy): Promise<number>;
  /** The copy as an open ledger, with the policy in force in it. */
  ledger(about: Pick<Ledger, 'actor' | 'now'>): Promise<Ledger>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

/** Copies of a ledger's files while it is restored; what an earlier run left of them goes first. */
export class Stage {
  readonly #files: LedgerFiles;
  readonly #secrets: Secrets;

  constructor(files: LedgerFiles, secrets: Secrets) {
    this.#files = files;
    this.#secrets = secrets;
  }

  /** The copy that becomes the ledger. */
  async copy(from: SealedCopy): Promise<Staged> {
    return this.#over(await stageCopy(from, `${this.#files.path}${STAGED.ledger}`));
  }

  /** The books that it takes: those of a journal, or of a ledger that is open. */
  async books(from: SealedCopy | Store): Promise<Staged> {
    const path = `${this.#files.path}${STAGED.books}`;
    return this.#over(await ('path' in from ? stageCopy(from, path) : stageBooks(from, path)));
  }

  #over({ store, copy }: StagedCopy): Staged {
    return {
      store,
      copy,
      takeBooks: (journal) => store.takeBooks(journal),
      ledger: (about) => ledgerOver(store, this.#secrets, { ...about, path: this.#files.path }),
      discard: async () => {
        await store.close();
        removeStaged(copy.path);
      },
    };
  }
}

/** Puts a copy where no ledger is, under a new key in a new key file; `check` sees the file before it has its name. */
export function placeCopy(
  files: LedgerFiles,
  from: SealedCopy,
  check: (successor: SealedCopy) => Promise<void>,
): Promise<void> {
  return placeLedger(files, from, check);
}

/** The newest audit entry in a sealed file; undefined where it is no ledger's, or does not open with this key. */
export function newestEntry({ path, key }: SealedCopy): { seq: number; entry: string } | undefined {
  const db = openRaw(path, key);
  try {
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) return undefined;
    return db
      .prepare<[], { seq: number; entry: string }>('SELECT seq, entry FROM audit ORDER BY seq DESC LIMIT 1')
      .get();
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_NOTADB') return undefined;
    throw error;
  } finally {
    db.close();
  }
}
