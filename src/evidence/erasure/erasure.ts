import type { Ledger } from '../../store/ledger.ts';
import type { ByteProof } from '../../store/registers.ts';
import { type PackageRemoval, removePackages } from './packages.ts';
import { proveWaiting } from './proof.ts';
import { type ScrubDelay, scrubIfSmall, scrubLedger } from './scrub.ts';

/** How far what follows an erasure came. */
export interface ErasureEnd {
  readonly packages: readonly PackageRemoval[];
  /** What keeps the bytes waiting; undefined once they are scrubbed. */
  readonly delay: ScrubDelay | undefined;
  /** One for each request that waited for it. */
  readonly proofs: readonly ByteProof[];
}

/**
 * All that follows an erasure, for every request that waits for it: packages go from the disk, the ledger is
 * scrubbed, the erased bytes are looked for. Each step notes what it has done: killed anywhere, the next
 * call goes on.
 */
export async function finishErasures(ledger: Ledger, when: 'always' | 'if-small'): Promise<ErasureEnd> {
  const packages = await removePackages(ledger);
  const delay = when === 'always' ? await scrubLedger(ledger) : await scrubIfSmall(ledger);
  const proofs = delay === undefined ? await proveWaiting(ledger) : [];
  return { packages, delay, proofs };
}
