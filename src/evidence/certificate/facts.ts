import type { Request } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';

/** What the registers say of a deletion beside its request. */
export async function deletionFacts(tx: Reader, { id, subject }: Pick<Request, 'id' | 'subject'>) {
  const suppressions = subject === undefined ? [] : await tx.suppressionsOf(subject);
  return {
    proof: (await tx.entries('proof', { request: id })).at(-1),
    setAside: subject === undefined ? [] : await tx.entries('set-aside', { subject }),
    suppressions: suppressions.filter(({ request }) => request === id),
    hasFingerprints: (await tx.fingerprints([id])).length > 0,
    backups: await tx.entries('backup'),
  };
}
