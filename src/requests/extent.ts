import type { RequestOutcome } from '../store/registers.ts';

/**
 * Whether all that was asked was done, a part, or none: rows that are retained or held were asked for as well,
 * and so was what nobody was verified for.
 */
export type Extent = 'whole' | 'part' | 'none';

/** Actions that leave a row as it was. */
export const LEAVING: ReadonlySet<string> = new Set(['hold', 'keep']);

/** How far what a request came to answers it. */
export function extentOf({
  remains,
  unverified = [],
  applied,
}: Pick<RequestOutcome, 'remains' | 'unverified' | 'applied'>): Extent {
  if (remains.length + unverified.length === 0) return 'whole';
  return applied.some(({ action, count }) => count > 0 && !LEAVING.has(action)) ? 'part' : 'none';
}

/** As what a request counts of which nothing was done, in the codes of refusals (11 CCR §7102(a)(4)). */
export function refusalIn({ remains }: Pick<RequestOutcome, 'remains'>): string {
  return remains.length > 0 ? 'exempt' : 'not-verified';
}
