import type { ErasureAction, Strength } from '../policy/types.ts';
import type { SuppressionReason } from './gate.ts';

/**
 * What becomes of a row at the gate. `out`: nothing of it is kept. `return`: the row of an erased person.
 * `doubtful`: it may be theirs, or that of somebody who has their address, number or name now. `cleaned`:
 * another's row, out of which a suppressed person is taken.
 */
export type RowVerdict = 'free' | 'out' | 'return' | 'doubtful' | 'cleaned';

/** An identifier of a row, and why it may not come back; without a reason it may. */
export interface SeenIdentifier {
  readonly strength: Strength;
  readonly reason: SuppressionReason | undefined;
}

/** A person whom a row names beside its own, by the strongest identifier. */
export interface SeenParty extends SeenIdentifier {
  /** What a deletion does to rows with a person in this role. */
  readonly onDelete: ErasureAction;
  /** Whether the identifier is part of the row's key, which cannot be left empty. */
  readonly isInKey: boolean;
}

/** What the gate knows of a row; holds no value. */
export interface RowFacts {
  readonly isAccount: boolean;
  /** Of the natural key and, in an account row, of what stands in it. */
  readonly key: SuppressionReason | undefined;
  /** Of the row's own person beside the key, strongest first; addresses of networks left out. */
  readonly own: readonly SeenIdentifier[];
  readonly others: readonly SeenParty[];
}

const GRAVEST: readonly RowVerdict[] = ['out', 'return', 'doubtful', 'cleaned'];

/** The verdict on a row: the gravest of those on its key, its own person and the others whom it names. */
export function judgeRow({ isAccount, key, own, others }: RowFacts): RowVerdict {
  const ownVerdict = isAccount ? judgeContacts(own) : judgeOwn(own);
  const verdicts = [judgeKey(key), ownVerdict, ...others.map(judgeOther)];
  return GRAVEST.find((verdict) => verdicts.includes(verdict)) ?? 'free';
}

function judgeKey(reason: SuppressionReason | undefined): RowVerdict {
  if (reason === undefined) return 'free';
  return reason === 'parental-stop' ? 'out' : 'return';
}

/** E-mail, phone, username and cookie pass from hand to hand: they never decide alone. */
function judgeContacts(own: readonly SeenIdentifier[]): RowVerdict {
  return own.some(({ reason }) => reason !== undefined) ? 'doubtful' : 'free';
}

/** A row that belongs to an account goes by that account; one known by less may be anybody's. */
function judgeOwn(own: readonly SeenIdentifier[]): RowVerdict {
  const [strongest] = own;
  if (strongest?.reason === 'parental-stop') return 'out';
  return strongest?.strength === 'account' ? judgeKey(strongest.reason) : judgeContacts(own);
}

/** Who is only named in a row leaves it as a deletion would have them leave. */
export function judgeOther({ strength, reason, onDelete, isInKey }: SeenParty): RowVerdict {
  if (reason === undefined || (onDelete === 'keep' && reason === 'erased')) return 'free';
  if (onDelete !== 'erase' && onDelete !== 'retain' && !isInKey) return 'cleaned';
  if (reason === 'parental-stop') return 'out';
  return strength === 'account' ? 'return' : 'doubtful';
}
