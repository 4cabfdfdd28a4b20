import { badInput, type UserError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { isObject, parseJsonText } from '../formats/json-value.ts';

/** The members of a message of another system. */
export type Members = Readonly<Record<string, Json | undefined>>;

/** What is wrong with a message: exit 65, with the rule of its protocol; never with what stands in it. */
export type Unreadable = (message: string) => UserError;

/** Faults of one protocol's messages. */
export function unreadableAs(protocol: string): Unreadable {
  return (message) => badInput(`${protocol}-unreadable`, message, { hint: 'nothing was stored' });
}

/** Reads one JSON object, in which no member stands twice: two readers could take it for two people. */
export function parseMembers(text: string, fault: Unreadable): Members {
  const read = parseJsonText(text);
  if (read.kind === 'bad') throw fault(`it cannot be read: ${read.reason}`);
  if (read.rowFault !== undefined) throw fault(`it cannot be read: ${read.rowFault}`);
  if (!isObject(read.value)) throw fault('it is no JSON object');
  return read.value;
}

/** A member that has to be a text. */
export function textOf(members: Members, name: string, fault: Unreadable): string {
  const value = optionalText(members, name, fault);
  if (value === undefined) throw fault(`${name} is missing`);
  return value;
}

const LONGEST = 2000;

/** A member that is a text where it is there. */
export function optionalText(members: Members, name: string, fault: Unreadable): string | undefined {
  const value = members[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > LONGEST || !value.isWellFormed())
    throw fault(`${name} is not a text of 1 to ${LONGEST} characters`);
  return value;
}

/** A member that is a list of texts; none where it is not there. */
export function textsOf(members: Members, name: string, fault: Unreadable): readonly string[] {
  const value = members[name] ?? [];
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  throw fault(`${name} is not a list of texts`);
}
