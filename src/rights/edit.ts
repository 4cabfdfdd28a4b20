import { ExitCode, refused, UserError } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { compileDateFormat } from '../formats/dates.ts';
import { normalise } from '../people/normalise.ts';
import type { PlanItem, PlannedChange, PlannedOrder } from '../plan/plan.ts';
import { requireSource } from '../policy/find.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { FieldEdit } from '../store/registers.ts';
import type { StoredRecord } from '../store/store.ts';
import { groupDecisions, sortOrders } from './grouping.ts';
import type { SubjectView } from './view.ts';

export interface EditGroups {
  readonly items: readonly PlanItem[];
  readonly changes: readonly PlannedChange[];
  readonly orders: readonly PlannedOrder[];
}

const EDIT_FORM = /^([a-z][a-z0-9_]*)(?:\[([^\]]*)\])?\.([^=]+)$/;

/** Reads `--set source.field=value`. */
export function parseSet(text: string): FieldEdit {
  const equals = text.indexOf('=');
  if (equals < 0) throw editUsage('--set needs source.field=value');
  return parsePlace(text.slice(0, equals), text.slice(equals + 1), '--set');
}

/** Reads `--unset source.field`. */
export function parseUnset(text: string): FieldEdit {
  return parsePlace(text, undefined, '--unset');
}

/** Reads a place in the map, `source.field` or `source[KEY].field`. */
export function parsePlace(place: string, value: string | undefined, flag: string): FieldEdit {
  const match = EDIT_FORM.exec(place);
  if (match === null) throw editUsage(`${flag} needs source.field`);
  const [, source = '', key, field = ''] = match;
  return { source, key, field, value };
}

function editUsage(message: string): UserError {
  return new UserError('usage', message, {
    exit: ExitCode.usage,
    hint: 'write users.email=new@example.org, or users[KEY].email=… where a source has several rows',
  });
}

/** What a correction changes (GDPR Art. 16), checked against the map. */
export function editGroups(view: SubjectView, edits: readonly FieldEdit[], policy: Policy): EditGroups {
  const changes = edits.flatMap((edit) => planChange(view, edit, policy));
  if (changes.length === 0) throw refused('nothing-to-change', 'the ledger already holds these values');
  const records = new Map(view.rows.map(({ record }) => [record.id, record]));
  const changed = [...new Set(changes.map((change) => change.record))]
    .map((id) => records.get(id))
    .filter((record) => record !== undefined);
  const fieldsOf = (record: StoredRecord) => changes.filter((change) => change.record === record.id);
  return {
    items: groupDecisions(
      changed.map((record) => ({
        source: record.source,
        category: requireSource(policy, record.source).category,
        role: 'subject',
        action: 'change',
        reason: 'request',
        fields: fieldsOf(record).map(({ field }) => field),
        record: { id: record.id, version: record.version },
      })),
    ),
    changes,
    orders: sortOrders(
      changed.map((record) => ({
        source: record.source,
        key: record.key,
        action: 'change',
        record: record.id,
        change: Object.fromEntries(fieldsOf(record).map((change) => [change.field, change.new])),
      })),
    ),
  };
}

/** Refuses a wish that the map does not allow, whoever asks. */
export function requireEditable(edit: FieldEdit, policy: Policy): void {
  checkValue(edit, edit.value ?? '', editableSource(edit, policy), policy);
}

function planChange(view: SubjectView, edit: FieldEdit, policy: Policy): PlannedChange[] {
  const source = editableSource(edit, policy);
  const record = targetOf(view, edit);
  requireOwn(view, record, edit, source, policy);
  const old = record.fields.get(edit.field) ?? null;
  const value = newValue(edit, source, old);
  checkValue(edit, value, source, policy);
  if (JSON.stringify(value) === JSON.stringify(old)) return [];
  return [{ record: record.id, field: edit.field, old, new: value }];
}

function editableSource(edit: FieldEdit, policy: Policy): TableSource {
  const source = requireSource(policy, edit.source);
  if (source.type !== 'table')
    throw refused('not-editable', `${edit.source} is a log: its lines are never edited`);
  if (source.key.includes(edit.field))
    throw refused('not-editable', `${edit.source}.${edit.field} is the row's key`);
  if (!source.columns.includes(edit.field)) {
    throw refused(
      'unknown-field',
      `${edit.source} has no field of that name`,
      `its fields are: ${source.columns.join(', ')}`,
    );
  }
  return source;
}

