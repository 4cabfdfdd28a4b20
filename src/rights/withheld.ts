import { type NeverDisclosed, neverDisclosed } from '../law/never-disclosed.ts';
import type { Identifier } from '../people/identifier.ts';
import { kindOfColumn, tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { Withheld } from '../store/registers.ts';
import type { GivenRow } from './access-package.ts';

/** What of a person may leave the house, and what was taken out, by its type alone. */
export interface Disclosable {
  readonly rows: readonly GivenRow[];
  readonly identifiers: readonly Identifier[];
  readonly withheld: readonly Withheld[];
}

/**
 * What may leave the house under the law of the request: values of the kinds that it never lets out
 * (11 CCR §7024(d)) are left out and their type is named. Under the GDPR all is given.
 */
export function disclosable(
  { rows, identifiers }: Pick<Disclosable, 'rows' | 'identifiers'>,
  regime: string,
  policy: Policy,
): Disclosable {
  const kinds = neverKinds(regime, policy);
  const withheld = new Map<string, Withheld>();
  const shown = rows.map((row) => {
    const source = tableSource(policy, row.source);
    const kept = [...row.fields].filter(([field, value]) => {
      const kind = source && kindOfColumn(policy, source, field)?.name;
      const never = neverDisclosed(regime, source?.fields[field]) ?? kinds.get(kind ?? '');
      if (never === undefined) return true;
      const { type, rule } = never;
      const isHeld = value !== null && value !== '';
      if (isHeld) withheld.set(`${row.source} ${field}`, { source: row.source, field, type, rule });
      return false;
    });
    return { ...row, fields: new Map(kept) };
  });
  return {
    rows: shown,
    identifiers: identifiers.filter(({ kind }) => !kinds.has(kind)),
    withheld: [...withheld.values()],
  };
}

type NeverKinds = ReadonlyMap<string, NeverDisclosed>;

/** Kinds of identifiers that are such a value in some source, and therefore in all: a Social Security number. */
function neverKinds(regime: string, policy: Policy): NeverKinds {
  const tables = Object.values(policy.sources).filter((source) => source.type === 'table');
  const found = tables.flatMap(({ parties, fields }) =>
    parties
      .flatMap((party) => party.identifiers)
      .flatMap(({ kind, column }) => {
        const never = neverDisclosed(regime, fields[column]);
        return never === undefined ? [] : [[kind, never] as const];
      }),
  );
  return new Map(found);
}
