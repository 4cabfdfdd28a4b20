import { startOfDay } from '../base/periods.ts';
import type { PlainDate } from '../base/time.ts';
import { epochOf } from '../base/time.ts';
import { sourcesOfCategory } from '../policy/find.ts';
import type { Policy, Source } from '../policy/types.ts';
import type { StoredRecord } from '../store/store.ts';
import type { RetentionClock } from './ends.ts';
import { expiryCutoff, hasEnded, keepUntil } from './ends.ts';

const DAY = 86_400;

/** One source whose rows or lines have a scheduled end. */
export interface DueRule {
  readonly source: Source;
  readonly category: string;
  /** Rows dated before this are due; epoch seconds. */
  readonly before: number;
  /** Lines of UTC days before this are due: a day goes when all of it is over. */
  readonly beforeDay: number;
  readonly cutoff: PlainDate;
}

/** What the schedule makes due at an instant, source by source. */
export function dueRules(policy: Policy, clock: RetentionClock): DueRule[] {
  return Object.values(policy.categories).flatMap((category) => {
    if (category.expire === undefined) return [];
    const cutoff = expiryCutoff(category.expire, clock);
    const before = epochOf(startOfDay(cutoff, clock.zone));
    return sourcesOfCategory(policy, category.name).map((source) => ({
      source,
      category: category.name,
      before,
      beforeDay: Math.floor(before / DAY),
      cutoff,
    }));
  });
}

export type VanishedFate =
  | { readonly action: 'erase' }
  | { readonly action: 'keep'; readonly basis: string; readonly until: PlainDate };

/** A row that is gone upstream is erased, unless a law keeps rows of its category for a time that still runs. */
export function vanishedFate(record: StoredRecord, policy: Policy, clock: RetentionClock): VanishedFate {
  const category = policy.categories[policy.sources[record.source]?.category ?? ''];
  const lasting = (category?.keep ?? [])
    .filter((rule) => rule.when.length === 0)
    .map((rule) => ({ action: 'keep' as const, basis: rule.basis, until: keepUntil(rule, record.at, clock) }))
    .filter(({ until }) => !hasEnded(until, clock));
  return lasting.reduce<VanishedFate>(
    (best, fate) => (best.action === 'keep' && best.until >= fate.until ? best : fate),
    {
      action: 'erase',
    },
  );
}