function targetOf(view: SubjectView, edit: FieldEdit): StoredRecord {
  const rows = view.rows.filter(
    ({ record }) =>
      record.source === edit.source &&
      record.retained === undefined &&
      (edit.key === undefined || record.key === edit.key),
  );
  const ids = new Set(rows.map(({ record }) => record.id));
  const [first] = rows;
  if (first === undefined) throw refused('no-such-row', `the person has no such row in ${edit.source}`);
  if (ids.size > 1) {
    throw refused(
      'several-rows',
      `the person has ${ids.size} rows in ${edit.source}`,
      `name one by its key: ${edit.source}[KEY].${edit.field}=…`,
    );
  }
  return first.record;
}

/** A row that a deletion would leave to another party is that party's to correct, and so is who the others are. */
function requireOwn(
  view: SubjectView,
  record: StoredRecord,
  edit: FieldEdit,
  source: TableSource,
  policy: Policy,
): void {
  if (isTheirs(view, record, edit.field, source, policy)) return;
  throw refused(
    'not-theirs',
    `${edit.source}.${edit.field} of this row is another person's`,
    'attach a note to the request instead: dsr request note',
  );
}

function isTheirs(
  view: Pick<SubjectView, 'rows'>,
  record: StoredRecord,
  field: string,
  source: TableSource,
  policy: Policy,
): boolean {
  const roles = view.rows.filter((row) => row.record.id === record.id).map(({ role }) => role);
  const onDelete = policy.categories[source.category]?.onDelete ?? {};
  const isOwn = source.parties.length < 2 || roles.some((role) => onDelete[role] !== 'keep');
  const names = source.parties
    .filter(({ role }) => !roles.includes(role))
    .flatMap(({ identifiers }) => identifiers);
  return isOwn && !names.some(({ column }) => column === field);
}

/** The rows whose field a person may contest: those that they could have corrected, retained ones apart. */
export function contestable(
  view: Pick<SubjectView, 'rows'>,
  { source: name, key, field }: Pick<FieldEdit, 'source' | 'key' | 'field'>,
  policy: Policy,
): readonly StoredRecord[] {
  const source = editableSource({ source: name, key, field, value: undefined }, policy);
  const rows = view.rows.filter(
    ({ record }) =>
      record.source === name && record.retained === undefined && (key === undefined || record.key === key),
  );
  const records = [...new Map(rows.map(({ record }) => [record.id, record])).values()];
  if (records.length === 0) throw refused('no-such-row', `the person has no such row in ${name}`);
  const own = records.filter((record) => isTheirs(view, record, field, source, policy));
  if (own.length > 0) return own;
  throw refused('not-theirs', `${name}.${field} of these rows is another person's`);
}

/** The new value in the type that the source's exports use: unset is an empty cell in CSV, null in JSON. */
function newValue(edit: FieldEdit, source: TableSource, old: Json): Json {
  if (edit.value === undefined) return source.format.type === 'csv' ? '' : null;
  if (typeof old === 'number' && edit.value.trim() !== '' && Number.isFinite(Number(edit.value)))
    return Number(edit.value);
  if (typeof old === 'boolean' && (edit.value === 'true' || edit.value === 'false'))
    return edit.value === 'true';
  return edit.value;
}

function checkValue(edit: FieldEdit, value: Json, source: TableSource, policy: Policy): void {
  if (edit.value === undefined) return;
  const place = `${edit.source}.${edit.field}`;
  requireNoConfirming(edit, source);
  for (const party of source.parties) {
    const column = party.identifiers.find((identifier) => identifier.column === edit.field);
    const kind = column === undefined ? undefined : policy.identifiers[column.kind];
    if (kind !== undefined && normalise(kind, value) === undefined)
      throw badValue(place, `not a usable ${kind.name}`);
  }
  const dated = [source.date, source.birthDate].find((date) => date?.column === edit.field);
  if (dated !== undefined && compileDateFormat(dated.format)(String(value)) === undefined) {
    throw badValue(place, `not a date of the form ${dated.format}`);
  }
}

/** An address that somebody says is confirmed would open what it reaches, and it may be another's. */
function requireNoConfirming({ field, source: name }: FieldEdit, { parties }: TableSource): void {
  if (!parties.some(({ identifiers }) => identifiers.some(({ confirmed }) => confirmed === field))) return;
  throw refused(
    'not-editable',
    `${name}.${field} says whether an address was confirmed, and no correction confirms one`,
    '--unset takes it back; it is confirmed upstream, and the next export says so',
  );
}

function badValue(place: string, what: string): UserError {
  return new UserError('bad-value', `the new value of ${place} is ${what}`, { exit: ExitCode.usage });
}
