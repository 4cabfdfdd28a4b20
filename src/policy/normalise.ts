import { isLog, listStoredColumns } from './columns.ts';
import { strongestFirst } from './find.ts';
import { fillKinds } from './kinds.ts';
import type { CategoryFile, PolicyFile } from './schema.ts';
import type { SourceFile } from './schema-sources.ts';
import type {
  Category,
  DateColumn,
  ErasureAction,
  IdentifierColumn,
  LogFormat,
  LogSource,
  Party,
  Policy,
  PolicyLimits,
  Protocols,
  Source,
  TableFormat,
  TableSource,
  VerificationRules,
} from './types.ts';

/** The policy that a valid file means: short forms written out, defaults filled in. */
export function normalisePolicy(file: PolicyFile): Policy {
  const identifiers = fillKinds(file.identifiers ?? {});
  return {
    controller: { ...file.controller, holidays: holidays(file.controller.holidays) },
    effective: file.effective,
    ...coppa(file.children),
    identifiers,
    sources: mapRecord(file.sources, (source, name) => normaliseSource(name, source, { identifiers })),
    categories: mapRecord(file.categories, (category, name) =>
      normaliseCategory(name, category, file.sources),
    ),
    purposes: mapRecord(file.purposes ?? {}, (purpose, name) => ({ name, ...purpose })),
    recipients: mapRecord(file.recipients ?? {}, (recipient, name) => ({
      name,
      agreement: false,
      ...recipient,
    })),
    transfers: file.transfers ?? [],
    backups: mapRecord(file.backups ?? {}, ({ sources, keep }, name) => ({
      name,
      sources: sources ?? Object.keys(file.sources),
      keep,
    })),
    limits: normaliseLimits(file.limits ?? {}),
    deadlines: file.deadlines ?? {},
    ...desk(file),
  };
}

function holidays(file: PolicyFile['controller']['holidays']): Policy['controller']['holidays'] {
  return typeof file === 'string' ? { default: file } : { ...file };
}

/** How the desk works: staff, waiting time, verification, letters, ways in. */
function desk(
  file: PolicyFile,
): Pick<Policy, 'staff' | 'fourEyes' | 'waiting' | 'verification' | 'letters' | 'intake' | 'protocols'> {
  const { four_eyes: eyes, waiting, intake } = file;
  return {
    staff: mapRecord(file.staff ?? {}, ({ roles, keys = [] }, name) => ({ name, roles, keys })),
    ...(eyes === undefined ? {} : { fourEyes: { types: eyes.types, signed: eyes.signed ?? false } }),
    ...(waiting === undefined
      ? {}
      : { waiting: { period: waiting.period, for: waiting.for ?? ['delete', 'identifier'] } }),
    verification: verificationRules(file.verification ?? {}),
    letters: { ...file.letters },
    ...(intake === undefined
      ? {}
      : {
          intake: { columns: intake.columns, types: intake.types ?? {}, received: intake.received ?? 'iso' },
        }),
    protocols: protocols(file.protocols ?? {}),
  };
}

function verificationRules(file: NonNullable<PolicyFile['verification']>): VerificationRules {
  return {
    agent: file.agent ?? ['signed-permission'],
    heir: file.heir ?? ['death-certificate', 'proof-of-heirship'],
    household: file.household ?? ['all-members-asked', 'each-member-verified'],
    authority: file.authority ?? ['written-order'],
    document: file.document ?? [],
    code: { validHours: file.code_valid_hours ?? 24, perDay: file.codes_per_day ?? 3 },
  };
}

function protocols({ drp, opendsr }: NonNullable<PolicyFile['protocols']>): Protocols {
  return {
    ...(drp === undefined
      ? {}
      : {
          drp: {
            businessId: drp.business_id,
            agents: mapRecord(drp.agents, ({ verify_key: verifyKey, ...agent }) => ({ ...agent, verifyKey })),
          },
        }),
    ...(opendsr === undefined ? {} : { opendsr: { controllerId: opendsr.controller_id } }),
  };
}

function coppa(children: PolicyFile['children']): Pick<Policy, 'coppa'> {
  if (children === undefined) return {};
  const { under, consent } = children.coppa;
  return { coppa: { under, allOf: consent.all_of, within: consent.within, source: consent.source } };
}

function normaliseLimits(limits: NonNullable<PolicyFile['limits']>): PolicyLimits {
  return {
    planValid: limits.plan_valid ?? 'P14D',
    scrubAtOnceBelow: parseSize(limits.scrub_at_once_below ?? '2GB'),
    rejectsKept: limits.rejects_kept ?? 'P90D',
    requestFileKept: limits.request_file_kept ?? 'P24M',
    digestsKept: limits.digests_kept ?? 'P3Y',
    backupsKept: limits.backups_kept ?? 'P35D',
    pointsSpecific: limits.points_specific ?? 3,
    pointsCategories: limits.points_categories ?? 2,
    batchAtMost: limits.batch_at_most ?? 500,
  };
}

/** Bytes of a size such as `2GB`; units are powers of 1000. */
function parseSize(size: string): number {
  const power = ['KB', 'MB', 'GB', 'TB'].indexOf(size.slice(-2)) + 1;
  return Number(size.slice(0, -2)) * 1000 ** power;
}

type Kinds = Pick<Policy, 'identifiers'>;

function normaliseSource(name: string, file: SourceFile, kinds: Kinds): Source {
  return isLog(file) ? normaliseLog(name, file, kinds) : normaliseTable(name, file, kinds);
}

function normaliseLog(name: string, file: SourceFile, kinds: Kinds): LogSource {
  const identifiers = [...listIdentifiers(file.subject ?? {}), ...listIdentifiers(file.weak ?? {})];
  return {
    type: 'log',
    ...sourceBase(name, file),
    format: logFormat(file.format),
    identifiers: strongestFirst(identifiers, kinds),
  };
}

