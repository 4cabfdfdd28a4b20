import type { Json } from '../base/json.ts';
import type { Identifier } from '../people/identifier.ts';
import {
  compileAccountIdentifier,
  compileParties,
  OWN_ROLE,
  type RowParty,
  type RowValues,
} from '../people/identities.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import { anonymisedFields } from '../rights/anonymise.ts';
import type { ReachDigest } from '../store/store.ts';
import type { Gate, SuppressionReason } from './gate.ts';

/** What the gate says of a row: it is free, it stays out, or it comes in with these fields changed. */
export type Passage = 'free' | 'out' | ReadonlyMap<string, Json>;

/** Decides on the rows of one source whether they name somebody who may not come back. */
export class RowGate {
  readonly #source: TableSource;
  readonly #gate: Gate;
  readonly #onDelete: Policy['categories'][string]['onDelete'];
  readonly #parties: (values: RowValues) => RowParty[];
  readonly #account: ((values: RowValues, parties: readonly RowParty[]) => Identifier) | undefined;

  constructor(source: TableSource, policy: Policy, gate: Gate) {
    this.#source = source;
    this.#gate = gate;
    this.#onDelete = policy.categories[source.category]?.onDelete ?? {};
    this.#parties = compileParties(source, policy);
    this.#account = source.account ? compileAccountIdentifier(source) : undefined;
  }

  /** Values stand in the order of the source's columns; `digests` are those of the row's identifiers. */
  judge(values: RowValues, digests: readonly ReachDigest[]): Passage {
    if (this.#gate.isOpen || !this.#gate.mayHold(digests)) return 'free';
    const parties = this.#parties(values);
    const blanked: RowParty[] = [];
    for (const party of parties) {
      const reason = this.#reasonAgainst(party, parties, values);
      if (reason === undefined) continue;
      const action = party.role === OWN_ROLE ? 'out' : this.#actionFor(party.role, reason);
      if (action === 'out') return 'out';
      if (action === 'blank') blanked.push(party);
    }
    return blanked.length === 0 ? 'free' : this.#without(blanked, values);
  }

  /** A party goes by its strongest identifier: a new account under an old address is a new account. */
  #reasonAgainst(
    party: RowParty,
    parties: readonly RowParty[],
    values: RowValues,
  ): SuppressionReason | undefined {
    const strongest = party.identifiers.find(({ strength }) => strength !== 'network')?.identifier;
    const account = party.role === OWN_ROLE ? this.#account?.(values, parties) : undefined;
    const isNamed = party.identifiers.some(({ identifier }) => identifier === account);
    const deciding = isNamed ? [account] : [account, strongest];
    return deciding
      .flatMap((identifier) => (identifier === undefined ? [] : [this.#gate.reasonAgainst(identifier)]))
      .find((reason) => reason !== undefined);
  }

  #actionFor(role: string, reason: SuppressionReason): 'out' | 'blank' | 'free' {
    const action = this.#onDelete[role] ?? this.#onDelete[OWN_ROLE] ?? 'erase';
    if (action === 'keep' && reason === 'erased') return 'free';
    const goes = action === 'erase' || action === 'retain' || this.#isInKey(role);
    return goes ? 'out' : 'blank';
  }

  /** Whether the role's own identifier is part of the row's key, which cannot be left empty. */
  #isInKey(role: string): boolean {
    const party = this.#source.parties.find((one) => one.role === role);
    return party?.identifiers.some(({ column }) => this.#source.key.includes(column)) === true;
  }

  #without(parties: readonly RowParty[], values: RowValues): ReadonlyMap<string, Json> {
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
