import type { Policy } from '../policy/types.ts';
import type { StaffDecision } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';
import { identifierKey, type PersonKey, subjectOfKey } from './anchor.ts';
import { Decisions } from './decisions.ts';
import { describePerson, eventsOf, type Search, suppressionsOn } from './describe.ts';
import type { PeopleKeys } from './digests.ts';
import { accountsOf, type Node, ownedRows, PeopleGraph, type PeopleReader } from './graph.ts';
import type { Identifier } from './identifier.ts';
import { Person } from './person.ts';
import type { Outcome, Resolution } from './resolution.ts';

export interface People {
  readonly reader: PeopleReader;
  readonly policy: Policy;
  readonly decisions: readonly StaffDecision[];
  readonly keys: PeopleKeys;
  /** Rows that are read for one identifier at most; 100,000 when left out. */
  readonly maxRows?: number;
}

const MAX_ROWS = 100_000;
/** Candidates that are read in full. */
const MAX_CANDIDATES = 20;

/**
 * Who a number or an identifier stands for, and all that is theirs. Access, edit, delete and every other
 * right use this one function.
 */
export async function resolve(people: People, start: Identifier | SubjectId): Promise<Outcome> {
  const decisions = new Decisions(people.decisions);
  const options = { ...people, decisions, maxRows: people.maxRows ?? MAX_ROWS };
  const search = { options, graph: new PeopleGraph(options) };
  return typeof start === 'number' ? findSubject(search, start) : findIdentifier(search, start);
}

async function findSubject(search: Search, subject: SubjectId): Promise<Outcome> {
  const { options, graph } = search;
  if ((await options.reader.subject(subject)) === undefined)
    return { kind: 'nobody', anchor: undefined, events: [] };
  const person = await Person.ofSubject(graph, options, subject);
  return { kind: 'person', person: await describePerson(search, person) };
}

async function findIdentifier(search: Search, identifier: Identifier): Promise<Outcome> {
  const strength = search.graph.strengthOf(identifier);
  if (strength === 'network') return nobody(search, identifier);
  const keys = await keysOf(search, identifier);
  if (keys.length > 0) return choose(search, keys);
  // A device passes on to other people: whose lines it has now, nobody knows.
  if (strength === 'device') return nobody(search, identifier);
  const suppressions = await suppressionsOn(search.options, identifier);
  const numbers = [...new Set(suppressions.map(({ subject }) => subject))].sort((a, b) => a - b);
  return numbers.length > 0 ? choose(search, numbers) : nobody(search, identifier);
}

/** The persons for whom an identifier stands: accounts that hold it, proved or not, and those to whom it leads. */
async function keysOf({ options, graph }: Search, identifier: Identifier): Promise<readonly PersonKey[]> {
  const node = await graph.node(identifier);
  const keys = new Set<PersonKey>();
  if (options.decisions.linkedTo(identifier).length === 0) {
    const isTaken = await graph.takenFrom(identifier);
    for (const key of [...accountsOf(node, true), ...accountsOf(node, false)])
      if (!isTaken(key)) keys.add(key);
  }
  for (const key of await graph.holders(identifier)) {
    if (key !== identifierKey(identifier) || mayBeSomebody(node)) keys.add(key);
  }
  return [...keys].sort();
}

/** Whether an identifier that leads to nobody else is a person without account: rows belong to it. */
function mayBeSomebody(node: Node): boolean {
  return node.isCrowded || ownedRows(node).size > 0;
}

/** The one person of several keys or numbers, or the persons that are left after merges. */
async function choose(search: Search, starts: readonly (PersonKey | SubjectId)[]): Promise<Outcome> {
  const persons: Person[] = [];
  const read = starts.slice(0, MAX_CANDIDATES);
  for (const start of read)
    if (!persons.some((person) => isOf(person, start))) persons.push(await personOf(search, start));
  const candidates: Resolution[] = [];
  for (const person of persons) candidates.push(await describePerson(search, person));
  const [person, ...others] = candidates;
  const more = starts.length - read.length;
  if (person !== undefined && others.length === 0 && more === 0) return { kind: 'person', person };
  return { kind: 'candidates', candidates, more };
}

function isOf({ keys, subjects }: Person, start: PersonKey | SubjectId): boolean {
  return typeof start === 'number' ? subjects.has(start) : keys.has(start);
}

function personOf({ graph, options }: Search, start: PersonKey | SubjectId): Promise<Person> {
  const subject = typeof start === 'number' ? start : subjectOfKey(start);
  if (subject !== undefined) return Person.ofSubject(graph, options, subject);
  return Person.ofKey(graph, options, String(start));
}

function nobody({ graph, options }: Search, identifier: Identifier): Outcome {
  const events = eventsOf(options.policy, [identifier], []);
  if (graph.strengthOf(identifier) === 'network') return { kind: 'nobody', anchor: undefined, events };
  const anchor = graph.digestOf(identifierKey(identifier));
  return { kind: 'nobody', anchor: { anchor, hint: options.keys.hasher.reach(identifier) }, events };
}
