import { daysFromTo, type PlainDate } from '../base/time.ts';
import { DENIAL_PARTS, denialPart, METRIC_KINDS, type MetricKind, metricKind } from '../law/metrics.ts';
import type { RequestCase } from './cases.ts';
import { isComplied } from './cases.ts';
import { isDayWithin, type Period, type Row, type Table } from './table.ts';

const COLUMNS = [
  'request_type',
  'received',
  'complied',
  'complied_in_whole',
  'complied_in_part',
  'denied',
  'denied_not_verifiable',
  'denied_not_a_consumer',
  'denied_exempt',
  'denied_other',
  'withdrawn',
  'duplicates',
  'expired',
  'open',
  'median_days',
  'mean_days',
] as const;

type Column = (typeof COLUMNS)[number];

/** Whose figures, and of which days of receipt. */
export interface MetricsFrame {
  readonly period: Period;
  readonly regimes: readonly string[];
}

/**
 * The yearly numbers of 11 CCR §7102(a): of the requests received in the period, how many were complied with
 * in whole or in part and denied, and in how many days they were answered. Who took a request back, repeated
 * it, or let it lapse is neither.
 */
export function metricsTable(cases: Iterable<RequestCase>, frame: MetricsFrame): Table<Column> {
  const counted = [...cases].filter((one) => isCounted(one, frame));
  return {
    columns: COLUMNS,
    rows: METRIC_KINDS.map((kind) =>
      rowOf(
        kind,
        counted.filter(({ type }) => metricKind(type) === kind),
      ),
    ),
  };
}

function isCounted({ regime, receivedOn }: RequestCase, { period, regimes }: MetricsFrame): boolean {
  return regimes.includes(regime) && isDayWithin({ period }, receivedOn);
}

function rowOf(kind: MetricKind, cases: readonly RequestCase[]): Row<Column> {
  const ended = (...ends: readonly RequestCase['end'][]) =>
    cases.filter(({ end }) => ends.includes(end)).length;
  const denied = cases.filter(({ end }) => end === 'denied');
  const days = cases.flatMap(daysToRespond).sort((a, b) => a - b);
  const [notVerifiable, notConsumer, exempt, other] = DENIAL_PARTS.map(
    (part) => denied.filter(({ reason }) => denialPart(reason) === part).length,
  );
  return {
    request_type: kind,
    received: cases.length,
    complied: ended('whole', 'part'),
    complied_in_whole: ended('whole'),
    complied_in_part: ended('part'),
    denied: denied.length,
    denied_not_verifiable: notVerifiable,
    denied_not_a_consumer: notConsumer,
    denied_exempt: exempt,
    denied_other: other,
    withdrawn: ended('withdrawn'),
    duplicates: ended('duplicate'),
    expired: ended('expired'),
    open: ended('open'),
    median_days: medianOf(days),
    mean_days: meanOf(days),
  };
}

/** Days from receipt to the answer, a refusal included; none where there was no answer. */
function daysToRespond({ end, receivedOn, respondedOn }: RequestCase): readonly number[] {
  const isAnswered = isComplied(end) || end === 'denied';
  return isAnswered && respondedOn !== undefined ? [daysFromTo(receivedOn, respondedOn)] : [];
}

/** The middle of sorted numbers; of an even number of them halfway between the two. */
export function medianOf(sorted: readonly number[]): number | undefined {
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  const upper = sorted[Math.floor(sorted.length / 2)];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

/** The mean of numbers, to one place after the point. */
export function meanOf(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined;
  return Math.round((numbers.reduce((sum, one) => sum + one, 0) / numbers.length) * 10) / 10;
}

/** One thing in which the register says otherwise than the audit log; `missing` where one has no such request. */
export interface Difference {
  readonly request: number;
  readonly member: keyof RequestCase | 'missing';
  readonly log: string | undefined;
  readonly register: string | undefined;
}

const COMPARED = ['type', 'regime', 'receivedOn', 'end', 'respondedOn', 'reason'] as const;

/**
 * Where register and log do not say the same. Requests whose file has ended are in the log alone, and
 * nothing is missing there.
 */
export function listDifferences(
  log: ReadonlyMap<number, RequestCase>,
  register: ReadonlyMap<number, RequestCase>,
  hasEndedFile: (request: number) => boolean,
): readonly Difference[] {
  const numbers = [...new Set([...log.keys(), ...register.keys()])].sort((a, b) => a - b);
  return numbers.flatMap((request): readonly Difference[] => {
    const [logged, kept] = [log.get(request), register.get(request)];
    if (logged !== undefined && kept !== undefined) return listMembers(logged, kept);
    if (kept === undefined && hasEndedFile(request)) return [];
    return [{ request, member: 'missing', log: wordOf(logged), register: wordOf(kept) }];
  });
}

function listMembers(log: RequestCase, register: RequestCase): readonly Difference[] {
  return COMPARED.filter((member) => log[member] !== register[member]).map((member) => ({
    request: log.request,
    member,
    log: log[member],
    register: register[member],
  }));
}

function wordOf(one: RequestCase | undefined): string | undefined {
  return one === undefined ? undefined : 'present';
}

/** The calendar year before a day, by the controller's calendar (11 CCR §7102(a)(2)). */
export function previousYear(today: PlainDate): Period {
  const year = Number(today.slice(0, 4)) - 1;
  return { from: `${year}-01-01`, to: `${year}-12-31` };
}
