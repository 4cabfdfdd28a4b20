import type { Json } from '../base/json.ts';
import type { Identifier } from '../people/identifier.ts';
import { writtenAs } from '../people/written-as.ts';
import type { TableSource } from '../policy/types.ts';

/** What stands where a person was named in somebody else's row. */
export const ERASED_MARK = '[erased]';

/**
 * Takes a person out of a row that stays: the columns that name them in the given roles become
 * empty, and their identifiers are struck out of every text. Returns the fields that change.
 */
export function anonymisedFields(
  fields: ReadonlyMap<string, Json>,
  source: TableSource,
  roles: readonly string[],
  identifiers: readonly Identifier[],
): ReadonlyMap<string, Json> {
  const changes = new Map<string, Json>();
  const empty = source.format.type === 'csv' ? '' : null;
  const naming = source.parties
    .filter((party) => roles.includes(party.role))
    .flatMap((party) => party.identifiers);
  for (const { column } of naming) if (!source.key.includes(column)) changes.set(column, empty);
  const values = tellingValues(identifiers);
  for (const [column, value] of fields) {
    if (changes.has(column) || typeof value !== 'string' || source.key.includes(column)) continue;
    const struck = strikeOut(value, values);
    if (struck !== value) changes.set(column, struck);
  }
  return changes;
}

/** Values that name somebody wherever they stand, in every way they are written; a short number may be anything. */
export function tellingValues(identifiers: readonly Identifier[]): string[] {
  return identifiers
    .map(({ value }) => value)
    .filter((value) => value.length >= (/^\d+$/.test(value) ? 9 : 3))
    .flatMap(writtenAs);
}

/** Replaces whole-word occurrences of the values, whatever their case. */
export function strikeOut(text: string, values: readonly string[]): string {
  return values.reduce(
    (rest, value) => (mayHold(rest, value) ? rest.replace(wholeWord(value), ERASED_MARK) : rest),
    text,
  );
}

/** Whether a text holds one of the values as a whole word. */
export function mentions(text: string, values: readonly string[]): boolean {
  return values.some((value) => mayHold(text, value) && wholeWord(value).test(text));
}

const ASCII = /^[\0-\x7f]*$/;

/** A first look, which spares most texts the expression; beyond ASCII letters have more cases than two. */
function mayHold(text: string, value: string): boolean {
  return !ASCII.test(text) || !ASCII.test(value) || text.toLowerCase().includes(value.toLowerCase());
}

function wholeWord(value: string): RegExp {
  const literal = value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'giu');
}
