import { createHmac } from 'node:crypto';
import type { Seal } from '../plan/digest.ts';
import type { Ledger } from '../store/ledger.ts';

/** Keyed digests of personal values in plans, under the ledger's own key. */
export function sealOf(ledger: Pick<Ledger, 'keys'>): Seal {
  return (text) => createHmac('sha256', ledger.keys.subject).update('plan\0').update(text).digest('hex');
}
