import { suppressionHex } from '../people/digests.ts';
import type { LedgerKeys } from '../store/ledger.ts';

/**
 * The id under which an agent asks for the status of a request: a UUID that begins with its number; all else is
 * a keyed digest, so that none can be guessed (Data Rights Protocol 1.0 §3.03).
 */
export function drpRequestId({ suppression }: Pick<LedgerKeys, 'suppression'>, request: number): string {
  const hex = suppressionHex(suppression, { kind: 'drp-request', value: String(request) });
  const number = request.toString(16).padStart(8, '0');
  const variant = '89ab'[Number.parseInt(hex.charAt(7), 16) % 4] ?? '8';
  return [number, hex.slice(0, 4), `4${hex.slice(4, 7)}`, variant + hex.slice(8, 11), hex.slice(11, 23)].join(
    '-',
  );
}

/** The number of the request that such an id stands for; undefined where this ledger gave no such id. */
export function requestOfDrpId(keys: Pick<LedgerKeys, 'suppression'>, text: string): number | undefined {
  const number = Number.parseInt(/^([0-9a-f]{8})-/.exec(text)?.[1] ?? '', 16);
  return Number.isInteger(number) && drpRequestId(keys, number) === text ? number : undefined;
}
