import type { Policy } from '../policy/types.ts';
import type { SubjectId, Suppression } from '../store/store.ts';
import { identifierKey, textKey } from './anchor.ts';
import type { Window } from './decisions.ts';
import { suppressionDigest } from './digests.ts';
import { type GraphOptions, ownedRows, ownerOf, ownIdentifiers, type PeopleGraph } from './graph.ts';
import type { Identifier } from './identifier.ts';
import { rankOf } from './identities.ts';
import type { Person } from './person.ts';
import type { EventIdentifier, OwnIdentifier, Resolution, SharedIdentifier, Via } from './resolution.ts';

/** What a search has read, and what it reads with. */
export interface Search {
  readonly options: GraphOptions;
  readonly graph: PeopleGraph;
}

/** All that is a person's, in a fixed order. */
export async function describePerson(search: Search, person: Person): Promise<Resolution> {
  const { decisions, policy } = search.options;
  const subjects = [...person.subjects].sort((a, b) => a - b);
  const windows = subjects.flatMap((subject) => decisions.windowsOf(subject));
  const own = [...person.own.values()].map(({ identifier }) => identifier);
  return {
    ...(await person.anchor()),
    subjects,
    identifiers: identifiersOf(search, person, windows),
    records: await person.records(),
    shared: await sharedOf(search, person),
    hiddenRows: countHidden(person),
    events: eventsOf(policy, own, windows),
    erased: await isErased(search, subjects),
    erasedBefore: await erasedBefore(search, person),
  };
}

/** Where in the logs identifiers are to be looked for, by source. */
export function eventsOf(
  policy: Policy,
  identifiers: readonly Identifier[],
  windows: readonly Window[],
): readonly EventIdentifier[] {
  const wanted = [
    ...identifiers.map((identifier) => ({ identifier })),
    ...windows.map(({ identifier, from, to }) => ({ identifier, window: { from, to } })),
  ].sort((a, b) => compare(policy, a, b));
  return Object.values(policy.sources)
    .filter((source) => source.type === 'log')
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap(({ name, identifiers: columns }) =>
      wanted
        .filter(({ identifier }) => columns.some(({ kind }) => kind === identifier.kind))
        .map((entry) => ({ source: name, ...entry })),
    );
}

/** The suppressions of an identifier: of persons who were erased or stopped under it. */
export async function suppressionsOn(
  { reader, keys }: GraphOptions,
  identifier: Identifier,
): Promise<readonly Suppression[]> {
  const tagged = await reader.suppressionsTagged(keys.hasher.tag(identifier));
  if (tagged.length === 0) return [];
  const digest = suppressionDigest(keys.suppression, identifier);
  return tagged.filter((entry) => Buffer.compare(entry.digest, digest) === 0);
}

function identifiersOf(search: Search, person: Person, windows: readonly Window[]): readonly OwnIdentifier[] {
  const onAccounts = accountSources(person);
  const lasting = [...person.met]
    .filter(
      ([key, identifier]) => person.own.has(key) || (onAccounts.has(key) && !person.isUnlinked(identifier)),
    )
    .map(([key, identifier]): OwnIdentifier => {
      const strength = search.graph.strengthOf(identifier);
      const via = onAccounts.has(key) ? 'account-row' : viaOf(search, person, identifier);
      const sources = [...new Set([...(onAccounts.get(key) ?? []), ...sourcesOf(person, key)])].sort();
      return { identifier, strength, via, sources, reaches: person.own.has(key) };
    });
  const timed = windows.map(({ identifier, from, to }): OwnIdentifier => {
    const strength = search.graph.strengthOf(identifier);
    return { identifier, strength, via: 'staff-link', sources: [], reaches: true, window: { from, to } };
  });
  return [...lasting, ...timed].sort((a, b) => compare(search.options.policy, a, b));
}

function viaOf({ options }: Search, person: Person, identifier: Identifier): Via {
  if (options.decisions.linkedTo(identifier).some((subject) => person.subjects.has(subject)))
    return 'staff-link';
  return person.keys.has(identifierKey(identifier)) ? 'anchor' : 'beside';
}

/** The sources of the person's account rows on which an identifier stands. */
function accountSources(person: Person): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const row of person.accounts.values()) {
    for (const { identifier } of ownIdentifiers(row)) {
      const key = textKey(identifier);
      found.set(key, [...(found.get(key) ?? []), row.record.source]);
    }
  }
  return found;
}

/** The sources of the person's other rows in which an identifier of theirs stands. */
function sourcesOf(person: Person, key: string): readonly string[] {
  const standings = person.own.get(key)?.standings ?? [];
  return standings.flatMap((place) => {
    const owner = ownerOf(place);
    return owner !== undefined && person.own.has(textKey(owner.identifier)) ? [place.row.record.source] : [];
  });
}

async function sharedOf(search: Search, person: Person): Promise<readonly SharedIdentifier[]> {
  const unproved = new Set(
    [...person.accounts.values()].flatMap((row) =>
      ownIdentifiers(row).flatMap(({ identifier, confirmed }) => (confirmed ? [] : [textKey(identifier)])),
    ),
  );
  const shared: SharedIdentifier[] = [];
  for (const [key, identifier] of person.met) {
    const strength = search.graph.strengthOf(identifier);
    const isOther = strength === 'network' || unproved.has(key) || person.isUnlinked(identifier);
    if (isOther || person.own.has(key)) continue;
    const node = await search.graph.node(identifier);
    shared.push({ identifier, strength, rows: node.isCrowded ? undefined : ownedRows(node).size });
  }
  return shared.sort((a, b) => compare(search.options.policy, a, b));
}

function countHidden(person: Person): number {
  const hidden = new Set<number>();
  for (const { standings } of person.own.values()) {
    for (const place of standings) {
      const { account, record } = place.row;
      const owner = ownerOf(place);
      const isOthers =
        owner === undefined
          ? !person.accounts.has(account?.key ?? '')
          : !person.own.has(textKey(owner.identifier));
      if (isOthers) hidden.add(record.id);
    }
  }
  return hidden.size;
}

async function isErased({ options }: Search, subjects: readonly SubjectId[]): Promise<boolean> {
  for (const subject of subjects) {
    const suppressions = await options.reader.suppressionsOf(subject);
    if (suppressions.some(({ reason }) => reason === 'erased')) return true;
  }
  return false;
}

async function erasedBefore({ options, graph }: Search, person: Person): Promise<readonly SubjectId[]> {
  const erased = new Set<SubjectId>();
  for (const { identifier } of person.own.values()) {
    // A device passes on to other people.
    if (graph.strengthOf(identifier) === 'device') continue;
    for (const { subject, reason } of await suppressionsOn(options, identifier)) {
      if (reason === 'erased' && !person.subjects.has(subject)) erased.add(subject);
    }
  }
  return [...erased].sort((a, b) => a - b);
}

type Sortable = Pick<EventIdentifier, 'identifier' | 'window'>;

function compare(policy: Policy, a: Sortable, b: Sortable): number {
  return (
    rankOf(policy, a.identifier.kind) - rankOf(policy, b.identifier.kind) ||
    compareText(a.identifier.value, b.identifier.value) ||
    compareText(a.window?.from ?? '', b.window?.from ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
