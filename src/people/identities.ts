import type { Json } from '../base/json.ts';
import { kindOf } from '../policy/find.ts';
import {
  type IdentifierColumn,
  type IdentifierKind,
  type Policy,
  STRENGTHS,
  type Strength,
  type TableSource,
} from '../policy/types.ts';
import type { ReachDigest } from '../store/store.ts';
import type { ReachHasher } from './digests.ts';
import type { Identifier } from './identifier.ts';
import { normalise } from './normalise.ts';

/** An identifier where it stands in a row. */
export interface RowIdentifier {
  readonly identifier: Identifier;
  readonly strength: Strength;
  /** Whether the person proved it; true where the policy names no column for that. */
  readonly confirmed: boolean;
  readonly column: string;
}

/** One person's place in a row, with the identifiers that the row holds for it. */
export interface RowParty {
  readonly role: string;
  /** Strongest first, and of one strength in the order in which the policy lists the kinds. */
  readonly identifiers: readonly RowIdentifier[];
}

/** The values of a row, in the order of the columns that its reader was compiled for. */
export type RowValues = readonly (Json | undefined)[];

/** The role of an account row's own person. */
export const OWN_ROLE = 'subject';

/** The parties of one row, those without any identifier left out. */
export function partiesOf(
  source: TableSource,
  policy: Policy,
  fields: ReadonlyMap<string, Json>,
): RowParty[] {
  return compileParties(source, policy)(valuesOf(source.columns, fields));
}

/** Prepares `partiesOf` for many rows whose values stand in the order of `columns`. */
export function compileParties(
  source: TableSource,
  policy: Policy,
  columns: readonly string[] = source.columns,
): (values: RowValues) => RowParty[] {
  const parties = compilePlaces(source, policy, columns);
  return (values) => {
    const found: RowParty[] = [];
    for (const { role, places } of parties) {
      const identifiers = readPlaces(places, values);
      if (identifiers.length > 0) found.push({ role, identifiers });
    }
    return found;
  };
}

/** Prepares the reach digests of rows: one for each distinct identifier, and one that finds an account row by its key. */
export function compileReach(
  source: TableSource,
  policy: Policy,
  hasher: ReachHasher,
  columns: readonly string[] = source.columns,
): (values: RowValues) => ReachDigest[] {
  const parties = compilePlaces(source, policy, columns);
  // Of a million rows none is given a list of its parties.
  const places = parties.flatMap(({ role, places: own }) =>
    own.map((place) => ({ ...place, isKey: role === OWN_ROLE && isKeyColumn(source, place.column) })),
  );
  const madeOfKey = compileKeyIdentifier(source, columns);
  return (values) => {
    const digests: ReachDigest[] = [];
    let isKeyed = !source.account;
    for (const place of places) {
      const value = readPlace(place, values);
      if (value === undefined) continue;
      const digest = hasher.reachOf(place.kind.name, value);
      if (!digests.includes(digest)) digests.push(digest);
      isKeyed ||= place.isKey;
    }
    if (!isKeyed) digests.push(hasher.reach(madeOfKey(values)));
    return digests;
  };
}

/** The reach digests of one row, from its fields. */
export function reachOf(
  source: TableSource,
  policy: Policy,
  hasher: ReachHasher,
  fields: ReadonlyMap<string, Json>,
): ReachDigest[] {
  return compileReach(source, policy, hasher)(valuesOf(source.columns, fields));
}

/**
 * Prepares the identifier by which an account row is found again for as long as it keeps its key: the
 * one that stands in the key column, else one made of the whole key.
 */
export function compileAccountIdentifier(
  source: TableSource,
  columns: readonly string[] = source.columns,
): (values: RowValues, parties: readonly RowParty[]) => Identifier {
  const madeOfKey = compileKeyIdentifier(source, columns);
  return (values, parties) => identifierInKey(source, parties) ?? madeOfKey(values);
}

function identifierInKey(source: TableSource, parties: readonly RowParty[]): Identifier | undefined {
  const own = parties.find(({ role }) => role === OWN_ROLE)?.identifiers;
  return own?.find(({ column }) => isKeyColumn(source, column))?.identifier;
}

/** Whether a column is the whole key of a source. */
function isKeyColumn({ key }: TableSource, column: string): boolean {
  return key.length === 1 && key[0] === column;
}

function compileKeyIdentifier(
  source: TableSource,
  columns: readonly string[],
): (values: RowValues) => Identifier {
  const positions = source.key.map((column) => columns.indexOf(column));
  // No kind of a policy has a colon in its name.
  const kind = `account:${source.name}`;
  return (values) => ({ kind, value: JSON.stringify(positions.map((at) => String(values[at] ?? ''))) });
}

/** The values of some columns, in their order. */
export function valuesOf(columns: readonly string[], fields: ReadonlyMap<string, Json>): RowValues {
  return columns.map((column) => fields.get(column));
}

/** The place of a kind among all: stronger kinds first, then in the order in which the policy lists them. */
export function rankOf(policy: Pick<Policy, 'identifiers'>, kind: string): number {
  const strength = kindOf(policy, kind)?.strength ?? 'network';
  const kinds = Object.keys(policy.identifiers);
  return STRENGTHS.indexOf(strength) * (kinds.length + 1) + kinds.indexOf(kind);
}

interface Place {
  readonly kind: IdentifierKind;
  readonly column: string;
  readonly position: number;
  /** Position of the column that says whether it was proved, where the policy names one. */
  readonly confirmed: number | undefined;
}

function compilePlaces(
  source: TableSource,
  policy: Policy,
  columns: readonly string[],
): readonly { readonly role: string; readonly places: readonly Place[] }[] {
  return source.parties.map(({ role, identifiers }) => ({
    role,
    places: byRank(identifiers, policy).map((column) => placeOf(column, policy, columns)),
  }));
}

function byRank(identifiers: readonly IdentifierColumn[], policy: Policy): IdentifierColumn[] {
  return identifiers.toSorted((a, b) => rankOf(policy, a.kind) - rankOf(policy, b.kind));
}

function placeOf(identifier: IdentifierColumn, policy: Policy, columns: readonly string[]): Place {
  const kind = kindOf(policy, identifier.kind);
  if (kind === undefined) throw new Error(`the policy has no identifier kind ${identifier.kind}`);
  return {
    kind,
    column: identifier.column,
    position: columns.indexOf(identifier.column),
    confirmed: identifier.confirmed === undefined ? undefined : columns.indexOf(identifier.confirmed),
  };
}

function readPlaces(places: readonly Place[], values: RowValues): RowIdentifier[] {
  const found: RowIdentifier[] = [];
  for (const place of places) {
    const value = readPlace(place, values);
    if (value === undefined) continue;
    const { kind, column, confirmed } = place;
    found.push({
      identifier: { kind: kind.name, value },
      strength: kind.strength,
      confirmed: confirmed === undefined || isAffirmed(values[confirmed]),
      column,
    });
  }
  return found;
}

function readPlace({ kind, position }: Place, values: RowValues): string | undefined {
  const raw = values[position];
  return raw === undefined ? undefined : normalise(kind, raw);
}

/** `0000-00-00` is how MySQL exports a date that never came. */
const DENIED = /^\s*(?:0|false|f|no|n|off|null|\\n|0000-00-00(?:[ T]00:00:00)?)?\s*$/i;

function isAffirmed(value: Json | undefined): boolean {
  if (typeof value === 'string') return !DENIED.test(value);
  return value !== undefined && value !== null && value !== false && value !== 0;
}
