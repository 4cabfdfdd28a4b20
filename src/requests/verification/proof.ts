import { textKey } from '../../people/anchor.ts';
import { type PeopleKeys, rowIdentifier, suppressionHex } from '../../people/digests.ts';
import type { Identifier } from '../../people/identifier.ts';
import {
  compileParties,
  OWN_ROLE,
  type RowIdentifier,
  type RowParty,
  valuesOf,
} from '../../people/identities.ts';
import { kindOf, tableSource } from '../../policy/find.ts';
import type { Policy, TableSource } from '../../policy/types.ts';
import type { OwnRow, SubjectView } from '../../rights/view.ts';
import type { StoredRecord, SubjectId } from '../../store/store.ts';

/** What reading proofs needs of a ledger. */
export interface Prover {
  readonly policy: Policy;
  readonly keys: Pick<PeopleKeys, 'suppression'>;
}

/** A person's place in a row: what the row holds for them there. */
export interface Place {
  readonly row: OwnRow;
  /** Strongest first. */
  readonly identifiers: readonly RowIdentifier[];
  /** Digest of the account whose own row this is. */
  readonly account: string | undefined;
  /** Of the identifiers, those in columns that the policy calls usable, as `users.email`. */
  readonly usable: ReadonlyMap<string, string>;
}

/** What stands for an account among what was proved: its row. */
export function accountDigest(
  { keys }: Prover,
  { source, key }: Pick<StoredRecord, 'source' | 'key'>,
): string {
  return suppressionHex(keys.suppression, rowIdentifier(source, key));
}

/** What stands for a whole person among what was proved, as an order or an heir's papers prove one. */
export function subjectDigest({ keys }: Prover, subject: SubjectId): string {
  // No kind of a policy has a colon in its name.
  return suppressionHex(keys.suppression, { kind: 'dsr:subject', value: String(subject) });
}

/** What stands for an address or another identifier among what was proved. */
export function identifierDigest({ keys }: Prover, identifier: Identifier): string {
  return suppressionHex(keys.suppression, identifier);
}

/** What stands for an identifier that a proved account brought along: its rows outlive the account's own. */
export function broughtDigest({ keys }: Prover, { kind, value }: Identifier): string {
  return suppressionHex(keys.suppression, { kind: `dsr:brought:${kind}`, value });
}

/** What stands for the rest of a person of whom every account was proved: what is kept when these are gone. */
export function restDigest({ keys }: Prover, subject: SubjectId): string {
  return suppressionHex(keys.suppression, { kind: 'dsr:rest', value: String(subject) });
}

/** The digests of a person's accounts: of their own rows in account sources, but for what is kept by law. */
export function accountsOf(rows: readonly OwnRow[], prover: Prover): readonly string[] {
  return rows.flatMap((row) => (isAccountRow(row, prover) ? [accountDigest(prover, row.record)] : []));
}

function isAccountRow({ record, role }: OwnRow, { policy }: Prover): boolean {
  return (
    role === OWN_ROLE && record.state !== 'retained' && tableSource(policy, record.source)?.account === true
  );
}

/** The places of a person in their rows. */
export function placesOf(rows: readonly OwnRow[], prover: Prover): readonly Place[] {
  const readers = new Map<string, PartyReader>();
  return rows.map((row) => {
    const { record, role } = row;
    const source = tableSource(prover.policy, record.source);
    if (source === undefined) return { row, identifiers: [], account: undefined, usable: new Map() };
    const read = readers.get(source.name) ?? partyReader(source, prover.policy);
    readers.set(source.name, read);
    const found = read(record).find((party) => party.role === role)?.identifiers ?? [];
    const identifiers = found.map((one) =>
      isCorrected(one.column, record) ? { ...one, confirmed: false } : one,
    );
    const usable = identifiers.filter(({ column }) => isUsable(column, source));
    return {
      row,
      identifiers,
      account: isAccountRow(row, prover) ? accountDigest(prover, record) : undefined,
      usable: new Map(
        usable.map(({ identifier, column }) => [textKey(identifier), `${source.name}.${column}`]),
      ),
    };
  });
}

type PartyReader = (record: StoredRecord) => readonly RowParty[];

function partyReader(source: TableSource, policy: Policy): PartyReader {
  const parties = compileParties(source, policy);
  return ({ fields }) => parties(valuesOf(source.columns, fields));
}

/**
 * Whether a value came by a correction that no export has shown since: what a request alone has named proves
 * nobody in the next one.
 */
export function isCorrected(column: string, { overlays }: Pick<StoredRecord, 'overlays'>): boolean {
  return overlays.some(({ field }) => field === column);
}

/** Whether a column counts in a verification: the policy calls it usable, and no profile shows it. */
export function isUsable(column: string, { usable, visible }: TableSource): boolean {
  return usable.includes(column) && !visible.includes(column);
}

/** An address of a person that the ledger holds, proved to be theirs alone. */
export interface Address {
  readonly identifier: Identifier;
  /** The usable column in which it stands: `users.email`; undefined where the policy calls none usable. */
  readonly column: string | undefined;
  /** Digests of the accounts on whose rows it stands, confirmed. */
  readonly accounts: readonly string[];
}

/**
 * E-mail addresses and telephone numbers of a person, in a fixed order; those of others, not confirmed, or known
 * by a correction alone are left out.
 */
export function addressesOf(view: SubjectView, prover: Prover): readonly Address[] {
  const places = placesOf(view.rows, prover);
  return view.identifiers
    .filter((identifier) => isAddress(identifier.kind, prover.policy) && !isOnlyCorrected(identifier, places))
    .map((identifier) => {
      const key = textKey(identifier);
      const standing = places.filter(({ identifiers }) =>
        identifiers.some((entry) => entry.confirmed && textKey(entry.identifier) === key),
      );
      return {
        identifier,
        column: standing.map(({ usable }) => usable.get(key)).find((column) => column !== undefined),
        accounts: standing.flatMap(({ account }) => account ?? []),
      };
    });
}

/** The addresses of a person that a correction has replaced, as the exports still have them. */
export function replacedAddresses(
  { rows }: Pick<SubjectView, 'rows'>,
  prover: Prover,
): readonly Identifier[] {
  const before = rows.flatMap((row): OwnRow[] => {
    const { fields, overlays } = row.record;
    const old = overlays.map(({ field, old: value }) => [field, value] as const);
    return old.length === 0
      ? []
      : [{ ...row, record: { ...row.record, fields: new Map([...fields, ...old]), overlays: [] } }];
  });
  const now = new Set(
    placesOf(rows, prover).flatMap(({ identifiers }) => identifiers.map((one) => textKey(one.identifier))),
  );
  return placesOf(before, prover)
    .flatMap(({ identifiers }) => identifiers.filter(({ confirmed }) => confirmed))
    .map(({ identifier }) => identifier)
    .filter((identifier) => isAddress(identifier.kind, prover.policy) && !now.has(textKey(identifier)));
}

function isOnlyCorrected(identifier: Identifier, places: readonly Place[]): boolean {
  const key = textKey(identifier);
  const standing = places.flatMap(({ row, identifiers }) =>
    identifiers.flatMap((entry) =>
      textKey(entry.identifier) === key ? [isCorrected(entry.column, row.record)] : [],
    ),
  );
  return standing.length > 0 && standing.every((is) => is);
}

/** Whether something can be sent to identifiers of a kind. */
export function isAddress(kind: string, policy: Policy): boolean {
  const { strength, normalise } = kindOf(policy, kind) ?? {};
  return strength === 'contact' && (normalise === 'email' || normalise === 'phone');
}
