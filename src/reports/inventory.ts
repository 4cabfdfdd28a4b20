import type { Category, LogSource, Policy, Source, TableSource } from '../policy/types.ts';
import type { SourceFigures } from '../store/store.ts';
import type { Row, Table } from './table.ts';

const COLUMNS = [
  'source',
  'type',
  'category',
  'column',
  'handling',
  'data_category',
  'identifiers',
  'roles',
  'uses',
  'free_text',
  'visible',
  'verifies',
  'kept_on_deletion',
  'rows',
  'origin',
  'on_deletion',
  'expires_after',
  'expires_by',
  'purposes',
  'legal_bases',
  'recipients',
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * The data map, column by column, with what the ledger holds now; purposes, recipients and time limits
 * make it the record of processing (GDPR Art. 30(1)). A source that the policy no longer names is
 * listed while rows of it are left.
 */
export function inventoryTable(policy: Policy, figures: readonly SourceFigures[]): Table<Column> {
  const held = new Map(figures.map((figure) => [figure.source, figure.records + figure.events]));
  const mapped = Object.values(policy.sources).flatMap((source) =>
    sourceRows(source, policy, held.get(source.name) ?? 0),
  );
  const unmapped = figures
    .filter(({ source }) => !Object.hasOwn(policy.sources, source) && held.get(source) !== 0)
    .map(({ source }) => ({ ...NOTHING, source, type: 'not-in-policy', rows: held.get(source) }));
  return { columns: COLUMNS, rows: [...mapped, ...unmapped] };
}

const NOTHING = Object.fromEntries(COLUMNS.map((column) => [column, undefined])) as Row<Column>;

type ColumnFacts = Omit<Row<Column>, keyof ReturnType<typeof sourceFacts>>;

function sourceRows(source: Source, policy: Policy, rows: number): readonly Row<Column>[] {
  const facts = sourceFacts(source, policy, rows);
  const category = policy.categories[source.category];
  const columns = source.type === 'log' ? logColumns(source) : tableColumns(source, category);
  return columns.map((column) => ({ ...facts, ...column }));
}

function sourceFacts(source: Source, policy: Policy, rows: number) {
  const category = policy.categories[source.category];
  const purposes = category?.purposes ?? [];
  return {
    source: source.name,
    type: source.type,
    category: source.category,
    rows,
    origin: source.origin,
    on_deletion: category === undefined ? undefined : deletionWords(category),
    expires_after: category?.expire?.after,
    expires_by: category?.expire?.source,
    purposes,
    legal_bases: [...new Set(purposes.flatMap((name) => policy.purposes[name]?.basis ?? []))],
    recipients: recipientsOf(source.category, policy),
  };
}

/** `author: anonymise`; of logs also what is counted when a line goes. */
function deletionWords({ onDelete, countBy }: Category): readonly string[] {
  const actions = Object.entries(onDelete).map(([role, action]) => `${role}: ${action}`);
  return countBy === undefined ? actions : [...actions, `counted by ${countBy.by.join(', ')}`];
}

function recipientsOf(category: string, policy: Policy): readonly string[] {
  return Object.values(policy.recipients)
    .filter(({ categories }) => categories.includes(category))
    .map(({ name }) => name);
}

function tableColumns(source: TableSource, category: Category | undefined): readonly ColumnFacts[] {
  const dropped = [
    ...source.never.map((column) => ({ column, handling: 'never' })),
    ...source.ignore.map((column) => ({ column, handling: 'ignored' })),
  ];
  return [
    ...source.columns.map((column) => tableColumn(source, column, category)),
    ...dropped.map(({ column, handling }) => ({ ...bareColumn(column), handling })),
  ];
}

function tableColumn(source: TableSource, column: string, category: Category | undefined): ColumnFacts {
  const places = source.parties.flatMap(({ role, identifiers }) =>
    identifiers.filter((identifier) => identifier.column === column).map(({ kind }) => ({ role, kind })),
  );
  const rules = (category?.keep ?? []).filter(({ fields }) => fields.includes(column));
  return {
    column,
    handling: 'stored',
    data_category: Object.hasOwn(source.fields, column) ? source.fields[column] : undefined,
    identifiers: [...new Set(places.map(({ kind }) => kind))],
    roles: [...new Set(places.map(({ role }) => role))],
    uses: usesOf(source, column),
    free_text: source.freeText.includes(column),
    visible: source.visible.includes(column),
    verifies: source.usable.includes(column),
    kept_on_deletion: rules.map((rule) => `${rule.for} ${rule.basis}`),
  };
}

function usesOf(source: TableSource, column: string): readonly string[] {
  const identifiers = source.parties.flatMap((party) => party.identifiers);
  const uses: readonly (readonly [use: string, holds: boolean])[] = [
    ['key', source.key.includes(column)],
    ['confirmation', identifiers.some(({ confirmed }) => confirmed === column)],
    ['birth-date', source.birthDate?.column === column],
    ['age', source.age?.column === column || source.age?.asOf.column === column],
    ['retention-date', source.date?.column === column],
    ['ground', source.grounds.some((ground) => ground.column === column)],
  ];
  return uses.filter(([, holds]) => holds).map(([use]) => use);
}

const COMMON_FIELDS = ['host', 'ident', 'user', 'time', 'path', 'status', 'bytes'];
const COMBINED_FIELDS = [...COMMON_FIELDS, 'referrer', 'agent'];

/** A log is stored line by line: all fields of its format, and the parts of queries that point to persons. */
function logColumns(source: LogSource): readonly ColumnFacts[] {
  const fields = source.format.type === 'common' ? COMMON_FIELDS : COMBINED_FIELDS;
  const columns = [...new Set([...fields, ...source.identifiers.map(({ column }) => column)])];
  return columns.map((column) => {
    const kinds = source.identifiers
      .filter((identifier) => identifier.column === column)
      .map(({ kind }) => kind);
    const uses = column === 'time' ? ['retention-date'] : [];
    return { ...bareColumn(column), identifiers: kinds, roles: kinds.length > 0 ? ['subject'] : [], uses };
  });
}

function bareColumn(column: string): ColumnFacts {
  return {
    column,
    handling: 'stored',
    data_category: undefined,
    identifiers: [],
    roles: [],
    uses: [],
    free_text: false,
    visible: false,
    verifies: false,
    kept_on_deletion: [],
  };
}
