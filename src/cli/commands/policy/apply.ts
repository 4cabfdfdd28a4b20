import { ExitCode, refused } from '../../../base/errors.ts';
import { reindexRecords } from '../../../ingest/reindex.ts';
import { diffPolicies } from '../../../policy/diff.ts';
import { policyDigest } from '../../../policy/digest.ts';
import type { Policy } from '../../../policy/types.ts';
import { deadlinesOf } from '../../../requests/clock/clock.ts';
import { recountRequests } from '../../../requests/clock/recount.ts';
import type { Ledger } from '../../../store/ledger.ts';
import type { SourceFigures, Writer } from '../../../store/store.ts';
import type { CommandContext } from '../../context.ts';
import { type PolicyFile, readPolicyFile } from '../../policy-file.ts';
import { planRemapping } from './remapping.ts';

export interface ApplyInput {
  readonly file: string | undefined;
}

/** What became of an application; `applied` is false where that policy was in force already. */
interface Applied {
  readonly version: number;
  readonly digest: string;
  readonly applied: boolean;
  readonly changes: number;
  /** Requests that wait and have other days under it. */
  readonly recounted: number;
  readonly reindexed: readonly { readonly source: string; readonly rows: number }[];
}

export async function run(context: CommandContext, input: ApplyInput): Promise<ExitCode> {
  const file = await readPolicyFile(context, input.file);
  const ledger = await context.openLedger('write');
  const outcome = await applyPolicy(ledger, file, context.globals.reason);
  context.output.result({ ...outcome }, () => renderApplied(outcome));
  return ExitCode.done;
}

async function applyPolicy(
  ledger: Ledger,
  { policy, ...file }: PolicyFile,
  reason: string | undefined,
): Promise<Applied> {
  const digest = policyDigest(file.text, file.files);
  const inForce = (await ledger.store.read((tx) => tx.policies())).at(-1);
  if (inForce?.digest === digest) {
    return { version: inForce.version, digest, applied: false, changes: 0, recounted: 0, reindexed: [] };
  }
  const version = ledger.policyVersion + 1;
  const deadlines = await deadlinesOf({ policy, policyFiles: file.files, now: ledger.now });
  const facts = { policy_version: version, policy: digest };
  const entry = { act: 'policy.applied', at: ledger.now, actor: ledger.actor, facts };
  return ledger.store.act(reason === undefined ? entry : { ...entry, reason }, async (tx) => {
    await requireStillInForce(tx, ledger.policyVersion);
    const loaded = (await tx.figures()).filter(hasData).map(({ source }) => source);
    const remapped = planRemapping(ledger.policy, policy, loaded);
    await tx.addPolicy({ version, digest, appliedAt: ledger.now, text: file.text, files: file.files });
    const changes = diffPolicies(ledger.policy, policy).length;
    const recounted = await recountRequests(tx, deadlines);
    if (recounted > 0) tx.facts({ recounted });
    return {
      version,
      digest,
      applied: true,
      changes,
      recounted,
      reindexed: await reindexAll(ledger, tx, policy, remapped),
    };
  });
}

async function requireStillInForce(tx: Writer, version: number): Promise<void> {
  if ((await tx.policies()).at(-1)?.version === version) return;
  throw refused(
    'policy-changed',
    'another policy came into force meanwhile',
    'see dsr policy diff, then apply again',
  );
}

function hasData(figures: SourceFigures): boolean {
  return figures.records + figures.restricted + figures.retained + figures.events > 0;
}

async function reindexAll(
  ledger: Ledger,
  tx: Writer,
  policy: Policy,
  sources: readonly string[],
): Promise<Applied['reindexed']> {
  const reindexed: { readonly source: string; readonly rows: number }[] = [];
  for (const source of sources) {
    reindexed.push({ source, rows: await reindexRecords(tx, policy, source, ledger.keys.hasher) });
  }
  return reindexed;
}

function renderApplied({ version, digest, applied, changes, recounted, reindexed }: Applied): string {
  if (!applied) return `policy version ${version} is in force already, nothing changed`;
  return [
    `policy version ${version} is in force, ${digest}`,
    `${changes} ${changes === 1 ? 'change' : 'changes'} against version ${version - 1}`,
    ...(recounted === 0
      ? []
      : [`${recounted} open ${recounted === 1 ? 'request has' : 'requests have'} other days now`]),
    ...reindexed.map(({ source, rows }) => `${source}: ${rows} ${rows === 1 ? 'row' : 'rows'} indexed again`),
  ].join('\n');
}
