import type { RequestType } from '../store/registers.ts';

/** The requests that 11 CCR §7102(a)(1) counts. */
export const METRIC_KINDS = ['delete', 'correct', 'know', 'opt-out', 'limit'] as const;

/** One of them. */
export type MetricKind = (typeof METRIC_KINDS)[number];

/** Type of request → as what it is counted; what is not here is counted nowhere (11 CCR §7102(a)(1)). */
const KIND_OF: Readonly<Partial<Record<RequestType, MetricKind>>> = {
  delete: 'delete',
  edit: 'correct',
  access: 'know',
  portability: 'know',
  'opt-out': 'opt-out',
  limit: 'limit',
};

/** The kind under which a type of request is counted. */
export function metricKind(type: string): MetricKind | undefined {
  return Object.hasOwn(KIND_OF, type) ? KIND_OF[type as RequestType] : undefined;
}

/** The parts into which denials may be split (11 CCR §7102(a)(4)). */
export const DENIAL_PARTS = ['not_verifiable', 'not_a_consumer', 'exempt', 'other'] as const;

/** One of them. */
export type DenialPart = (typeof DENIAL_PARTS)[number];

const PART_OF: Readonly<Record<string, DenialPart>> = {
  'identity-not-verified': 'not_verifiable',
  'no-authority': 'not_verifiable',
  'no-match': 'not_verifiable',
  'not-verifiable': 'not_verifiable',
  'not-verified': 'not_verifiable',
  'not-a-consumer': 'not_a_consumer',
  'outside-regime': 'not_a_consumer',
  exempt: 'exempt',
  'legal-claims': 'exempt',
  'legal-obligation': 'exempt',
};

/** The part that a reason code falls in. */
export function denialPart(reason: string | undefined): DenialPart {
  return reason !== undefined && Object.hasOwn(PART_OF, reason) ? (PART_OF[reason] ?? 'other') : 'other';
}
