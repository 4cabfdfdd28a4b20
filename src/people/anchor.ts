import type { SubjectId } from '../store/store.ts';
import type { Identifier } from './identifier.ts';

/**
 * What stands for one person while people are told apart: an account row, an identifier that no account
 * holds, or the number of a subject. Equal text is the same; the ledger keeps only its HMAC.
 */
export type PersonKey = string;

/** The key of an account row: NUL parts its source from the natural key. */
export function accountKey(source: string, key: string): PersonKey {
  return `account\0${source}\0${key}`;
}

/** The key of a person without account, by their strongest identifier. */
export function identifierKey(identifier: Identifier): PersonKey {
  return `identifier\0${textKey(identifier)}`;
}

/** The key of what staff gave to a subject by number. */
export function numberKey(subject: SubjectId): PersonKey {
  return `number\0${subject}`;
}

/** The subject of a `numberKey`, or undefined for other keys. */
export function subjectOfKey(key: PersonKey): SubjectId | undefined {
  return key.startsWith('number\0') ? Number(key.slice(7)) : undefined;
}

/** The identifier of an `identifierKey`, or undefined for other keys. */
export function identifierOfKey(key: PersonKey): Identifier | undefined {
  const [sort, kind] = key.split('\0', 2);
  if (sort !== 'identifier' || kind === undefined) return undefined;
  return { kind, value: key.slice(sort.length + kind.length + 2) };
}

/** Text that is equal for equal identifiers. */
export function textKey({ kind, value }: Identifier): string {
  return `${kind}\0${value}`;
}
