import { notFound, refused, usage } from '../base/errors.ts';
import { requestName } from '../base/ids.ts';
import { requireRequest } from '../requests/find.ts';
import { foreignDetailsOf, foreignMark } from '../requests/opening/foreign.ts';
import type { Ledger } from '../store/ledger.ts';
import type { ForeignOrigin, Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import type { StatusFrame } from './drp-status.ts';
import { requestOfDrpId } from './request-id.ts';

const PREFIXES: readonly ForeignOrigin['protocol'][] = ['opendsr', 'drp', 'form'];

/**
 * The request of a foreign id: `opendsr:` and its subject_request_id, `form:` and the form's own, `drp:` and the
 * request_id that the agent was given. One that is not there is exit 5.
 */
export async function requireForeign(tx: Reader, { keys }: Ledger, words: string): Promise<Request> {
  const colon = words.indexOf(':');
  const protocol = PREFIXES.find((name) => name === words.slice(0, Math.max(colon, 0)));
  if (protocol === undefined)
    throw usage('--foreign is no foreign id', 'write opendsr:ID, drp:ID or form:ID');
  const id = words.slice(colon + 1);
  if (protocol === 'drp') {
    const number = requestOfDrpId(keys, id);
    if (number !== undefined) return requireRequest(tx, number);
  } else {
    const [request] = await tx.entries('request', {
      mark: foreignMark(keys, { protocol, sender: undefined, id }),
    });
    if (request !== undefined) return request;
  }
  throw notFound('no-such-request', 'there is no request with this foreign id');
}

/** What a status object says of a request, which has to be of the protocol and, where a bearer is named, of that agent. */
export async function statusFrame(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  { protocol, agent }: { readonly protocol: string; readonly agent: string | undefined },
): Promise<StatusFrame> {
  if (request.foreign?.protocol !== protocol)
    throw refused('other-protocol', `${requestName(request.id)} did not come in by ${protocol}`);
  if (agent !== undefined && request.foreign.sender !== agent)
    throw refused('other-agent', 'another agent manages this request (Data Rights Protocol §2.02.1)');
  const { zone, contact } = ledger.policy.controller;
  return {
    request: await repeated(tx, request),
    details: foreignDetailsOf(ledger.keys, request),
    zone,
    contact,
  };
}

/** The request that one repeats, whose clock and answer count for both. */
async function repeated(tx: Reader, request: Request): Promise<Request> {
  const { duplicateOf } = request;
  return duplicateOf === undefined ? request : repeated(tx, await requireRequest(tx, duplicateOf));
}
