import { maskValue } from '../base/mask.ts';
import { dateIn, epochOf, type Instant, instantOf, type PlainDate } from '../base/time.ts';
import { agesOf } from '../people/age.ts';
import { tableSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { SubjectView } from '../rights/view.ts';

const ADULT = 18;

/** Enough of a person to see that it is not another one, and nothing to learn them by. */
export interface MaskedPicture {
  /** `email:a…@example.org`. */
  readonly identifiers: readonly string[];
  /** The newest date on a row or a log line. */
  readonly lastActivity: PlainDate | undefined;
  readonly paid: boolean;
  /** Undefined where no age is known. */
  readonly minor: boolean | undefined;
  readonly counts: readonly {
    readonly source: string;
    readonly count: number;
    readonly unit: 'row' | 'line';
  }[];
}

/** The picture of a person at an instant. */
export function pictureOf(view: SubjectView, policy: Policy, instant: Instant): MaskedPicture {
  const { zone } = policy.controller;
  const records = [...new Map(view.rows.map(({ record }) => [record.id, record])).values()];
  const times = [...records.map(({ at }) => at), ...view.lines.map(({ lastAt }) => lastAt)];
  const newest = times.reduce<number>((a, b) => Math.max(a, b ?? a), Number.NEGATIVE_INFINITY);
  return {
    identifiers: view.identifiers.map(({ kind, value }) => `${kind}:${maskValue(kind, value)}`),
    lastActivity: Number.isFinite(newest) ? dateIn(instantOf(newest), zone) : undefined,
    paid: records.some(({ source }) => tableSource(policy, source)?.payment === true),
    minor: isMinor(view, policy, instant),
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

function isMinor(view: SubjectView, policy: Policy, instant: Instant): boolean | undefined {
  const today = dateIn(instant, policy.controller.zone);
  const ages = agesOf(view.rows, policy, today);
  return ages.length === 0 ? undefined : ages.some((age) => age < ADULT);
}

/** The picture as lines for a terminal. */
export function renderPicture(picture: MaskedPicture, asOf: Instant): string {
  const held = picture.counts.map(
    ({ source, count, unit }) => `${count} ${unit}${count === 1 ? '' : 's'} in ${source}`,
  );
  const day = picture.lastActivity;
  return [
    `  known by       ${picture.identifiers.join('  ') || 'nothing any more'}`,
    `  last activity  ${day === undefined ? 'unknown' : `${day}, ${daysSince(day, asOf)} days ago`}`,
    `  paid           ${picture.paid ? 'yes' : 'no'}`,
    `  under ${ADULT}       ${picture.minor === undefined ? 'unknown' : picture.minor ? 'YES' : 'no'}`,
    `  held           ${held.join(', ') || 'nothing'}`,
  ].join('\n');
}

function daysSince(day: PlainDate, asOf: Instant): number {
  return Math.max(0, Math.floor((epochOf(asOf) - epochOf(`${day}T00:00:00Z`)) / 86_400));
}
