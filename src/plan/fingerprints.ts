import type { Json } from '../base/json.ts';
import {
  type FingerprintValue,
  fingerprintValues,
  joinFingerprints,
} from '../evidence/prove/fingerprints.ts';
import { rowIdentifier } from '../people/digests.ts';
import { inOwnLetters } from '../people/written-as.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { anonymisedFields } from '../rights/anonymise.ts';
import type { SubjectView } from '../rights/view.ts';
import type { Ledger } from '../store/ledger.ts';
import type { StoredRecord, Writer } from '../store/store.ts';
import { isErasing, type Plan, type PlanItem } from './plan.ts';

/**
 * Saves by what the erased bytes are looked for later, before they go: the person's identifiers and the values
 * that the plan erases. Joins them with those that the request has erased before.
 */
export async function saveFingerprints(
  tx: Writer,
  ledger: Pick<Ledger, 'keys' | 'policy'>,
  plan: Plan,
  view: SubjectView,
  request: number,
): Promise<void> {
  const { subject } = plan;
  if (subject === undefined) return;
  const { hasher, fingerprint: key } = ledger.keys;
  const { texts, keys } = await erasedBy(tx, ledger.policy, plan, view);
  const identifiers = view.identifiers.flatMap(({ kind: name, value }) =>
    [...new Set([value, inOwnLetters(value)])].map(
      (text): FingerprintValue => ({ kind: 'identifier', name, text }),
    ),
  );
  const fresh = fingerprintValues(key, [
    ...identifiers,
    ...[...texts].map((text): FingerprintValue => ({ kind: 'value', text })),
  ]);
  const [before] = await tx.fingerprints([request]);
  await tx.putFingerprints({
    request,
    subject,
    packed: before === undefined ? fresh : joinFingerprints(key, [before.packed, fresh]),
    tags: [
      ...new Set([...(before?.tags ?? []), ...[...view.identifiers, ...keys].map((one) => hasher.tag(one))]),
    ],
  });
}

interface Erased {
  readonly texts: ReadonlySet<string>;
  /** The rows that go, each by its key. */
  readonly keys: readonly ReturnType<typeof rowIdentifier>[];
}

async function erasedBy(tx: Writer, policy: Policy, plan: Plan, view: SubjectView): Promise<Erased> {
  const texts = new Set<string>();
  const keys: ReturnType<typeof rowIdentifier>[] = [];
  for (const item of plan.items.filter(isErasing)) {
    for (const record of await tx.records(item.records.map(({ id }) => id))) {
      for (const text of erasedTexts(record, item, view, policy)) texts.add(text);
      if (item.action === 'erase') keys.push(rowIdentifier(record.source, record.key));
    }
  }
  return { texts, keys };
}

/** The texts of a row that go by its group's action; those that stay are left out. */
export function erasedTexts(
  record: StoredRecord,
  { action, role, fields }: Pick<PlanItem, 'action' | 'role' | 'fields'>,
  { identifiers }: Pick<SubjectView, 'identifiers'>,
  policy: Policy,
): readonly string[] {
  const source = tableSource(policy, record.source);
  if (source === undefined) return [];
  if (action === 'anonymise') {
    const changed = anonymisedFields(record.fields, source, [role], identifiers);
    return textsIn(record, (column) => changed.has(column));
  }
  const goes = (column: string) => action === 'erase' || !fields.includes(column);
  const texts = textsIn(record, goes);
  if (!source.key.some(goes)) return texts;
  const all = [...texts, record.key];
  return all.some(isLong) ? all : [...all, bodyOf(record)];
}

function textsIn({ fields, overlays }: StoredRecord, goes: (column: string) => boolean): readonly string[] {
  const texts = [
    ...[...fields].flatMap(([column, value]) => (goes(column) ? textsOf(value) : [])),
    ...overlays.flatMap(({ field, old }) => (goes(field) ? textsOf(old) : [])),
  ];
  return texts.filter((text) => !isDate(text));
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** A date names nobody, and stands in the ledger's own entries too. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text);
}

/** As long as a value has to be to be looked for by itself (design §3). */
function isLong(text: string): boolean {
  return Buffer.byteLength(text) >= 8;
}

/** The row as it lies in the file: a row whose values are all short is found by all of them together. */
function bodyOf({ fields, overlays }: StoredRecord): string {
  const imported = new Map([...fields, ...overlays.map(({ field, old }) => [field, old] as const)]);
  return JSON.stringify([...imported.values()]);
}
