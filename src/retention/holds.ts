import type { LegalHold } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';

/** What a hold may preserve: rows of a person, a category and a source. */
export interface HoldTarget {
  /** Every number the person is known under. */
  readonly subjects: readonly SubjectId[];
  readonly category: string;
  readonly source: string;
}

/** The hold in force that preserves the target, if any. Nothing overrides one. */
export function findHold(holds: readonly LegalHold[], target: HoldTarget): LegalHold | undefined {
  return holds.find(
    (hold) =>
      hold.state === 'placed' &&
      (hold.subject === undefined || target.subjects.includes(hold.subject)) &&
      (hold.category === undefined || hold.category === target.category) &&
      (hold.source === undefined || hold.source === target.source),
  );
}
