import { requestName } from '../../base/ids.ts';
import { addPeriod } from '../../base/periods.ts';
import { dateIn, epochOf, type Instant, newestOf, type PlainDate } from '../../base/time.ts';
import { isErasing } from '../../plan/plan.ts';
import type { Policy } from '../../policy/types.ts';
import { endedAt } from '../../requests/due.ts';
import { SUPPRESSION_BASIS } from '../../retention/suppression-end.ts';
import type {
  BackupEntry,
  ByteProof,
  Request,
  RequestOutcome,
  SetAsideRow,
  WorkOrder,
} from '../../store/registers.ts';
import type { Suppression } from '../../store/store.ts';
import type { CertificateBody } from './certificate.ts';
import { CERTIFIED_STATES } from './certified-states.ts';

/** All that a certificate is made from. */
export interface CertifiedFacts
  extends Pick<CertificateBody, 'issued_at' | 'ledger' | 'runs' | 'log' | 'evidence'> {
  readonly policy: Policy;
  readonly request: Request;
  readonly outcome: RequestOutcome;
  /** Orders that the request has placed upstream. */
  readonly orders: readonly WorkOrder[];
  /** The newest. */
  readonly proof: ByteProof | undefined;
  /** Rows of the person that the gate has set aside. */
  readonly setAside: readonly SetAsideRow[];
  /** Digests by which the request keeps the person out. */
  readonly suppressions: readonly Suppression[];
  /** Whether digests of the erased values are kept to look for them. */
  readonly hasFingerprints: boolean;
  /** Backups of the ledger; their files may be there even after their last day. */
  readonly backups: readonly BackupEntry[];
}

/** The body of a certificate: never more than what the ledger has seen. */
export function certificateBody(facts: CertifiedFacts): CertificateBody {
  const { policy, request, outcome, issued_at, ledger, runs, log, evidence } = facts;
  const { id, type, regime, receivedOn, state, certificates = 0 } = request;
  const seen = {
    number: `${requestName(id)}/${certificates + 1}`,
    issued_at,
    controller: policy.controller.name,
    ledger,
    request: { id: requestName(id), type, regime, received_on: receivedOn, state },
    runs,
    applied: outcome.applied.map(({ basis = null, until = null, ...group }) => ({ ...group, basis, until })),
    remains: [...rowRemains(outcome), ...ownRemains(facts)],
    backups: backupsWith(facts),
    bytes: { state: outcome.bytes, proof: proofOf(facts) },
    gate: gateOf(facts),
    upstream: upstreamOf(facts.orders),
    log,
    evidence,
  };
  return { ...seen, states: statesOf(seen) };
}

type Remain = CertificateBody['remains'][number];

/** What says what is left of a deletion, for certificates and letters. */
export type RemainFacts = Pick<
  CertifiedFacts,
  'policy' | 'request' | 'outcome' | 'orders' | 'setAside' | 'suppressions' | 'hasFingerprints' | 'backups'
>;

function rowRemains({ remains }: RequestOutcome): Remain[] {
  return remains.map(({ source, category, count, fields, basis, until }) => ({
    what: 'rows',
    source,
    category,
    count,
    fields,
    basis,
    until: until ?? (basis === 'legal-hold' ? 'released' : null),
  }));
}

/** What dsr keeps of the deletion itself. */
export function ownRemains(facts: RemainFacts): Remain[] {
  const { orders, suppressions, setAside, hasFingerprints } = facts;
  const waiting = setAside.filter(({ state }) => state === 'waiting');
  const open = orders.filter(({ state }) => state === 'ordered');
  const fileEnd = requestFileEnd(facts);
  const entries: readonly (readonly [string, number, string, string | null])[] = [
    ['request-file', 1, 'record of the request', fileEnd],
    ['fingerprints', hasFingerprints ? 1 : 0, 'to look for erased bytes', fileEnd],
    ['work-orders', open.length, 'to be carried out upstream', 'confirmed'],
    ['suppression-digests', suppressions.length, digestsBasis(suppressions), lastDay(suppressions)],
    ['set-aside-rows', waiting.length, 'brought back by an export', lastDay(waiting)],
  ];
  return entries
    .filter(([, count]) => count > 0)
    .map(([what, count, basis, until]) => ({
      ...{ what, count, basis, until },
      source: null,
      category: null,
      fields: [],
    }));
}

function digestsBasis([first]: readonly Suppression[]): string {
  return SUPPRESSION_BASIS[first?.reason ?? 'erased'];
}

/** The last day of the request file; `closed+P24M` while the request is open. */
function requestFileEnd({ policy: { controller, limits }, request }: RemainFacts): string {
  const end = endedAt(request);
  return end === undefined
    ? `closed+${limits.requestFileKept}`
    : addPeriod(dateIn(end, controller.zone), limits.requestFileKept);
}

/** The latest end of several; null where one of them has none. */
function lastDay(
  entries: readonly { readonly until?: PlainDate | undefined; readonly expiresOn?: PlainDate }[],
): PlainDate | null {
  const ends = entries.map(({ until, expiresOn }) => until ?? expiresOn);
  return ends.includes(undefined) ? null : (ends.toSorted().at(-1) ?? null);
}

type Backup = CertificateBody['backups'][number];

/** Backups that still hold copies of what was erased. */
export function backupsWith(facts: RemainFacts): readonly Backup[] {
  return [...ledgerBackups(facts), ...upstreamBackups(facts)];
}

