import type { Request } from '../store/registers.ts';
import type { StatusFrame } from './drp-status.ts';
import { endOfDay, remainWords, type Standing, standingOf } from './standing.ts';

type OpendsrFrame = StatusFrame & { readonly controllerId: string };

/**
 * The response to a request that was taken in (OpenDSR 2.0 §7.3). Whoever sends it adds `encoded_request`, the
 * body as it came in, which is stored nowhere, and signs it.
 */
export function opendsrReceipt({ request, ...frame }: OpendsrFrame) {
  return { ...shared({ request, ...frame }), received_time: request.openedAt };
}

/** The status object (§8.3). What it has no word for, a refusal or a part that stays, stands under `extensions`. */
export function opendsrStatus(frame: OpendsrFrame) {
  const { request } = frame;
  const standing = standingOf(request);
  const extension = extensionOf(standing);
  return {
    ...shared(frame),
    request_status: statusOf(standing),
    api_version: frame.details.apiVersion,
    results_count: countOf(request, standing),
    extensions: extension === undefined ? undefined : { dsr: extension },
  };
}

function shared({ request, details, zone, controllerId }: OpendsrFrame) {
  return {
    controller_id: controllerId,
    expected_completion_time: request.dueOn === undefined ? undefined : endOfDay(request.dueOn, zone),
    subject_request_id: details.ownId,
  };
}

/** A refusal is no completion; `cancelled` comes nearest, and `extensions` says what it was. */
function statusOf({ kind }: Standing): 'pending' | 'in_progress' | 'completed' | 'cancelled' {
  if (kind === 'received') return 'pending';
  if (kind === 'in-progress' || kind === 'ordered') return 'in_progress';
  return kind === 'done' || kind === 'nothing-held' ? 'completed' : 'cancelled';
}

function countOf({ outcome }: Request, { kind }: Standing): number | undefined {
  if (kind === 'nothing-held') return 0;
  if (kind !== 'done') return undefined;
  return outcome?.applied.reduce((sum, { count }) => sum + count, 0);
}

function extensionOf(standing: Standing): Readonly<Record<string, unknown>> | undefined {
  if (standing.kind === 'denied') return { outcome: 'denied', reason: standing.reason };
  if (standing.kind === 'expired' || standing.kind === 'nothing-held') return { outcome: standing.kind };
  if (standing.kind !== 'done' || !standing.isPart) return undefined;
  return { outcome: 'in-part', remains: standing.remains.map(remainWords) };
}
