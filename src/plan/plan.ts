import type { Json } from '../base/json.ts';
import type { Instant, PlainDate } from '../base/time.ts';
import type { Identifier } from '../people/identifier.ts';
import type { AccessLevel, ParentalAction, PermittedRemain, WorkAction } from '../store/registers.ts';
import type { RecordId, SubjectId } from '../store/store.ts';

/** What happens to a group of rows or lines. */
export type PlanAction =
  | 'give'
  | 'change'
  | 'erase'
  | 'anonymise'
  | 'retain'
  | 'hold'
  | 'keep'
  | 'restrict'
  | 'suppress'
  | 'forget';

/** One group: same source, category, role, action and reason. */
export interface PlanItem {
  readonly source: string;
  readonly category: string;
  /** The person's place in the rows: `subject`, or a role such as `author`. */
  readonly role: string;
  readonly action: PlanAction;
  /** A stable code: `policy`, `expired`, `retention-ended`, `ground:ban`, `hold:2026-7`, `vanished`. */
  readonly reason: string;
  readonly basis: string | undefined;
  readonly until: PlainDate | undefined;
  /** Fields that stay, for `retain`; fields that change, for `change`. */
  readonly fields: readonly string[];
  /** The rows, by id and version, ascending. */
  readonly records: readonly { readonly id: RecordId; readonly version: number }[];
  /** Log lines at planning time; not part of the digest. */
  readonly events: number;
}

/** Correction of one field of one record. */
export interface PlannedChange {
  readonly record: RecordId;
  readonly field: string;
  readonly old: Json;
  readonly new: Json;
}

/** What the systems upstream will be told. */
export interface PlannedOrder {
  readonly source: string;
  readonly key: string;
  readonly action: WorkAction;
  readonly record: RecordId | undefined;
  readonly change: { readonly [column: string]: Json };
}

export type Right = 'access' | 'edit' | 'delete' | 'parental-review' | 'purge';

/** Plain data: everything that will happen, why, and until when. */
export interface Plan {
  readonly right: Right;
  readonly parental: ParentalAction | undefined;
  readonly level: AccessLevel | undefined;
  readonly subject: SubjectId | undefined;
  readonly policyVersion: number;
  /** The plan's own instant: end dates are counted from it, at planning and at running. */
  readonly instant: Instant;
  readonly items: readonly PlanItem[];
  readonly changes: readonly PlannedChange[];
  readonly orders: readonly PlannedOrder[];
  /** Identifiers that must not come back. Values stay in the plan only until it is applied. */
  readonly suppress: readonly Identifier[];
  readonly permittedRemains: readonly PermittedRemain[];
  /** What the person is told beside the items: shared identifiers, windows, logs not attributable. */
  readonly notes: readonly string[];
  /** `sha256:` over the decisions. */
  readonly digest: string;
}

/** Whether a group leaves bytes behind that have to go. */
export function isErasing({ action }: { readonly action: string }): boolean {
  return action === 'erase' || action === 'anonymise' || action === 'retain';
}
