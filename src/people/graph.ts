import { kindOf, tableSource } from '../policy/find.ts';
import type { Policy, Strength, TableSource } from '../policy/types.ts';
import type { ReachDigest, Reader, RecordId, StoredRecord, SubjectId } from '../store/store.ts';
import { accountKey, identifierKey, numberKey, type PersonKey, textKey } from './anchor.ts';
import type { Decisions } from './decisions.ts';
import { anchorDigest, type PeopleKeys } from './digests.ts';
import type { Identifier } from './identifier.ts';
import {
  compileAccountIdentifier,
  compileParties,
  OWN_ROLE,
  type RowIdentifier,
  type RowParty,
  valuesOf,
} from './identities.ts';

/** What telling people apart reads of the ledger. */
export type PeopleReader = Pick<
  Reader,
  | 'recordsReached'
  | 'recordsRetainedFor'
  | 'subjectOf'
  | 'subject'
  | 'subjectsHinted'
  | 'suppressionsTagged'
  | 'suppressionsOf'
>;

/** A row that is in use, with the parties it names. */
export interface Row {
  readonly record: StoredRecord;
  readonly parties: readonly RowParty[];
  /** For rows of an account source: the person whose row it is, and by what it is found again. */
  readonly account: { readonly key: PersonKey; readonly hint: Identifier } | undefined;
}

/** One place where an identifier stands. */
export interface Standing {
  readonly row: Row;
  readonly party: RowParty;
  readonly entry: RowIdentifier;
}

/** An identifier and every place where it stands. */
export interface Node {
  readonly identifier: Identifier;
  readonly standings: readonly Standing[];
  /** It stands in more rows than are read; `standings` is empty then. */
  readonly isCrowded: boolean;
}

export interface GraphOptions {
  readonly reader: PeopleReader;
  readonly policy: Policy;
  readonly decisions: Decisions;
  readonly keys: PeopleKeys;
  /** Rows that are read for one identifier at most. */
  readonly maxRows: number;
}

interface SourceReader {
  readonly source: TableSource;
  readonly parties: ReturnType<typeof compileParties>;
  readonly accountIdentifier: ReturnType<typeof compileAccountIdentifier>;
}

const BATCH = 200;
/** Persons whom one identifier may lead to before the search ends: two are too many already. */
const MAX_HOLDERS = 20;

/**
 * Who stands beside whom, read from the ledger as far as somebody asks. A party of a row belongs to its
 * strongest identifier, its owner; the weaker ones beside it lead to the owner, never the other way round.
 */
export class PeopleGraph {
  readonly #options: GraphOptions;
  readonly #sources = new Map<string, SourceReader | undefined>();
  readonly #rows = new Map<RecordId, Row>();
  readonly #nodes = new Map<string, Node>();
  readonly #accounts = new Map<PersonKey, Row>();
  readonly #holders = new Map<string, ReadonlySet<PersonKey>>();

  constructor(options: GraphOptions) {
    this.#options = options;
  }

