import type { PlanItem } from '../plan/plan.ts';

/** What dsr itself keeps of people, beside what it holds for the service. */
export type OwnCategory = 'package' | 'request-file' | 'person' | 'suppression' | 'set-aside';

/** A group of a purge's plan whose entries are dsr's own, by their numbers; none where there are none. */
export function forgetItem(category: OwnCategory, reason: string, ids: readonly number[]): PlanItem[] {
  if (ids.length === 0) return [];
  const records = ids.map((id) => ({ id, version: 0 }));
  const group = { source: 'dsr', category, role: 'subject', action: 'forget' as const, reason, records };
  return [{ ...group, basis: undefined, until: undefined, fields: [], events: 0 }];
}

/** The numbers of one category that are to be forgotten. */
export function idsToForget(items: readonly PlanItem[], category: OwnCategory): readonly number[] {
  return items
    .filter((item) => item.action === 'forget' && item.category === category)
    .flatMap(({ records }) => records.map(({ id }) => id));
}
