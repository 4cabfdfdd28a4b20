import type { Ledger } from '../store/ledger.ts';
import type { Reader } from '../store/store.ts';

/** What became of the erased bytes. */
export type BytesState = 'scrubbed' | 'pending';

/** Scrubs at once while the ledger is small (policy); a larger one is left to the next purge. */
export async function scrubIfSmall(ledger: Ledger): Promise<BytesState> {
  const { fileBytes } = await ledger.store.read((tx) => tx.info());
  return fileBytes < ledger.policy.limits.scrubAtOnceBelow ? scrubLedger(ledger) : 'pending';
}

/**
 * Rewrites the ledger under a new key so that no erased byte is left in it, then notes that in what
 * waited for it. Another open connection leaves the bytes pending. Safe to kill and to run again.
 */
export async function scrubLedger(ledger: Ledger): Promise<BytesState> {
  const { bytesPending } = await ledger.store.read((tx) => tx.info());
  if (bytesPending && (await ledger.store.scrub()) === 'bytes-pending') return 'pending';
  await noteScrubbed(ledger);
  return 'scrubbed';
}

async function noteScrubbed(ledger: Ledger): Promise<void> {
  if (!(await ledger.store.read(isAnythingWaiting))) return;
  await ledger.store.act({ act: 'bytes.scrubbed', at: ledger.now, actor: ledger.actor }, async (tx) => {
    const { bytesPending, epoch } = await tx.info();
    // Somebody erased more since the scrub: all of it waits for the next one.
    const { requests, purges } = bytesPending ? { requests: [], purges: [] } : await waiting(tx);
    for (const request of requests) {
      if (request.outcome !== undefined)
        await tx.put('request', { ...request, outcome: { ...request.outcome, bytes: 'scrubbed' } });
    }
    for (const purge of purges) await tx.put('purge', { ...purge, bytes: 'scrubbed' });
    tx.facts({ epoch, requests: requests.map(({ id }) => id), purges: purges.map(({ id }) => id) });
  });
}

async function waiting(tx: Reader) {
  return {
    requests: (await tx.entries('request')).filter((request) => request.outcome?.bytes === 'pending'),
    purges: (await tx.entries('purge')).filter((purge) => purge.bytes === 'pending'),
  };
}

async function isAnythingWaiting(tx: Reader): Promise<boolean> {
  const { requests, purges } = await waiting(tx);
  return requests.length + purges.length > 0 && !(await tx.info()).bytesPending;
}
