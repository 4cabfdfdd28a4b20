import { rmSync } from 'node:fs';

/** What stands behind a ledger's name in the names of the copies that a restore works on. */
export const STAGED = { ledger: '.restoring', books: '.books' } as const;

/** Removes a staged copy with all that lies beside it. */
export function removeStaged(path: string): void {
  for (const end of ['', '-journal', '-wal', '-shm', '.lock', '.gate'])
    rmSync(`${path}${end}`, { force: true });
}

/** Removes what a restore that died has left beside a ledger; nobody has the keys of it. */
export function removeAllStaged(ledger: string): void {
  for (const end of Object.values(STAGED)) removeStaged(`${ledger}${end}`);
}
