import type { Reader, Suppression } from '../store/store.ts';

const PAGE = 10_000;

/** Those of these numbers that are in force. */
export async function suppressionsNumbered(
  tx: Pick<Reader, 'suppressions'>,
  ids: Iterable<number>,
): Promise<readonly StoredSuppression[]> {
  const found: StoredSuppression[] = [];
  for (const id of ids) found.push(...(await tx.suppressions(id - 1, 1)).filter((entry) => entry.id === id));
  return found;
}

/** A suppression with what it is known by. */
export type StoredSuppression = Suppression & { readonly tag: number; readonly digest: Uint8Array };

/** All suppressions in force, ascending by number. */
export async function listSuppressions(
  tx: Pick<Reader, 'suppressions'>,
): Promise<readonly StoredSuppression[]> {
  const all: StoredSuppression[] = [];
  for (
    let page = await tx.suppressions(0, PAGE);
    page.length > 0;
    page = await tx.suppressions(page.at(-1)?.id ?? 0, PAGE)
  )
    for (const entry of page) all.push(entry);
  return all;
}
