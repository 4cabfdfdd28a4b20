import type { ReachHasher } from '../people/digests.ts';
import { compileReach, valuesOf } from '../people/identities.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { Writer } from '../store/store.ts';

const PAGE = 1000;

/**
 * Computes the reach of all rows of a table source again, after the policy's mapping of it changed;
 * retained rows stay unreachable. Returns how many rows it went through, 0 for a source that is no table.
 */
export async function reindexRecords(
  tx: Pick<Writer, 'listRecords' | 'setReach'>,
  policy: Policy,
  sourceName: string,
  hasher: ReachHasher,
): Promise<number> {
  const source = tableSource(policy, sourceName);
  if (source === undefined) return 0;
  const reachOf = compileReach(source, policy, hasher);
  let count = 0;
  for (let after = 0; ; ) {
    const page = await tx.listRecords({ source: source.name }, after, PAGE);
    for (const record of page) {
      if (record.state === 'retained') continue;
      await tx.setReach(record.id, reachOf(valuesOf(source.columns, record.fields)));
      count += 1;
    }
    const last = page.at(-1);
    if (last === undefined) return count;
    after = last.id;
  }
}