  /** The nodes of some identifiers, in their order. */
  async nodes(identifiers: readonly Identifier[]): Promise<readonly Node[]> {
    const unknown = new Map(identifiers.map((identifier) => [textKey(identifier), identifier]));
    for (const key of this.#nodes.keys()) unknown.delete(key);
    const wanted = [...unknown.values()];
    for (let from = 0; from < wanted.length; from += BATCH)
      await this.#load(wanted.slice(from, from + BATCH));
    return identifiers.map((identifier) => this.#nodes.get(textKey(identifier)) ?? nodeOf(identifier, []));
  }

  async node(identifier: Identifier): Promise<Node> {
    const [node = nodeOf(identifier, [])] = await this.nodes([identifier]);
    return node;
  }

  /** The rows in use that a digest reaches. */
  async rowsReached(digest: ReachDigest): Promise<readonly Row[]> {
    return this.#rowsOf(await this.#reached([digest]));
  }

  /** The row of an account that has been met. */
  account(key: PersonKey): Row | undefined {
    return this.#accounts.get(key);
  }

  strengthOf(identifier: Identifier): Strength {
    return kindOf(this.#options.policy, identifier.kind)?.strength ?? 'network';
  }

  digestOf(key: PersonKey): Uint8Array {
    return anchorDigest(this.#options.keys.subject, key);
  }

  /**
   * The persons to whom an identifier leads. It is somebody's only where they are one: the subject to whom
   * staff linked it; else the accounts on whose rows it stands, proved; else those to whom the owners lead
   * beside which it stands; else itself, a person without account.
   */
  async holders(identifier: Identifier): Promise<ReadonlySet<PersonKey>> {
    const key = textKey(identifier);
    const known = this.#holders.get(key);
    if (known !== undefined) return known;
    const found = await this.#findHolders(identifier);
    const holders = found.size > 0 ? found : new Set([identifierKey(identifier)]);
    this.#holders.set(key, holders);
    return holders;
  }

  async #findHolders(identifier: Identifier): Promise<ReadonlySet<PersonKey>> {
    const linked = this.#options.decisions.linkedTo(identifier);
    if (linked.length > 0) return new Set(linked.map(numberKey));
    const node = await this.node(identifier);
    const isTaken = await this.takenFrom(identifier);
    const accounts = accountsOf(node, true).filter((key) => !isTaken(key));
    if (accounts.length > 0) return new Set(accounts);
    const unproved = new Set(accountsOf(node, false));
    return this.#holdersOfOwners(node, (key) => unproved.has(key) || isTaken(key));
  }

  async #holdersOfOwners(node: Node, isTaken: (key: PersonKey) => boolean): Promise<ReadonlySet<PersonKey>> {
    const holders = new Set<PersonKey>();
    const owners = ownersOf(node);
    for (let from = 0; from < owners.length && holders.size < MAX_HOLDERS; from += MAX_HOLDERS) {
      const some = owners.slice(from, from + MAX_HOLDERS);
      await this.nodes(some);
      for (const owner of some) {
        for (const key of await this.holders(owner)) if (!isTaken(key)) holders.add(key);
      }
    }
    return holders;
  }

  /** Says of a person's key whether staff took the identifier away from that person. */
  async takenFrom(identifier: Identifier): Promise<(key: PersonKey) => boolean> {
    const subjects = this.#options.decisions.unlinkedFrom(identifier);
    if (subjects.length === 0) return () => false;
    const anchors = await Promise.all(subjects.map((subject) => this.#anchorHex(subject)));
    return (key) => anchors.includes(hex(this.digestOf(key)));
  }

  async #anchorHex(subject: SubjectId): Promise<string | undefined> {
    const found = await this.#options.reader.subject(subject);
    return found === undefined ? undefined : hex(found.anchor);
  }

  async #load(identifiers: readonly Identifier[]): Promise<void> {
    const { hasher } = this.#options.keys;
    const records = await this.#reached(identifiers.map((identifier) => hasher.reach(identifier)));
    const isCrowded = records.length > this.#options.maxRows;
    if (isCrowded && identifiers.length > 1) {
      for (const identifier of identifiers) await this.#load([identifier]);
      return;
    }
    const standings = standingsIn(isCrowded ? [] : this.#rowsOf(records));
    for (const identifier of identifiers) {
      const key = textKey(identifier);
      this.#nodes.set(key, { ...nodeOf(identifier, standings.get(key) ?? []), isCrowded });
    }
  }

  #reached(digests: readonly ReachDigest[]): Promise<readonly StoredRecord[]> {
    return this.#options.reader.recordsReached(digests, this.#options.maxRows + 1);
  }

  /** Retained rows are out of all use but their own, and lead to nobody. */
  #rowsOf(records: readonly StoredRecord[]): readonly Row[] {
    return records.flatMap((record) => (record.state === 'retained' ? [] : (this.#row(record) ?? [])));
  }

  #row(record: StoredRecord): Row | undefined {
    const known = this.#rows.get(record.id);
    const reader = this.#sourceReader(record.source);
    if (known !== undefined || reader === undefined) return known;
    const values = valuesOf(reader.source.columns, record.fields);
    const parties = reader.parties(values);
    const account = reader.source.account
      ? { key: accountKey(record.source, record.key), hint: reader.accountIdentifier(values, parties) }
      : undefined;
    const row = { record, parties, account };
    this.#rows.set(record.id, row);
    if (account !== undefined) this.#accounts.set(account.key, row);
    return row;
  }

  #sourceReader(name: string): SourceReader | undefined {
    if (this.#sources.has(name)) return this.#sources.get(name);
    const source = tableSource(this.#options.policy, name);
    const reader = source && {
      source,
      parties: compileParties(source, this.#options.policy),
      accountIdentifier: compileAccountIdentifier(source),
    };
    this.#sources.set(name, reader);
    return reader;
  }
}

/** The identifier that a party of a row belongs to; undefined for an account row's own party. */
export function ownerOf({ row, party }: Pick<Standing, 'row' | 'party'>): RowIdentifier | undefined {
  return row.account !== undefined && party.role === OWN_ROLE ? undefined : party.identifiers[0];
}

/** The rows whose parties an identifier owns, by id. */
export function ownedRows(node: Node): ReadonlySet<RecordId> {
  return new Set(
    node.standings.flatMap((place) => (ownerOf(place) === place.entry ? [place.row.record.id] : [])),
  );
}

/** The identifiers of an account row's own person. */
export function ownIdentifiers(row: Row): readonly RowIdentifier[] {
  return row.parties.find(({ role }) => role === OWN_ROLE)?.identifiers ?? [];
}

/** The accounts on whose own rows an identifier stands, ascending. */
export function accountsOf(node: Node, confirmed: boolean): PersonKey[] {
  const keys = node.standings.flatMap(({ row, party, entry }) =>
    row.account !== undefined && party.role === OWN_ROLE && entry.confirmed === confirmed
      ? [row.account.key]
      : [],
  );
  return [...new Set(keys)].sort();
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function nodeOf(identifier: Identifier, standings: readonly Standing[]): Node {
  return { identifier, standings, isCrowded: false };
}

/** The distinct owners beside which an identifier stands, both proved, in a fixed order. */
function ownersOf(node: Node): readonly Identifier[] {
  const owners = new Map<string, Identifier>();
  for (const standing of node.standings) {
    const owner = ownerOf(standing);
    if (owner === undefined || !owner.confirmed || !standing.entry.confirmed) continue;
    // Within one kind nothing is stronger, so that no way leads back.
    if (owner.identifier.kind !== node.identifier.kind)
      owners.set(textKey(owner.identifier), owner.identifier);
  }
  return [...owners].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, owner]) => owner);
}

function standingsIn(rows: readonly Row[]): Map<string, Standing[]> {
  const standings = new Map<string, Standing[]>();
  for (const row of rows) {
    for (const party of row.parties) {
      for (const entry of party.identifiers) {
        const key = textKey(entry.identifier);
        const places = standings.get(key);
        if (places === undefined) standings.set(key, [{ row, party, entry }]);
        else places.push({ row, party, entry });
      }
    }
  }
  return standings;
}
