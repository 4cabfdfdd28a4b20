import { drpStatus, type StatusFrame } from '../intake/drp-status.ts';
import { statusFrame } from '../intake/find-foreign.ts';
import { opendsrReceipt, opendsrStatus } from '../intake/opendsr-status.ts';
import { drpRequestId } from '../intake/request-id.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';

/** A status object as a protocol has it, and where its sender wants to hear of it. */
export interface ForeignStatus {
  readonly status: Readonly<Record<string, unknown>>;
  readonly callbacks: readonly string[];
}

/** The status object of a request; `isNew` makes it the response to a request that has just come in. */
export async function foreignStatus(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  as: { readonly protocol: 'opendsr' | 'drp'; readonly agent: string | undefined; readonly isNew: boolean },
): Promise<ForeignStatus> {
  const frame = await statusFrame(tx, ledger, request, as);
  const status =
    as.protocol === 'drp'
      ? drpStatus(drpRequestId(ledger.keys, request.id), frame)
      : opendsrOf(ledger, frame, as.isNew);
  return { status, callbacks: frame.details.callbacks ?? [] };
}

function opendsrOf({ policy }: Ledger, frame: StatusFrame, isNew: boolean) {
  const controllerId = policy.protocols.opendsr?.controllerId ?? policy.controller.name;
  return isNew ? opendsrReceipt({ ...frame, controllerId }) : opendsrStatus({ ...frame, controllerId });
}