/** Backups of the ledger that were made before the erasure was whole. */
function ledgerBackups({ backups, outcome }: RemainFacts): Backup[] {
  return backups
    .filter(({ at }) => epochOf(at) <= epochOf(outcome.at))
    .map(({ at, expiresOn }) => ({
      of: 'ledger' as const,
      name: null,
      sources: [],
      taken_at: at,
      over_on: expiresOn,
    }));
}

/** What the policy declares of the systems upstream: an erased row is in their backups until the last is over. */
function upstreamBackups({ policy, outcome, orders }: RemainFacts): Backup[] {
  const touched = new Set([...outcome.applied, ...orders].map(({ source }) => source));
  return Object.values(policy.backups).flatMap(({ name, sources, keep }) => {
    const own = sources.filter((source) => touched.has(source));
    if (own.length === 0) return [];
    const gone = goneSince(
      orders.filter(({ source }) => own.includes(source)),
      outcome.at,
    );
    const over_on = gone === undefined ? null : addPeriod(dateIn(gone, policy.controller.zone), keep);
    return [{ of: 'upstream' as const, name, sources: own, taken_at: null, over_on }];
  });
}

/** Since when no new backup upstream can hold the rows of these orders; undefined while one may still do. */
function goneSince(orders: readonly WorkOrder[], erasedAt: Instant): Instant | undefined {
  if (orders.some(({ state }) => state !== 'confirmed')) return undefined;
  return newestOf([erasedAt, ...orders.flatMap(({ endedAt }) => endedAt ?? [])]);
}

function proofOf({ proof }: CertifiedFacts): CertificateBody['bytes']['proof'] {
  if (proof === undefined) return null;
  const { at, state, fingerprints, searched, hits, notSearched } = proof;
  return { at, verdict: state, fingerprints, searched, hits, not_searched: notSearched };
}

function gateOf({ request, setAside, suppressions, runs }: CertifiedFacts): CertificateBody['gate'] {
  const { returned, doubtful } = request.brought ?? { returned: 0, doubtful: 0 };
  const erasedAt = Math.min(...runs.map(({ at }) => epochOf(at)));
  const since = setAside.filter(({ at }) => epochOf(at) >= erasedAt);
  return {
    returned,
    doubtful,
    waiting: since.filter(({ state }) => state === 'waiting').length,
    admitted: new Set(suppressions.flatMap(({ admitted }) => admitted?.row ?? [])).size,
  };
}

function upstreamOf(orders: readonly WorkOrder[]): CertificateBody['upstream'] {
  const bySource = [...Map.groupBy(orders, ({ source }) => source)];
  return bySource
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, own]) => {
      const inState = (state: string) => own.filter((order) => order.state === state);
      const confirmed = inState('confirmed');
      const byStaff = confirmed.filter(({ confirmedBy }) => confirmedBy === 'staff').length;
      return {
        source,
        ordered: own.length,
        open: inState('ordered').length,
        confirmed_by_import: confirmed.length - byStaff,
        confirmed_by_staff: byStaff,
        ended: inState('ended').length,
        cancelled: inState('cancelled').length,
        verdicts: verdictsOn(own),
      };
    });
}

function verdictsOn(orders: readonly WorkOrder[]): CertificateBody['upstream'][number]['verdicts'] {
  const judged = orders.flatMap(({ judged: newest }) => newest ?? []);
  return [...Map.groupBy(judged, ({ verdict, why = '' }) => `${verdict} ${why}`)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) =>
      own.slice(0, 1).map(({ verdict, why = null }) => ({ verdict, why, count: own.length })),
    );
}

/** The states that the rest of a certificate shows to be reached; one that nothing asks for is not needed. */
export function statesOf(
  seen: Pick<CertificateBody, 'applied' | 'bytes' | 'upstream' | 'request'>,
): CertificateBody['states'] {
  const total = (name: 'ordered' | 'confirmed_by_import' | 'confirmed_by_staff') =>
    seen.upstream.reduce((sum, source) => sum + source[name], 0);
  const ordered = total('ordered');
  const confirmed = total('confirmed_by_import') + total('confirmed_by_staff');
  const isNeeded = { bytes: seen.bytes.state !== 'not-needed', orders: ordered > 0 };
  const isProven = seen.bytes.state === 'proven' && seen.bytes.proof?.verdict === 'clean';
  const holds: Readonly<Record<(typeof CERTIFIED_STATES)[number], boolean | undefined>> = {
    'erased here': hasErased(seen.applied),
    'bytes proven': isNeeded.bytes ? isProven : undefined,
    'ordered upstream': isNeeded.orders || undefined,
    'confirmed upstream': isNeeded.orders ? confirmed === ordered : undefined,
    closed: seen.request.state === 'closed',
  };
  return CERTIFIED_STATES.map((state) => ({ state, is: WORDS[`${holds[state]}`] }));
}

const WORDS = { true: 'reached', false: 'not reached', undefined: 'not needed' } as const;

/** The states that a certificate says are reached. */
export function reachedStates({ states }: Pick<CertificateBody, 'states'>): readonly string[] {
  return states.filter(({ is }) => is === 'reached').map(({ state }) => state);
}

/** What a deletion did, where it erased something that can be certified. */
export function erasureOf({ type, parental, outcome }: Request): RequestOutcome | undefined {
  const isDeletion = type === 'delete' || parental?.action === 'delete';
  return isDeletion && outcome !== undefined && hasErased(outcome.applied) ? outcome : undefined;
}

/** Whether something was erased, anonymised or cut to what is retained. */
function hasErased(applied: readonly { readonly action: string; readonly count: number }[]): boolean {
  return applied.some((group) => group.count > 0 && isErasing(group));
}
