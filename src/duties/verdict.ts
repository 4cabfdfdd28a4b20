import { epochOf, type Instant } from '../base/time.ts';
import type { OrderVerdict, WorkOrder } from '../store/registers.ts';

/** A row of an export that has an order, as plain data; its key is clear and never leaves the process. */
export interface Sighting {
  readonly digest: string;
  readonly key: string;
  readonly line: number;
  /** The columns in which something stands. */
  readonly filled: readonly string[];
  /** Hex suppression digests of the identifiers in the row, each with its column. */
  readonly naming: readonly { readonly column: string; readonly digest: string }[];
}

/** What an export as a whole says of how far it can be believed. */
export interface Circumstances {
  readonly takenAt: Instant;
  /** `snapshot` holds the whole table; of the others a row's absence says nothing. */
  readonly kind: 'snapshot' | 'append' | 'log';
  readonly keyColumns: readonly string[];
  /** Columns of the policy that no row of the file has. */
  readonly missingColumns: readonly string[];
  /** Whether the policy maps the source otherwise than when it was ordered. */
  readonly isRemapped: boolean;
  /** Whether it has many fewer rows than the source had, those that were ordered away left out. */
  readonly isShort: boolean;
  /** Whether it ends in the middle of a line that says something new. */
  readonly isTorn: boolean;
  /** Whether a row was set aside of which nobody knows the key. */
  readonly hasUnreadable: boolean;
  /**
   * Rows that nobody ordered away and that it lacks: none · all older than every row it has · nothing of
   * what stood after the ordered row is there · others.
   */
  readonly vanished: 'none' | 'oldest' | 'all-after' | 'some';
}

/** Why an export proves nothing of an order. */
export type NotProvable =
  | 'by-hand'
  | 'export-older'
  | 'columns-changed'
  | 'append'
  | 'row-count-fell'
  | 'too-many-rejects'
  | 'filter-changed'
  | 'cut-short';

export interface Judgement {
  readonly verdict: OrderVerdict;
  readonly why: NotProvable | undefined;
}

type Judged = Pick<
  WorkOrder,
  'action' | 'fields' | 'naming' | 'state' | 'orderedAt' | 'endedAt' | 'confirmedBy'
>;

/**
 * What an export says of an order on a row: what it shows counts, and what it lacks only where nothing
 * else explains it. A file that was cut short never says `gone`.
 */
export function judgeOrder(
  order: Judged,
  sighting: Sighting | undefined,
  circumstances: Circumstances,
): Judgement {
  if (order.action === 'end-sign-in' || circumstances.kind === 'log') return notProvable('by-hand');
  if (epochOf(circumstances.takenAt) <= epochOf(carriedOutBy(order))) return notProvable('export-older');
  if (sighting !== undefined) return judgeSeen(order, sighting, circumstances);
  const why = ABSENCES.find(([, explains]) => explains(circumstances))?.[0];
  return why === undefined ? { verdict: 'gone', why } : notProvable(why);
}

/** Staff's word on a row stands for exports that were taken before it was given. */
function carriedOutBy({ confirmedBy, endedAt, orderedAt }: Judged): Instant {
  return confirmedBy === 'staff' && endedAt !== undefined ? endedAt : orderedAt;
}

function judgeSeen(order: Judged, sighting: Sighting, circumstances: Circumstances): Judgement {
  switch (order.action) {
    case 'keep-fields':
      return judgeKept(order, sighting, circumstances);
    case 'anonymise':
      return judgeAnonymised(order, sighting, circumstances);
    default:
      return { verdict: 'still-there', why: undefined };
  }
}

/** Only what is kept, and the key by which the row is found, may be filled. */
function judgeKept(
  { fields }: Judged,
  { filled }: Sighting,
  { keyColumns, missingColumns }: Circumstances,
): Judgement {
  const mayStay = new Set([...fields, ...keyColumns]);
  if (filled.some((column) => !mayStay.has(column))) return { verdict: 'still-there', why: undefined };
  return asOrdered(missingColumns.some((column) => !mayStay.has(column)));
}

/** The columns may be empty or name another; what they may not is name the person. */
function judgeAnonymised(
  { fields, naming = {} }: Judged,
  sighting: Sighting,
  { missingColumns }: Circumstances,
): Judgement {
  if (fields.length === 0) return notProvable('by-hand');
  const isNamed = sighting.naming.some(({ column, digest }) => naming[column] === digest);
  if (isNamed) return { verdict: 'still-there', why: undefined };
  return asOrdered(missingColumns.some((column) => fields.includes(column)));
}

/** A column that the whole file lacks is not an empty one. */
function asOrdered(isColumnMissing: boolean): Judgement {
  return isColumnMissing ? notProvable('columns-changed') : { verdict: 'changed-as-ordered', why: undefined };
}

const ABSENCES: readonly (readonly [NotProvable, (circumstances: Circumstances) => boolean])[] = [
  ['append', ({ kind }) => kind !== 'snapshot'],
  ['columns-changed', ({ isRemapped }) => isRemapped],
  ['row-count-fell', ({ isShort }) => isShort],
  ['too-many-rejects', ({ hasUnreadable }) => hasUnreadable],
  ['filter-changed', ({ vanished }) => vanished === 'oldest'],
  ['cut-short', ({ isTorn, vanished }) => isTorn || vanished === 'all-after'],
];

function notProvable(why: NotProvable): Judgement {
  return { verdict: 'not-provable', why };
}
