import type { Ledger } from '../../store/ledger.ts';
import type { Reader } from '../../store/store.ts';

/** Why erased bytes still wait for a scrub: `large` leaves it to the next purge. */
export type ScrubDelay = 'in-use' | 'disk-trouble' | 'large';

/** Scrubs at once while the ledger is small (policy); a larger one is left to the next purge. */
export async function scrubIfSmall(ledger: Ledger): Promise<ScrubDelay | undefined> {
  const { fileBytes } = await ledger.store.read((tx) => tx.info());
  return fileBytes < ledger.policy.limits.scrubAtOnceBelow ? scrubLedger(ledger) : 'large';
}

/**
 * Rewrites the ledger under a new key so that no erased byte is left in it, then notes that in what
 * waited for it. Says what keeps the bytes waiting. Safe to kill and to run again.
 */
export async function scrubLedger(ledger: Ledger): Promise<ScrubDelay | undefined> {
  const { bytesPending } = await ledger.store.read((tx) => tx.info());
  if (bytesPending) {
    const result = await ledger.store.scrub();
    if (result !== 'scrubbed') return result;
  }
  await noteScrubbed(ledger);
  return undefined;
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
