import { relative } from 'node:path';
import { epochOf } from '../../base/time.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { PackageEntry } from '../../store/registers.ts';
import type { Reader } from '../../store/store.ts';
import {
  type KnownPackage,
  partialPackages,
  removePackageFiles,
  removePartialPackage,
} from './package-files.ts';

/** A package after its removal was tried. */
export interface PackageRemoval {
  readonly folder: string;
  readonly removed: boolean;
  /** Things in its folder that dsr did not write, and left. */
  readonly foreign: number;
}

/** A package that has been under way for longer has lost its process. */
const LONGEST_WRITING = 86_400;

interface Due {
  readonly entry: PackageEntry;
  readonly known: KnownPackage;
  /** All other entries: what lies in a folder of theirs is theirs. */
  readonly others: readonly PackageEntry[];
}

/**
 * Removes the packages of erased people from the disk, and what is left of packages whose process died. Safe
 * to kill and to run again: an entry is `removed` only once its files are gone.
 */
export async function removePackages(ledger: Ledger): Promise<readonly PackageRemoval[]> {
  const due = await ledger.store.read((tx) => duePackages(tx, ledger));
  if (due.length === 0) return [];
  const tried = due.map((one) => ({ ...one, result: remove(one) }));
  const gone = tried.filter(({ result }) => result.removed);
  if (gone.length > 0) {
    const facts = { packages: gone.map(({ entry }) => entry.id) };
    const act = { act: 'package.removed', at: ledger.now, actor: ledger.actor, facts };
    await ledger.store.act(act, async (tx) => {
      for (const { entry } of gone)
        await tx.put('package', { ...entry, state: entry.state === 'removing' ? 'removed' : 'failed' });
    });
  }
  return tried.map(({ result }) => result);
}

async function duePackages(tx: Reader, ledger: Ledger): Promise<readonly Due[]> {
  const packages = await tx.entries('package');
  const due = packages.filter((entry) => isDue(entry, ledger));
  return Promise.all(
    due.map(async (entry) => ({
      entry,
      known: await knownPackage(tx, entry),
      others: packages.filter(({ id }) => id !== entry.id),
    })),
  );
}

function isDue({ state, startedAt }: PackageEntry, { now }: Ledger): boolean {
  return state === 'removing' || (state === 'writing' && epochOf(now) - epochOf(startedAt) > LONGEST_WRITING);
}

async function knownPackage(
  tx: Reader,
  { folder, manifest, request: id }: PackageEntry,
): Promise<KnownPackage> {
  const request = await tx.entry('request', id);
  const files = (request?.outcome?.artifacts ?? []).map(({ path }) => relative(folder, path));
  return { folder, manifest, files };
}

function remove({ known, others }: Due): PackageRemoval {
  const { folder } = known;
  const isTaken = (path: string, states: readonly string[]) =>
    others.some((entry) => entry.folder === path && states.includes(entry.state));
  try {
    const foreign = isTaken(folder, ['writing', 'written']) ? 0 : removePackageFiles(known);
    if (!isTaken(folder, ['writing']))
      for (const partial of partialPackages(folder))
        if (!isTaken(partial, ['writing', 'written'])) removePartialPackage(partial);
    return { folder, removed: true, foreign };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // The disk does not let it go: the next purge tries again.
    return { folder, removed: false, foreign: 0 };
  }
}
