import { ageOn } from '../base/periods.ts';
import { instantOf, type PlainDate } from '../base/time.ts';
import { parseDateValue } from '../formats/dates.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy, TableSource } from '../policy/types.ts';
import type { StoredRecord } from '../store/store.ts';
import { OWN_ROLE } from './identities.ts';

/** The ages that a person's own rows give on a day, as far as they tell one. */
export function agesOf(
  rows: readonly { readonly record: StoredRecord; readonly role: string }[],
  policy: Policy,
  today: PlainDate,
): number[] {
  return rows.flatMap(({ record, role }) => {
    const source = tableSource(policy, record.source);
    const age = source === undefined || role !== OWN_ROLE ? undefined : ageOf(record, source, today);
    return age === undefined ? [] : [age];
  });
}

/** By the birth date; else by an age that was told once, grown by the years since. */
function ageOf(record: StoredRecord, source: TableSource, today: PlainDate): number | undefined {
  const dateAt = (column: string, format: string): PlainDate | undefined => {
    const at = parseDateValue(String(record.fields.get(column) ?? ''), format);
    return at === undefined ? undefined : instantOf(at).slice(0, 10);
  };
  if (source.birthDate !== undefined) {
    const born = dateAt(source.birthDate.column, source.birthDate.format);
    return born === undefined || born > today ? undefined : ageOn(born, today);
  }
  if (source.age === undefined) return undefined;
  const told = Number(record.fields.get(source.age.column) ?? Number.NaN);
  const asOf = dateAt(source.age.asOf.column, source.age.asOf.format);
  if (!Number.isInteger(told) || told <= 0) return undefined;
  return asOf === undefined || asOf > today ? told : told + ageOn(asOf, today);
}
