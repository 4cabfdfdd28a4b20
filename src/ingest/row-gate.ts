import type { Json } from '../base/json.ts';
import { rowDigest } from '../duties/outbox.ts';
import { type ReachHasher, rowIdentifier } from '../people/digests.ts';
import type { Identifier } from '../people/identifier.ts';
import {
  compileAccountIdentifier,
  compileParties,
  OWN_ROLE,
  type RowIdentifier,
  type RowParty,
  type RowValues,
} from '../people/identities.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import { anonymisedFields } from '../rights/anonymise.ts';
import type { ReachDigest } from '../store/store.ts';
import { type Gate, type GateEntry, type GateRow, reasonOf } from './gate.ts';
import { judgeOther, judgeRow, type SeenParty } from './row-verdict.ts';

/** What the gate says of a row: it is free, it stays out, it comes in changed, or others have to decide. */
export type Passage =
  | { readonly kind: 'free' | 'out' }
  | { readonly kind: 'cleaned'; readonly changes: ReadonlyMap<string, Json> }
  | {
      readonly kind: 'return' | 'doubtful';
      /** The suppressions that the row met. */
      readonly against: readonly GateEntry[];
    };

/** A row at the gate; values stand in the order of the source's columns. */
export interface ArrivingRow {
  readonly values: RowValues;
  /** Of its identifiers. */
  readonly reach: readonly ReachDigest[];
  readonly key: string | undefined;
  /** Epoch seconds of its date. */
  readonly at: number | undefined;
}

/** An identifier with the suppressions that count against the row. */
interface Met extends RowIdentifier {
  readonly entries: readonly GateEntry[];
}

interface MetParty {
  readonly party: RowParty;
  readonly seen: SeenParty;
  readonly entries: readonly GateEntry[];
}

/** Everything that one row met, by its place in the row. */
interface MetRow {
  readonly key: readonly GateEntry[];
  readonly own: readonly Met[];
  readonly others: readonly MetParty[];
}

const FREE: Passage = { kind: 'free' };
const OUT: Passage = { kind: 'out' };

/** Decides on the rows of one source whether they are of, or name, somebody who may not come back. */
export class RowGate {
  readonly #source: TableSource;
  readonly #gate: Gate;
  readonly #hasher: ReachHasher;
  readonly #onDelete: Policy['categories'][string]['onDelete'];
  readonly #parties: (values: RowValues) => RowParty[];
  readonly #account: ((values: RowValues, parties: readonly RowParty[]) => Identifier) | undefined;
  /** Whether rows of this source were erased: only then their keys are looked at. */
  readonly #knowsKeys: boolean;

  constructor(source: TableSource, policy: Policy, hasher: ReachHasher, gate: Gate) {
    this.#source = source;
    this.#gate = gate;
    this.#hasher = hasher;
    this.#onDelete = policy.categories[source.category]?.onDelete ?? {};
    this.#parties = compileParties(source, policy);
    this.#account = source.account ? compileAccountIdentifier(source) : undefined;
    this.#knowsKeys = gate.knowsKind(rowIdentifier(source.name, '').kind);
  }

  judge(row: ArrivingRow): Passage {
    if (this.#gate.isOpen || !(this.#gate.mayHold(row.reach) || this.#mayHoldKey(row.key))) return FREE;
    const met = this.#meet(row);
    const verdict = judgeRow({
      isAccount: this.#source.account,
      key: reasonOf(met.key),
      own: met.own.map(({ strength, entries }) => ({ strength, reason: reasonOf(entries) })),
      others: met.others.map(({ seen }) => seen),
    });
    if (verdict === 'free') return FREE;
    if (verdict === 'out') return OUT;
    if (verdict === 'cleaned') return { kind: verdict, changes: this.#without(met.others, row.values) };
    return { kind: verdict, against: entriesOf(met) };
  }

  #mayHoldKey(key: string | undefined): boolean {
    if (!this.#knowsKeys || key === undefined) return false;
    return this.#gate.mayHoldTag(this.#hasher.tag(rowIdentifier(this.#source.name, key)));
  }

  #meet({ values, key, at }: ArrivingRow): MetRow {
    const { name, account: isAccount } = this.#source;
    const row = {
      row: key === undefined ? undefined : rowDigest({ suppression: this.#gate.key }, name, key),
      isAccount,
      at,
    };
    const parties = this.#parties(values);
    const isKey = this.#keyTest(values, parties);
    const own = parties
      .filter(({ role }) => role === OWN_ROLE)
      .flatMap(({ identifiers }) => this.#lasting(identifiers, row));
    return {
      key: [...this.#onKey(key, row), ...own.filter(isKey).flatMap(({ entries }) => entries)],
      own: own.filter((one) => !isKey(one)),
      others: parties.filter(({ role }) => role !== OWN_ROLE).flatMap((party) => this.#other(party, row)),
    };
  }

  #onKey(key: string | undefined, row: GateRow): readonly GateEntry[] {
    return !this.#knowsKeys || key === undefined
      ? []
      : this.#gate.against(rowIdentifier(this.#source.name, key), row);
  }

  /** Tells the identifiers that are an account row's key, or part of it. */
  #keyTest(values: RowValues, parties: readonly RowParty[]): (one: RowIdentifier) => boolean {
    const account = this.#account?.(values, parties);
    return ({ identifier, column }) =>
      account !== undefined && (identifier === account || this.#source.key.includes(column));
  }

  #lasting(identifiers: readonly RowIdentifier[], row: GateRow): Met[] {
    return identifiers
      .filter(({ strength }) => strength !== 'network')
      .map((one) => ({ ...one, entries: this.#gate.against(one.identifier, row) }));
  }

  /** Who is named in a row goes by their strongest identifier: a new account under an old address is new. */
  #other(party: RowParty, row: GateRow): MetParty[] {
    const [strongest] = this.#lasting(party.identifiers.slice(0, 1), row);
    if (strongest === undefined) return [];
    const { strength, entries } = strongest;
    const onDelete = this.#onDelete[party.role] ?? this.#onDelete[OWN_ROLE] ?? 'erase';
    const isInKey = party.identifiers.some(({ column }) => this.#source.key.includes(column));
    return [{ party, entries, seen: { strength, reason: reasonOf(entries), onDelete, isInKey } }];
  }

  #without(others: readonly MetParty[], values: RowValues): ReadonlyMap<string, Json> {
    const parties = others.filter(({ seen }) => judgeOther(seen) === 'cleaned').map(({ party }) => party);
    const fields = new Map(this.#source.columns.map((column, index) => [column, values[index] ?? null]));
    const identifiers = parties.flatMap((party) =>
      party.identifiers.flatMap(({ identifier, column }) => [
        identifier,
        // As it is written in the row, which is how it stands in its texts.
        { kind: identifier.kind, value: String(fields.get(column)) },
      ]),
    );
    const roles = parties.map(({ role }) => role);
    return anonymisedFields(fields, this.#source, roles, identifiers);
  }
}

/** What counts for a row that is set aside; who would only be taken out of it is another matter. */
function entriesOf({ key, own, others }: MetRow): readonly GateEntry[] {
  const named = others.filter(({ seen }) => ['return', 'doubtful'].includes(judgeOther(seen)));
  const all = [key, ...own.map(({ entries }) => entries), ...named.map(({ entries }) => entries)].flat();
  return [...new Map(all.map((entry) => [entry.id, entry])).values()];
}
