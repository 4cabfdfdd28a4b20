import { daysBetween, newestOf } from '../base/time.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SearchedSource } from '../store/registers.ts';
import type { ImportRow, Reader } from '../store/store.ts';

/** Every source of the policy, in its order, with how fresh its newest export is. */
export function searchedSources(
  { policy, now }: Pick<Ledger, 'policy' | 'now'>,
  imports: readonly ImportRow[],
): readonly SearchedSource[] {
  return Object.keys(policy.sources).map((source) => {
    const takenAt = newestOf(imports.filter((row) => row.source === source).map((row) => row.takenAt));
    return { source, takenAt, days: takenAt === undefined ? undefined : daysBetween(takenAt, now) };
  });
}

/** Whether neither a row nor a log line is a person's. */
export function isNothing(view: Pick<SubjectView, 'rows' | 'lines'>): boolean {
  return view.rows.length === 0 && view.lines.every(({ lines }) => lines === 0);
}

/** What the answer "nothing held" rests on; undefined where something is held. */
export async function nothingHeldOf(
  tx: Pick<Reader, 'imports'>,
  ledger: Pick<Ledger, 'policy' | 'now'>,
  view: Pick<SubjectView, 'rows' | 'lines'>,
): Promise<readonly SearchedSource[] | undefined> {
  return isNothing(view) ? searchedSources(ledger, await tx.imports()) : undefined;
}

/** A source that was searched, as every document shows it. */
export function searchedMembers({ source, takenAt, days }: SearchedSource) {
  return { source, taken_at: takenAt ?? null, age_days: days ?? null };
}
