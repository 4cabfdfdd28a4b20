import { requestName } from '../base/ids.ts';
import { maskIdentifier } from '../base/mask.ts';
import { dateIn, daysFromTo, type Instant, instantOf, type PlainDate } from '../base/time.ts';
import { counted } from '../letters/words.ts';
import { agesOf } from '../people/age.ts';
import { requireSource, tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { findHold } from '../retention/holds.ts';
import { groundsOf } from '../rights/delete.ts';
import type { SubjectView } from '../rights/view.ts';
import type { LegalHold, Request } from '../store/registers.ts';
import type { StoredRecord } from '../store/store.ts';
import { kindWords } from './request-view.ts';

const ADULT = 18;

/** Enough of a person to see that it is not another one, and nothing to learn them by. */
export interface MaskedPicture {
  /** `email:a…@example.org`. */
  readonly identifiers: readonly string[];
  /** The newest date on a row or a log line. */
  readonly lastActivity: PlainDate | undefined;
  /** The oldest date on an account row, or on any row where no account has one. */
  readonly knownSince: PlainDate | undefined;
  readonly paid: boolean;
  /** One of the controller's own people; undefined where the policy does not tell. */
  readonly staff: boolean | undefined;
  /** Undefined where no age is known. */
  readonly minor: boolean | undefined;
  readonly counts: readonly {
    readonly source: string;
    readonly count: number;
    readonly unit: 'row' | 'line';
  }[];
  /** Grounds that their rows give, as the policy maps them: `ban`. */
  readonly marks: readonly string[];
  /** Matters of holds over something of theirs. */
  readonly holds: readonly string[];
  /** Their other requests that wait for an answer. */
  readonly requests: readonly string[];
}

/** What the ledger says of a person beside their rows. */
export interface Beside {
  readonly holds: readonly LegalHold[];
  readonly requests: readonly Request[];
}

/** The picture of a person at an instant. */
export function pictureOf(
  view: SubjectView,
  policy: Policy,
  instant: Instant,
  { holds, requests }: Beside,
): MaskedPicture {
  const { zone } = policy.controller;
  const records = [...new Map(view.rows.map(({ record }) => [record.id, record])).values()];
  const times = [...records.map(({ at }) => at), ...view.lines.map(({ lastAt }) => lastAt)];
  const newest = times.reduce<number>((a, b) => Math.max(a, b ?? a), Number.NEGATIVE_INFINITY);
  return {
    identifiers: view.identifiers.map(maskIdentifier),
    lastActivity: Number.isFinite(newest) ? dateIn(instantOf(newest), zone) : undefined,
    knownSince: knownSince(records, policy),
    paid: records.some(({ source }) => tableSource(policy, source)?.payment === true),
    staff: isStaff(view, policy),
    minor: isMinor(view, policy, instant),
    marks: [...new Set(groundsOf(view, policy))].sort(),
    holds: mattersOf(view, policy, holds),
    requests: requests.map((request) => `${requestName(request.id)} ${kindWords(request)}`),
    counts: [
      ...[...Map.groupBy(records, ({ source }) => source)].map(([source, rows]) => ({
        source,
        count: rows.length,
        unit: 'row' as const,
      })),
      ...view.lines.map(({ source, lines }) => ({ source, count: lines, unit: 'line' as const })),
    ],
  };
}

function knownSince(records: readonly StoredRecord[], policy: Policy): PlainDate | undefined {
  const oldest = (rows: readonly StoredRecord[]) =>
    rows.flatMap(({ at }) => at ?? []).reduce<number | undefined>((a, b) => Math.min(a ?? b, b), undefined);
  const accounts = records.filter(({ source }) => tableSource(policy, source)?.account === true);
  const at = oldest(accounts) ?? oldest(records);
  return at === undefined ? undefined : dateIn(instantOf(at), policy.controller.zone);
}

const STAFF_GROUNDS: ReadonlySet<string> = new Set(['admin', 'employee', 'moderator', 'staff']);

/** By a ground of the policy, or by a name that stands under its staff. */
function isStaff(view: SubjectView, policy: Policy): boolean | undefined {
  const names = Object.keys(policy.staff);
  const codes = Object.values(policy.sources).flatMap((source) =>
    source.type === 'table' ? source.grounds.map(({ code }) => code) : [],
  );
  if (names.length === 0 && !codes.some((code) => STAFF_GROUNDS.has(code))) return undefined;
  const isNamed = view.identifiers.some(({ value }) => names.includes(value));
  return isNamed || groundsOf(view, policy).some((code) => STAFF_GROUNDS.has(code));
}

function mattersOf(view: SubjectView, policy: Policy, holds: readonly LegalHold[]): readonly string[] {
  const sources = new Set([
    ...view.rows.map(({ record }) => record.source),
    ...view.lines.map(({ source }) => source),
  ]);
  const found = [...sources].flatMap((source) => {
    const { category } = requireSource(policy, source);
    return findHold(holds, { subjects: view.subjects, category, source })?.matter ?? [];
  });
  return [...new Set(found)].sort();
}

function isMinor(view: SubjectView, policy: Policy, instant: Instant): boolean | undefined {
  const today = dateIn(instant, policy.controller.zone);
  const ages = agesOf(view.rows, policy, today);
  return ages.length === 0 ? undefined : ages.some((age) => age < ADULT);
}

/** The picture as lines for a terminal, on a day of the controller's. */
export function renderPicture(picture: MaskedPicture, today: PlainDate): string {
  const held = picture.counts.map(
    ({ source, count, unit }) => `${count} ${unit}${count === 1 ? '' : 's'} in ${source}`,
  );
  const day = picture.lastActivity;
  return [
    `  known by       ${picture.identifiers.join('  ') || 'nothing any more'}`,
    `  last activity  ${day === undefined ? 'unknown' : `${day}, ${counted(Math.max(0, daysFromTo(day, today)), 'day')} ago`}`,
    `  known since    ${picture.knownSince ?? 'unknown'}`,
    `  paid           ${picture.paid ? 'yes' : 'no'}`,
    `  staff          ${answer(picture.staff)}`,
    `  under ${ADULT}       ${answer(picture.minor)}`,
    `  held           ${held.join(', ') || 'nothing'}`,
    ...line('marked', picture.marks),
    ...line('legal hold', picture.holds),
    ...line('also asks for', picture.requests),
  ].join('\n');
}

function answer(is: boolean | undefined): string {
  return is === undefined ? 'unknown' : is ? 'YES' : 'no';
}

function line(label: string, words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : [`  ${label.padEnd(15)}${words.join(', ')}`];
}
