import type { EntryProofs } from '../../../evidence/audit/entry-proofs.ts';
import { writeProofs } from '../../../evidence/audit/export.ts';
import { type Artifact, requireFreeFolder } from '../../../reports/package-writer.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { CommandContext } from '../../context.ts';

/** The folder that `--out` names, absolute; refuses one that is there. */
export function outputFolder(context: CommandContext, out: string | undefined): string | undefined {
  if (out === undefined) return undefined;
  const folder = context.path(out);
  requireFreeFolder(folder);
  return folder;
}

/** Prints proven entries, or writes them into a folder and prints what was written. */
export function showProofs(
  context: CommandContext,
  ledger: Ledger,
  proofs: EntryProofs,
  folder: string | undefined,
): void {
  const artifacts = folder === undefined ? undefined : writeProofs(ledger, proofs, folder);
  const { checkpoint, entries } = proofs;
  const members = {
    size: checkpoint.size,
    root: checkpoint.root,
    checkpoint,
    entries,
    ...(artifacts === undefined ? {} : { artifacts: artifactMembers(artifacts) }),
  };
  context.output.result(members, () =>
    artifacts === undefined
      ? entries.map(({ entry }) => entry).join('\n')
      : renderArtifacts(context, artifacts),
  );
  if (artifacts === undefined) context.output.note('the proofs are in --json, and in the files of --out DIR');
}

/** Written files as documents list them. */
export function artifactMembers(artifacts: readonly Artifact[]) {
  return artifacts.map(({ path, sha256 }) => ({ path, sha256 }));
}

/** Written files as `sha256sum` lists them. */
export function renderArtifacts(context: CommandContext, artifacts: readonly Artifact[]): string {
  return artifacts.map(({ path, sha256 }) => `${sha256}  ${context.shown(path)}`).join('\n');
}