function normaliseTable(name: string, file: SourceFile, kinds: Kinds): TableSource {
  return {
    type: 'table',
    ...sourceBase(name, file),
    format: tableFormat(file.format),
    // The rules demand mode and key of every table.
    mode: file.mode ?? 'append',
    account: file.account ?? false,
    key: asList(file.key ?? []),
    parties: listParties(file).map(([role, party]) => ({
      role,
      identifiers: strongestFirst(listIdentifiers(party), kinds),
    })),
    columns: listStoredColumns(file),
    never: file.never ?? [],
    ignore: file.ignore ?? [],
    freeText: file.free_text ?? [],
    visible: file.visible ?? [],
    usable: file.verify?.usable ?? [],
    ...dates(file),
    payment: file.payment ?? false,
    grounds: Object.entries(file.grounds ?? {}).map(([code, ground]) => ({ code, ...ground })),
    fields: Array.isArray(file.fields) ? {} : { ...file.fields },
  };
}

function sourceBase(
  name: string,
  file: SourceFile,
): Pick<Source, 'name' | 'files' | 'category' | 'takenAt' | 'origin'> {
  return {
    name,
    files: asList(file.files),
    category: file.category,
    ...(file.taken_at === undefined ? {} : { takenAt: file.taken_at }),
    ...(file.origin === undefined ? {} : { origin: file.origin }),
  };
}

function dates({ birth_date, age, date }: SourceFile): Pick<TableSource, 'birthDate' | 'age' | 'date'> {
  return {
    ...(birth_date === undefined ? {} : { birthDate: dateColumn(birth_date) }),
    ...(age === undefined ? {} : { age: { column: age.column, asOf: dateColumn(age.as_of) } }),
    ...(date === undefined ? {} : { date: dateColumn(date) }),
  };
}

function dateColumn(value: NonNullable<SourceFile['date']>): DateColumn {
  return typeof value === 'string' ? { column: value, format: 'iso' } : { format: 'iso', ...value };
}

/** The parties of a source's rows, the row's own person first: role → kinds. */
function listParties(file: SourceFile): [Party['role'], NonNullable<SourceFile['subject']>][] {
  const own =
    file.subject === undefined
      ? []
      : [['subject', file.subject] as [string, NonNullable<SourceFile['subject']>]];
  return [...own, ...Object.entries(file.parties ?? {})];
}

function listIdentifiers(party: NonNullable<SourceFile['subject']>): IdentifierColumn[] {
  return Object.entries(party).map(([kind, value]) =>
    typeof value === 'string' ? { kind, column: value } : { kind, ...value },
  );
}

function tableFormat(format: SourceFile['format']): TableFormat {
  const long = typeof format === 'string' ? { type: format } : format;
  switch (long.type) {
    case 'csv':
      return { delimiter: ',', quote: '"', encoding: 'utf-8', ...long, type: 'csv' };
    case 'json':
      return { encoding: 'utf-8', ...long, type: 'json', path: jsonPath(long) };
    case 'ndjson':
      return { encoding: 'utf-8', ...long, type: 'ndjson' };
    default:
      throw new Error('a log format was taken for a table');
  }
}

function jsonPath(format: object): readonly string[] {
  const { path = [] } = format as { readonly path?: string | readonly string[] };
  return typeof path === 'string' ? path.split('.') : path;
}

function logFormat(format: SourceFile['format']): LogFormat {
  const long = typeof format === 'string' ? { type: format } : format;
  if (long.type !== 'common' && long.type !== 'combined')
    throw new Error('a table format was taken for a log');
  return { encoding: 'utf-8', ...long, type: long.type };
}

function normaliseCategory(name: string, file: CategoryFile, sources: PolicyFile['sources']): Category {
  const own = Object.values(sources).filter((source) => source.category === name);
  return {
    name,
    ...(file.title === undefined ? {} : { title: file.title }),
    ...deletion(file.on_delete, listRoles(own)),
    keep: (file.keep ?? []).map((rule) => ({ when: [], from: 'deletion', ...rule })),
    ...expiry(file),
    purposes: file.purposes ?? [],
  };
}

/** The roles that persons have in the rows of some sources, each once; log lines have a `subject`. */
export function listRoles(sources: readonly SourceFile[]): string[] {
  return [
    ...new Set(
      sources.flatMap((source) => (isLog(source) ? ['subject'] : listParties(source).map(([role]) => role))),
    ),
  ];
}

function deletion(
  file: CategoryFile['on_delete'],
  roles: readonly string[],
): Pick<Category, 'onDelete' | 'countBy'> {
  if (typeof file === 'string') {
    const all = roles.length === 0 ? ['subject'] : roles;
    return { onDelete: Object.fromEntries(all.map((role) => [role, file])) };
  }
  if (isCount(file)) return { onDelete: { subject: 'erase' }, countBy: { by: file.count_by } };
  return { onDelete: mapRecord(file, actionOf) };
}

/** Whether `on_delete` asks for counts of a log's lines. */
export function isCount(
  file: CategoryFile['on_delete'],
): file is Extract<CategoryFile['on_delete'], { count_by: unknown }> {
  return typeof file === 'object' && Object.hasOwn(file, 'count_by');
}

function actionOf(action: ErasureAction | 'anonymise-author'): ErasureAction {
  return action === 'anonymise-author' ? 'anonymise' : action;
}

function expiry({ expire, source }: CategoryFile): Pick<Category, 'expire'> {
  if (expire === undefined || source === undefined) return {};
  const { after, from = 'date' } = typeof expire === 'string' ? { after: expire } : expire;
  return { expire: { after, from, source } };
}

function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function mapRecord<From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value, name)]));
}
