import { notFound } from '../base/errors.ts';
import {
  type IdentifierColumn,
  type IdentifierKind,
  type Policy,
  type Source,
  STRENGTHS,
  type TableSource,
} from './types.ts';

/** The source of that name, or undefined; never a member that every object has. */
export function findSource(policy: Pick<Policy, 'sources'>, name: string): Source | undefined {
  return Object.hasOwn(policy.sources, name) ? policy.sources[name] : undefined;
}

/** The table source of that name, or undefined where there is none or it is a log. */
export function tableSource(policy: Pick<Policy, 'sources'>, name: string): TableSource | undefined {
  const source = findSource(policy, name);
  return source?.type === 'table' ? source : undefined;
}

/** The source of that name; throws `unknown-source` with the names there are. */
export function requireSource(policy: Pick<Policy, 'sources'>, name: string): Source {
  const source = findSource(policy, name);
  if (source !== undefined) return source;
  const names = Object.keys(policy.sources);
  const hint = names.length === 0 ? 'the policy has no sources' : `sources: ${names.join(', ')}`;
  throw notFound('unknown-source', 'the policy has no source of that name', hint);
}

/** The sources whose rows belong to a category, in the order of the policy file. */
export function sourcesOfCategory(policy: Pick<Policy, 'sources'>, category: string): Source[] {
  return Object.values(policy.sources).filter((source) => source.category === category);
}

/** The tables whose rows are accounts, in the order of the policy file. */
export function accountSources(policy: Pick<Policy, 'sources'>): readonly TableSource[] {
  return Object.values(policy.sources).flatMap((source) =>
    source.type === 'table' && source.account ? [source] : [],
  );
}

/** The kind of identifier of that name, built in or of the policy, or undefined. */
export function kindOf(policy: Pick<Policy, 'identifiers'>, kind: string): IdentifierKind | undefined {
  return Object.hasOwn(policy.identifiers, kind) ? policy.identifiers[kind] : undefined;
}

/** The kind of identifier that a column of a table holds, or undefined where it holds none. */
export function kindOfColumn(
  policy: Pick<Policy, 'identifiers'>,
  { parties }: Pick<TableSource, 'parties'>,
  column: string,
): IdentifierKind | undefined {
  const places = parties.flatMap(({ identifiers }) => identifiers);
  const place = places.find((identifier) => identifier.column === column);
  return place && kindOf(policy, place.kind);
}

/** The columns with the strongest kind first; equal strengths keep their order. */
export function strongestFirst(
  columns: readonly IdentifierColumn[],
  policy: Pick<Policy, 'identifiers'>,
): IdentifierColumn[] {
  const rank = ({ kind }: IdentifierColumn): number => {
    const strength = kindOf(policy, kind)?.strength;
    return strength === undefined ? STRENGTHS.length : STRENGTHS.indexOf(strength);
  };
  return columns.toSorted((a, b) => rank(a) - rank(b));
}
