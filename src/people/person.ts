import { refused } from '../base/errors.ts';
import type { ReachDigest, StoredRecord, SubjectAnchor, SubjectId } from '../store/store.ts';
import {
  identifierKey,
  identifierOfKey,
  numberKey,
  type PersonKey,
  subjectOfKey,
  textKey,
} from './anchor.ts';
import type { Decisions } from './decisions.ts';
import {
  type GraphOptions,
  hex,
  type Node,
  ownerOf,
  ownIdentifiers,
  type PeopleGraph,
  type PeopleReader,
  type Row,
} from './graph.ts';
import type { Identifier } from './identifier.ts';
import { OWN_ROLE } from './identities.ts';
import type { OwnRecord } from './resolution.ts';

/** Where a subject's anchor leads now. */
interface Place {
  readonly keys: readonly PersonKey[];
  /** The identifier by which the anchor is found, where no account row is it any more. */
  readonly identifier: Identifier | undefined;
  /** Whether what the number was given for is still a person of its own. */
  readonly isExact: boolean;
}

/**
 * One person, grown to a fixed point from the keys they are known by: every identifier that leads to those
 * keys alone is theirs, with the rows it owns and what stands beside it there. Two accounts meet only
 * through a merge.
 */
export class Person {
  readonly keys = new Set<PersonKey>();
  readonly subjects = new Set<SubjectId>();
  readonly accounts = new Map<PersonKey, Row>();
  /** All identifiers met on their rows or given to them. */
  readonly met = new Map<string, Identifier>();
  /** Those that are theirs alone. */
  readonly own = new Map<string, Node>();
  /** Of `met`, those that stand on account rows, anchor the person or came from staff. */
  readonly #given = new Map<string, Identifier>();
  readonly #graph: PeopleGraph;
  readonly #reader: PeopleReader;
  readonly #decisions: Decisions;
  readonly #keys: GraphOptions['keys'];

  private constructor(graph: PeopleGraph, options: GraphOptions) {
    this.#graph = graph;
    this.#reader = options.reader;
    this.#decisions = options.decisions;
    this.#keys = options.keys;
  }

  /** The person of a key that the graph has met. */
  static async ofKey(graph: PeopleGraph, options: GraphOptions, key: PersonKey): Promise<Person> {
    const person = new Person(graph, options);
    await person.#addKey(key);
    await person.#grow();
    return person;
  }

  /** The person whom a number was given to; without keys but the number where no row is left of them. */
  static async ofSubject(graph: PeopleGraph, options: GraphOptions, subject: SubjectId): Promise<Person> {
    const person = new Person(graph, options);
    await person.#follow(subject);
    await person.#grow();
    return person;
  }

  /** Their rows, those that are kept for them included, by id and then role. */
  async records(): Promise<readonly OwnRecord[]> {
    const records = new Map<string, OwnRecord>();
    const add = (record: StoredRecord, role: string) =>
      records.set(`${record.id}\0${role}`, { record, role });
    for (const { record } of this.accounts.values()) add(record, OWN_ROLE);
    for (const { standings } of this.own.values()) {
      for (const { row, party, entry } of standings)
        if (ownerOf({ row, party }) === entry) add(row.record, party.role);
    }
    for (const subject of this.subjects) {
      for (const record of await this.#reader.recordsRetainedFor(subject)) add(record, OWN_ROLE);
    }
    return [...records.values()].sort((a, b) => a.record.id - b.record.id || (a.role < b.role ? -1 : 1));
  }

  /** The anchor that a number stands for: an account before an identifier, one with a number first. */
  async anchor(): Promise<{ readonly anchor: SubjectAnchor; readonly subject: SubjectId | undefined }> {
    const bases = await Promise.all(this.#bases().map((base) => this.#withNumber(base)));
    const [first] = bases.sort(
      (a, b) => (a.subject ?? Infinity) - (b.subject ?? Infinity) || compareHex(a, b),
    );
    if (first !== undefined) return first;
    const subject = Math.min(...this.subjects);
    const anchor = await this.#reader.subject(subject);
    if (anchor === undefined) throw new Error('a person has neither a key nor a number');
    return { anchor, subject };
  }

  isUnlinked(identifier: Identifier): boolean {
    return this.#decisions.unlinkedFrom(identifier).some((subject) => this.subjects.has(subject));
  }

  #bases(): readonly SubjectAnchor[] {
    const { hasher } = this.#keys;
    const baseOf = (key: PersonKey, hint: Identifier) => ({
      anchor: this.#graph.digestOf(key),
      hint: hasher.reach(hint),
    });
    const accounts = [...this.accounts].flatMap(([key, { account }]) =>
      account ? [baseOf(key, account.hint)] : [],
    );
    if (accounts.length > 0) return accounts;
    const anchors = [...this.met.values()].filter((identifier) => this.keys.has(identifierKey(identifier)));
    return anchors.map((identifier) => baseOf(identifierKey(identifier), identifier));
  }

  async #withNumber(
    anchor: SubjectAnchor,
  ): Promise<{ anchor: SubjectAnchor; subject: SubjectId | undefined }> {
    return { anchor, subject: await this.#reader.subjectOf(anchor.anchor) };
  }

  async #addKey(key: PersonKey): Promise<void> {
    if (this.keys.has(key)) return;
    this.keys.add(key);
    const row = this.#graph.account(key);
    if (row !== undefined) {
      this.accounts.set(key, row);
      for (const { identifier } of ownIdentifiers(row)) this.#give(identifier);
    }
    const identifier = identifierOfKey(key);
    if (identifier !== undefined) this.#give(identifier);
    const subject = await this.#reader.subjectOf(this.#graph.digestOf(key));
    if (subject !== undefined) await this.#addSubject(subject);
  }

