import type { Ledger } from '../store/ledger.ts';

/** Puts on record that values of a request are shown, and why; without a reason nothing is shown. */
export async function recordReveal(
  ledger: Ledger,
  request: number,
  reason: string | undefined,
): Promise<void> {
  if (reason === undefined) return;
  const entry = { act: 'request.revealed', at: ledger.now, actor: ledger.actor, reason, request };
  await ledger.store.act(entry, async () => undefined);
}
