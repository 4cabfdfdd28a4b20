import type { Identifier } from '../people/identifier.ts';
import type { EventIdentifier, OwnIdentifier, Resolution, SharedIdentifier } from '../people/resolution.ts';
import type { Ledger } from '../store/ledger.ts';
import type { SubjectId, Writer } from '../store/store.ts';
import type { Who } from './subject.ts';
import { countLines, numberPerson, resolveWho } from './subject.ts';

/** What the ledger knows under an identifier: a person, or log lines that are nobody's. */
export interface LookedUp {
  readonly subject: SubjectId | undefined;
  readonly identifiers: readonly OwnIdentifier[];
  readonly shared: readonly SharedIdentifier[];
  /** Rows by source, and how many of them are restricted or retained. */
  readonly records: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
  readonly hiddenRows: number;
  readonly erased: boolean;
}

export interface LookUp {
  readonly found: readonly LookedUp[];
  /** Candidates beyond those that were read. */
  readonly more: number;
}

/** Looks somebody up; that is an act of its own, because looking at a person is one. */
export async function lookUp(ledger: Ledger, who: Who, reason: string | undefined): Promise<LookUp> {
  const entry = {
    act: 'subject.looked-up',
    at: ledger.now,
    actor: ledger.actor,
    ...(reason === undefined ? {} : { reason }),
  };
  return ledger.store.act(entry, async (tx) => {
    const outcome = await resolveWho(tx, ledger, who);
    const result = await describe(tx, ledger, who, outcome);
    const [only, ...others] = result.found;
    if (only?.subject !== undefined && others.length === 0) tx.about(only.subject);
    tx.facts({ found: result.found.length + result.more, revealed: reason !== undefined });
    return result;
  });
}

async function describe(
  tx: Writer,
  ledger: Ledger,
  who: Who,
  outcome: Awaited<ReturnType<typeof resolveWho>>,
): Promise<LookUp> {
  if (outcome.kind === 'person')
    return { found: [await describePerson(tx, ledger, outcome.person)], more: 0 };
  if (outcome.kind === 'candidates') {
    const found: LookedUp[] = [];
    for (const candidate of outcome.candidates) found.push(await describePerson(tx, ledger, candidate));
    return { found, more: outcome.more };
  }
  const events = await linesBySource(tx, ledger, outcome.events);
  return {
    found: Object.keys(events).length === 0 || 'subject' in who ? [] : [nobodys(who, ledger, events)],
    more: 0,
  };
}

/** Log lines whose strongest identifier is this, and which belong to no person. */
function nobodys(identifier: Identifier, ledger: Ledger, events: Readonly<Record<string, number>>): LookedUp {
  const strength = ledger.policy.identifiers[identifier.kind]?.strength ?? 'network';
  const own = { identifier, strength, via: 'anchor' as const, sources: Object.keys(events), reaches: false };
  return {
    subject: undefined,
    identifiers: [own],
    shared: [],
    records: {},
    states: {},
    events,
    hiddenRows: 0,
    erased: false,
  };
}

async function describePerson(tx: Writer, ledger: Ledger, person: Resolution): Promise<LookedUp> {
  const rows = [...new Map(person.records.map(({ record }) => [record.id, record])).values()];
  return {
    subject: await numberPerson(tx, person),
    identifiers: person.identifiers,
    shared: person.shared,
    records: countBy(rows.map(({ source }) => source)),
    states: countBy(rows.map(({ state }) => state)),
    events: await linesBySource(tx, ledger, person.events),
    hiddenRows: person.hiddenRows,
    erased: person.erased,
  };
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

async function linesBySource(
  tx: Writer,
  ledger: Ledger,
  events: readonly EventIdentifier[],
): Promise<Readonly<Record<string, number>>> {
  const counted = await countLines(tx, ledger, events);
  return Object.fromEntries(counted.map(({ source, lines }) => [source, lines]));
}
