import { partiesOf } from '../people/identities.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { OwnRow, SubjectView } from './view.ts';

/**
 * Rows that name nobody else, each once: what may be restricted for a person's sake. What another person wrote
 * to them stays in that person's use.
 */
export function rowsOfTheirsAlone(view: Pick<SubjectView, 'rows'>, policy: Policy): readonly OwnRow[] {
  return [...Map.groupBy(view.rows, ({ record }) => record.id).values()].flatMap((places) => {
    const [first] = places;
    const source = first === undefined ? undefined : tableSource(policy, first.record.source);
    if (first === undefined || source === undefined) return [];
    const theirs = new Set(places.map(({ role }) => role));
    return partiesOf(source, policy, first.record.fields).every(({ role }) => theirs.has(role))
      ? [first]
      : [];
  });
}