  #give(identifier: Identifier): void {
    this.#given.set(textKey(identifier), identifier);
    this.met.set(textKey(identifier), identifier);
  }

  /** Adds a number with the one person to whom its anchor leads now. */
  async #follow(subject: SubjectId): Promise<void> {
    if (this.subjects.has(subject)) return;
    await this.#addSubject(subject);
    const { keys, identifier } = await this.#locate(subject);
    if (identifier !== undefined) this.#give(identifier);
    const [key, ...others] = keys;
    if (key === undefined || others.length > 0) return;
    const next = subjectOfKey(key);
    if (next === undefined) await this.#addKey(key);
    else await this.#follow(next);
  }

  async #addSubject(subject: SubjectId): Promise<void> {
    if (this.subjects.has(subject)) return;
    this.subjects.add(subject);
    this.keys.add(numberKey(subject));
    for (const identifier of this.#decisions.linksOf(subject)) this.#give(identifier);
    const merged = this.#decisions.mergedWith(subject);
    // A merge speaks of the two persons it was made for: it ends where one has become part of another.
    if (merged.length === 0 || !(await this.#locate(subject)).isExact) return;
    for (const other of merged) {
      const place = await this.#locate(other);
      if (!place.isExact) continue;
      await this.#addSubject(other);
      for (const key of place.keys) await this.#addKey(key);
    }
  }

  async #locate(subject: SubjectId): Promise<Place> {
    const found = await this.#reader.subject(subject);
    if (found === undefined) return { keys: [], identifier: undefined, isExact: false };
    const anchor = hex(found.anchor);
    const rows = await this.#graph.rowsReached(found.hint);
    const key = rows
      .flatMap(({ account }) => account?.key ?? [])
      .find((account) => hex(this.#graph.digestOf(account)) === anchor);
    if (key !== undefined) return { keys: [key], identifier: undefined, isExact: true };
    const identifier = this.#hinted(rows, found.hint);
    if (identifier === undefined) return { keys: [], identifier, isExact: true };
    const keys = [...(await this.#graph.holders(identifier))];
    return { keys, identifier, isExact: keys.length === 1 && keys[0] === identifierKey(identifier) };
  }

  #hinted(rows: readonly Row[], hint: ReachDigest): Identifier | undefined {
    return rows
      .flatMap(({ parties }) => parties.flatMap(({ identifiers }) => identifiers))
      .map(({ identifier }) => identifier)
      .find((identifier) => this.#keys.hasher.reach(identifier) === hint);
  }

  async #grow(): Promise<void> {
    await this.#growOnce();
    // A number that was found on the way may have lost to staff what led on.
    while ([...this.own.values()].some(({ identifier }) => this.isUnlinked(identifier))) {
      this.own.clear();
      this.met.clear();
      for (const [key, identifier] of this.#given) this.met.set(key, identifier);
      await this.#growOnce();
    }
  }

  async #growOnce(): Promise<void> {
    for (let size = -1; size < this.#size(); ) {
      size = this.#size();
      const open = [...this.met].filter(([key]) => !this.own.has(key));
      const nodes = await this.#graph.nodes(open.map(([, identifier]) => identifier));
      for (const node of nodes) if (await this.#isOwn(node)) this.#take(node);
      await this.#addHinted();
    }
  }

  #size(): number {
    return this.keys.size + this.met.size + this.own.size + this.subjects.size;
  }

  async #isOwn(node: Node): Promise<boolean> {
    const { identifier, isCrowded } = node;
    const strength = this.#graph.strengthOf(identifier);
    if (strength === 'network' || this.isUnlinked(identifier)) return false;
    if (isCrowded && (strength === 'account' || this.keys.has(identifierKey(identifier))))
      throw tooManyRows(identifier);
    const holders = await this.#graph.holders(identifier);
    return [...holders].every((key) => this.keys.has(key));
  }

  /** Takes an identifier, and meets what stands beside it in the rows that it owns. */
  #take(node: Node): void {
    this.own.set(textKey(node.identifier), node);
    for (const { row, party, entry } of node.standings) {
      if (!entry.confirmed || ownerOf({ row, party }) !== entry) continue;
      for (const { identifier, confirmed } of party.identifiers) {
        if (confirmed) this.met.set(textKey(identifier), identifier);
      }
    }
  }

  /** Adds earlier numbers: those of a person without account who has one now, or of an account that is gone. */
  async #addHinted(): Promise<void> {
    const hints = [...this.own.values()].map(({ identifier }) => this.#keys.hasher.reach(identifier));
    const taken = new Set<string>();
    for (const { standings } of this.own.values()) {
      for (const { row } of standings) {
        const key = row.account?.key;
        if (key !== undefined && !this.keys.has(key)) taken.add(hex(this.#graph.digestOf(key)));
      }
    }
    for (const { id, anchor } of await this.#reader.subjectsHinted(hints)) {
      if (!taken.has(hex(anchor))) await this.#addSubject(id);
    }
  }
}

function compareHex(a: { readonly anchor: SubjectAnchor }, b: { readonly anchor: SubjectAnchor }): number {
  return Buffer.compare(a.anchor.anchor, b.anchor.anchor);
}

function tooManyRows(identifier: Identifier): Error {
  return refused(
    'too-many-rows',
    `one ${identifier.kind} stands in more rows than can belong to a person`,
    `check which column the policy maps to ${identifier.kind}`,
  );
}
