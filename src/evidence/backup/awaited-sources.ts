import { ExitCode, UserError } from '../../base/errors.ts';
import type { Policy } from '../../policy/types.ts';
import type { Reader } from '../../store/store.ts';

/**
 * The sources that have to be imported afresh before anybody is answered: after a restore without a journal
 * nobody knows who was erased and what was corrected since the backup, but the exports show it. Empty
 * where nothing is awaited.
 */
export async function awaitedSources(
  tx: Pick<Reader, 'entries' | 'imports'>,
  { sources }: Pick<Policy, 'sources'>,
): Promise<readonly string[]> {
  const [restore] = (await tx.entries('restore', { state: 'recovered-without-journal' })).slice(-1);
  if (restore === undefined) return [];
  const fresh = (await tx.imports()).filter(({ takenAt }) => takenAt >= restore.at);
  return Object.keys(sources).filter((name) => !fresh.some(({ source }) => source === name));
}

/** Refuses to plan or carry out anything for a person while sources are awaited. */
export async function requireFreshSources(
  tx: Pick<Reader, 'entries' | 'imports'>,
  policy: Pick<Policy, 'sources'>,
): Promise<void> {
  const awaited = await awaitedSources(tx, policy);
  if (awaited.length === 0) return;
  throw new UserError(
    'restored-without-journal',
    `what was done since the backup is lost: ${awaited.length} of the sources have not been exported and loaded since`,
    {
      exit: ExitCode.refused,
      hint: `load an export that was taken after the restore, of: ${awaited.join(', ')}`,
      details: { awaited },
    },
  );
}
