import { daysBetween, type Instant, newestOf } from '../base/time.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ImportRow } from '../store/store.ts';

/** The newest export of a source; none where nothing was loaded yet. */
export interface Freshness {
  readonly source: string;
  readonly takenAt: Instant | undefined;
  readonly days: number | undefined;
}

/** How fresh each source of the policy is, in its order. */
export function freshness(ledger: Ledger, imports: readonly ImportRow[]): readonly Freshness[] {
  return Object.keys(ledger.policy.sources).map((source) => {
    const takenAt = newestOf(imports.filter((row) => row.source === source).map((row) => row.takenAt));
    return { source, takenAt, days: takenAt === undefined ? undefined : daysBetween(takenAt, ledger.now) };
  });
}

/** A source's freshness as every command's JSON shows it. */
export function freshnessMembers({ source, takenAt, days }: Freshness): Record<string, unknown> {
  return { source, taken_at: takenAt ?? null, age_days: days ?? null };
}
