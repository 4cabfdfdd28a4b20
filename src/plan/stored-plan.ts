import type { StoredPlan } from '../store/registers.ts';

/** A plan that is over, without the personal values that it needed. */
export function withoutValues(stored: StoredPlan): StoredPlan {
  return { ...stored, edits: [], plan: { ...stored.plan, changes: [], suppress: [], orders: [] } };
}
