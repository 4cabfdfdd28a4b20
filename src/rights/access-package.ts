import type { Json } from '../base/json.ts';
import type { PlainDate } from '../base/time.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { RecordId, StoredRecord } from '../store/store.ts';
import type { OwnRow } from './view.ts';

/** One row as the person gets it. */
export interface GivenRow {
  readonly source: string;
  readonly roles: readonly string[];
  /** `active`, `restricted`, or `retained` with basis and end. */
  readonly state: string;
  readonly basis: string | undefined;
  readonly until: PlainDate | undefined;
  /** Fields whose accuracy the person contests. */
  readonly contested: readonly string[];
  readonly fields: ReadonlyMap<string, Json>;
}

/**
 * The person's rows as they leave the house: each once, in the order of source and key. Identifiers of
 * other people in them are replaced by `person-1`, `person-2`, … so that a conversation stays readable
 * (GDPR Art. 15(4)); what the service shows in public stays.
 */
export function givenRows(
  rows: readonly OwnRow[],
  policy: Policy,
  contested: ReadonlyMap<RecordId, readonly string[]> = new Map(),
): GivenRow[] {
  const others = new Pseudonyms();
  return byRecord(rows).map(({ record, roles }) => ({
    source: record.source,
    roles,
    state: record.state,
    basis: record.retained?.basis,
    until: record.retained?.until,
    contested: contested.get(record.id) ?? [],
    fields: withoutOthers(record, roles, tableSource(policy, record.source), others),
  }));
}

function byRecord(
  rows: readonly OwnRow[],
): { readonly record: StoredRecord; readonly roles: readonly string[] }[] {
  const found = new Map<number, { record: StoredRecord; roles: string[] }>();
  for (const { record, role } of rows) {
    const entry = found.get(record.id);
    if (entry === undefined) found.set(record.id, { record, roles: [role] });
    else entry.roles.push(role);
  }
  return [...found.values()].sort(
    (a, b) => compare(a.record.source, b.record.source) || a.record.id - b.record.id,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Pseudonyms {
  readonly #names = new Map<string, string>();

  of(value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `person-${this.#names.size + 1}`;
    this.#names.set(value, name);
    return name;
  }
}

function withoutOthers(
  record: StoredRecord,
  roles: readonly string[],
  source: TableSource | undefined,
  others: Pseudonyms,
): ReadonlyMap<string, Json> {
  const fields = new Map(record.fields);
  const parties = source?.parties ?? [];
  const own = new Set(
    parties
      .filter((party) => roles.includes(party.role))
      .flatMap((party) => party.identifiers.map(({ column }) => column)),
  );
  for (const party of parties) {
    if (roles.includes(party.role)) continue;
    for (const { column } of party.identifiers) {
      const value = fields.get(column);
      if (
        value === undefined ||
        value === null ||
        value === '' ||
        own.has(column) ||
        source?.visible.includes(column) === true
      )
        continue;
      fields.set(column, others.of(String(value)));
    }
  }
  return fields;
}

/** The information that goes with a copy: GDPR Art. 15(1) and (2), as the policy states it. */
export function accessInformation(policy: Policy, sources: readonly string[]): Json {
  const categories = [
    ...new Set(sources.map((name) => policy.sources[name]?.category).filter((name) => name !== undefined)),
  ];
  return {
    controller: {
      ...policy.controller,
      regimes: [...policy.controller.regimes],
      complaint: [...(policy.controller.complaint ?? [])],
    },
    purposes: Object.values(policy.purposes)
      .filter((purpose) =>
        categories.some((name) => policy.categories[name]?.purposes.includes(purpose.name)),
      )
      .map(({ name, title, basis }) => ({ name, title, basis })),
    categories: categories.map((name) => ({
      name,
      title: policy.categories[name]?.title ?? name,
      kept_for: policy.categories[name]?.expire?.after ?? 'until deletion',
      sources: sources.filter((source) => policy.sources[source]?.category === name),
    })),
    recipients: Object.values(policy.recipients)
      .filter((recipient) => recipient.categories.some((name) => categories.includes(name)))
      .map(({ name, role, categories: given }) => ({ name, role, categories: [...given] })),
    origins: sources.map((name) => ({
      source: name,
      origin: policy.sources[name]?.origin ?? 'the person or their use of the service',
    })),
    transfers: [...policy.transfers],
    rights: ['rectification', 'erasure', 'restriction', 'objection', 'complaint to a supervisory authority'],
  };
}
