import { epochOf } from '../base/time.ts';
import type { SetAsideRow } from '../store/registers.ts';
import type { GateEntry } from './gate.ts';

/** What the gate says of a row that it neither lets in nor drops; the row itself is the record with that key. */
export interface AsideMark {
  readonly key: string;
  readonly verdict: SetAsideRow['verdict'];
  /** Numbers of the suppressions that it met. */
  readonly against: readonly number[];
}

/** A row that the gate keeps for a decision. */
export interface AsideRow extends AsideMark {
  readonly line: number;
  readonly at: number | undefined;
  /** JSON of its values, in the order of the source's columns. */
  readonly body: string;
}

/** The row of an erased person's account, and whether the systems upstream were seen without it. */
export interface OldAccount {
  readonly subject: number;
  /** Digest by `rowDigest`. */
  readonly row: string;
  readonly isGone: boolean;
}

/**
 * Whether an account row that shares an identifier with erased people is a genuine new sign-up: the export
 * was taken after each of them was erased, whoever was let in under it since is erased too, and all these
 * account rows are confirmed gone. Where it cannot be told the row is doubtful.
 */
export function isNewSignUp(
  met: readonly GateEntry[],
  accounts: readonly OldAccount[],
  takenAt: number,
): boolean {
  const gone = new Set(accounts.filter(({ isGone }) => isGone).map(({ row }) => row));
  const isFree = met.every(
    ({ reason, admitted, since }) =>
      reason === 'erased' && (admitted === undefined || gone.has(admitted)) && epochOf(since) < takenAt,
  );
  const subjects = new Set(met.map(({ subject }) => subject));
  return isFree && [...subjects].every((subject) => isConfirmedGone(subject, accounts));
}

function isConfirmedGone(subject: number, accounts: readonly OldAccount[]): boolean {
  const own = accounts.filter((account) => account.subject === subject);
  return own.length > 0 && own.every(({ isGone }) => isGone);
}
