import type { Json } from '../base/json.ts';
import { listStoredColumns } from './columns.ts';
import { kindOf } from './find.ts';
import type { SourceFile } from './schema-sources.ts';
import type {
  Category,
  IdentifierColumn,
  KeepRule,
  LogSource,
  Policy,
  PolicyLimits,
  Source,
  TableSource,
} from './types.ts';

type Form = { readonly [key: string]: Json };

/** A policy in the words of the file, short forms and defaults written out; parsed, it is the same policy. */
export function policyFileForm(policy: Policy): Form {
  const { coppa } = policy;
  return form({
    controller: form({ ...policy.controller }),
    effective: policy.effective,
    children:
      coppa &&
      form({
        coppa: {
          under: coppa.under,
          consent: { all_of: coppa.allOf, within: coppa.within, source: coppa.source },
        },
      }),
    identifiers: mapForms(policy.identifiers, ({ name: _, ...kind }) => form(kind)),
    sources: mapForms(policy.sources, (source) => sourceForm(source, policy)),
    categories: mapForms(policy.categories, categoryForm),
    purposes: mapForms(policy.purposes, ({ name: _, ...purpose }) => form(purpose)),
    recipients: mapForms(policy.recipients, ({ name: _, ...recipient }) => form(recipient)),
    transfers: policy.transfers,
    backups: mapForms(policy.backups, ({ name: _, ...backup }) => form(backup)),
    limits: limitsForm(policy.limits),
    deadlines: policy.deadlines,
    ...deskForm(policy),
  });
}

function deskForm(policy: Policy): Form {
  const { verification, intake, fourEyes, waiting } = policy;
  const { code, ...steps } = verification;
  return form({
    staff: mapForms(policy.staff, ({ name: _, ...member }) => form({ ...member })),
    four_eyes: fourEyes && form({ ...fourEyes }),
    waiting: waiting && form({ ...waiting }),
    verification: form({ ...steps, code_valid_hours: code.validHours, codes_per_day: code.perDay }),
    letters: policy.letters,
    intake: intake && form({ ...intake }),
    protocols: protocolsForm(policy.protocols),
  });
}

function protocolsForm({ drp, opendsr }: Policy['protocols']): Form {
  return form({
    drp: drp && {
      business_id: drp.businessId,
      agents: mapForms(drp.agents, ({ verifyKey, ...agent }) => form({ ...agent, verify_key: verifyKey })),
    },
    opendsr: opendsr && { controller_id: opendsr.controllerId },
  });
}

/** `3GB`: the largest unit that leaves a whole number. */
function renderSize(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.max(
    0,
    units.findLastIndex((_, i) => bytes % 1000 ** (i + 1) === 0),
  );
  return `${bytes / 1000 ** (power + 1)}${units[power]}`;
}

function limitsForm(limits: PolicyLimits): Form {
  return {
    plan_valid: limits.planValid,
    scrub_at_once_below: renderSize(limits.scrubAtOnceBelow),
    rejects_kept: limits.rejectsKept,
    request_file_kept: limits.requestFileKept,
    digests_kept: limits.digestsKept,
    backups_kept: limits.backupsKept,
    points_specific: limits.pointsSpecific,
    points_categories: limits.pointsCategories,
    batch_at_most: limits.batchAtMost,
  };
}

function sourceForm(source: Source, policy: Policy): Form {
  const own = source.type === 'log' ? logForm(source, policy) : tableForm(source);
  return form({
    files: source.files,
    format: form({ ...source.format }),
    ...own,
    category: source.category,
    origin: source.origin,
    taken_at: source.takenAt,
  });
}

function logForm(source: LogSource, policy: Policy): Form {
  const isWeak = ({ kind }: IdentifierColumn): boolean => kindOf(policy, kind)?.strength === 'network';
  return form({
    subject: partyForm(source.identifiers.filter((one) => !isWeak(one))),
    weak: partyForm(source.identifiers.filter(isWeak)),
  });
}

function tableForm(source: TableSource): Form {
  const others = source.parties.filter(({ role }) => role !== 'subject');
  const mapped = form({
    mode: source.mode,
    account: source.account,
    key: source.key,
    subject: partyForm(source.parties.find(({ role }) => role === 'subject')?.identifiers ?? []),
    parties: form(Object.fromEntries(others.map(({ role, identifiers }) => [role, partyForm(identifiers)]))),
    birth_date: source.birthDate && form({ ...source.birthDate }),
    age: source.age && { column: source.age.column, as_of: form({ ...source.age.asOf }) },
    date: source.date && form({ ...source.date }),
    never: source.never,
    ignore: source.ignore,
    free_text: source.freeText,
    visible: source.visible,
    verify: form({ usable: source.usable }),
    payment: source.payment,
    grounds: form(
      Object.fromEntries(
        source.grounds.map(({ code, column, in: values }) => [code, { column, in: values }]),
      ),
    ),
  });
  return form({ ...mapped, fields: fieldsForm(source, mapped) });
}

function fieldsForm({ columns, fields }: TableSource, mapped: Form): Json {
  if (Object.keys(fields).length > 0) return fields;
  const elsewhere = new Set(listStoredColumns({ ...mapped, format: 'csv' } as unknown as SourceFile));
  return columns.filter((column) => !elsewhere.has(column));
}

function partyForm(identifiers: readonly IdentifierColumn[]): Json {
  return Object.fromEntries(identifiers.map(({ kind, ...place }) => [kind, form(place)]));
}

function categoryForm(category: Category): Form {
  const { expire, countBy } = category;
  return form({
    title: category.title,
    on_delete: countBy === undefined ? category.onDelete : { count_by: countBy.by },
    keep: category.keep.map(keepForm),
    expire: expire && { after: expire.after, from: expire.from },
    source: expire?.source,
    purposes: category.purposes,
  });
}

function keepForm(rule: KeepRule): Form {
  return form({
    fields: rule.fields,
    when: rule.when,
    basis: rule.basis,
    for: rule.for,
    from: rule.from,
    source: rule.source,
  });
}

/** The members that hold something: no undefined, no empty lists and maps. */
function form(members: Readonly<Record<string, Json | undefined>>): Form {
  const held = Object.entries(members).filter(
    (member): member is [string, Json] => member[1] !== undefined && !isEmpty(member[1]),
  );
  return Object.fromEntries(held);
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function mapForms<From>(record: Readonly<Record<string, From>>, to: (value: From) => Form): Form {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}
