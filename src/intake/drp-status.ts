import type { ForeignDetails } from '../requests/opening/foreign.ts';
import type { Request } from '../store/registers.ts';
import { endOfDay, remainWords, type Standing, standingOf } from './standing.ts';

/** What a status object needs beside the request. */
export interface StatusFrame {
  /** The request whose state counts: of a duplicate the one that it repeats. */
  readonly request: Request;
  readonly details: ForeignDetails;
  readonly zone: string;
  readonly contact: string;
}

/** The status object of the Data Rights Protocol 1.0 (§3.03), underscores in its names; undefined members are left out. */
export function drpStatus(requestId: string, { request, details, zone, contact }: StatusFrame) {
  const { status, reason, said } = statusOf(standingOf(request), contact);
  const extension = request.clock?.extension;
  const extended = extension === undefined ? undefined : `extended: ${words(extension.reason)}`;
  return {
    request_id: requestId,
    agent_request_id: details.ownId,
    received_at: request.openedAt,
    expected_by: request.dueOn === undefined ? undefined : endOfDay(request.dueOn, zone),
    status,
    reason,
    processing_details: said ?? (status === 'in_progress' ? extended : undefined),
  };
}

interface Said {
  readonly status: 'open' | 'in_progress' | 'fulfilled' | 'revoked' | 'denied' | 'expired';
  readonly reason?: string;
  readonly said?: string;
}

/** The states of §3.02; a part that stays is said in words, because the protocol has no state for it. */
function statusOf(standing: Standing, contact: string): Said {
  switch (standing.kind) {
    case 'received':
      return { status: 'open' };
    case 'in-progress':
      return standing.isIdentityAwaited
        ? {
            status: 'in_progress',
            reason: 'need_user_verification',
            said: `the person is asked to write to ${contact}`,
          }
        : { status: 'in_progress' };
    case 'ordered':
      return { status: 'in_progress', said: 'done here, ordered of the systems upstream' };
    case 'nothing-held':
      return standing.isKnown
        ? { status: 'fulfilled', said: 'nothing is held' }
        : { status: 'denied', reason: 'no_match', said: 'nothing is held under what was given' };
    case 'done':
      return standing.isPart
        ? {
            status: 'fulfilled',
            said: `done in part; what stays: ${standing.remains.map(remainWords).join('; ')}`,
          }
        : { status: 'fulfilled' };
    case 'denied':
      return { status: 'denied', reason: DENIALS[standing.reason] ?? 'other', said: words(standing.reason) };
    case 'withdrawn':
      return { status: 'revoked' };
    case 'expired':
      return { status: 'expired' };
  }
}

/** Reason codes of a refusal → reasons of §3.02. */
const DENIALS: Readonly<Partial<Record<string, string>>> = {
  'identity-not-verified': 'insuf_verification',
  'no-authority': 'insuf_verification',
  'no-match': 'no_match',
  'suspected-fraud': 'suspected_fraud',
  'too-many-requests': 'too_many_requests',
  excessive: 'too_many_requests',
  'outside-regime': 'outside_jurisdiction',
  exempt: 'claim_not_covered',
  'legal-obligation': 'claim_not_covered',
  'legal-claims': 'claim_not_covered',
  'third-party-rights': 'claim_not_covered',
};

function words(code: string): string {
  return code.replaceAll('-', ' ');
}
