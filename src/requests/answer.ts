import { UserError } from '../base/errors.ts';
import { requestName, subjectName } from '../base/ids.ts';
import { issueCheckpoint } from '../evidence/audit/checkpoint.ts';
import { removePackageFiles } from '../evidence/erasure/package-files.ts';
import type { Plan } from '../plan/plan.ts';
import { type Artifact, requireFreeFolder, writePackage } from '../reports/package-writer.ts';
import type { Ledger } from '../store/ledger.ts';
import type { PackageEntry, Request, RequestOutcome, SearchedSource } from '../store/registers.ts';
import { type AnswerFiles, answerFiles } from './answer-files.ts';
import { extentOf, refusalIn } from './extent.ts';
import { requireRequest } from './find.ts';
import { moved, ROUTINE } from './moves.ts';
import { findOpenPlan } from './plan.ts';
import { type BesideOthers, planAgain } from './plan-again.ts';
import { nothingHeldOf } from './searched.ts';

interface Gathered extends AnswerFiles {
  readonly request: Request;
  readonly entry: PackageEntry;
  readonly about: Readonly<Record<string, unknown>>;
  readonly nothingHeld: readonly SearchedSource[] | undefined;
  readonly unverified: readonly string[] | undefined;
}

/**
 * Answers an access request with a package: JSON, one CSV per source, a manifest of SHA-256 digests
 * (GDPR Art. 15(3)). The ledger knows of the package before the first byte is on the disk.
 */
export async function answerRequest(
  ledger: Ledger,
  id: number,
  digest: string,
  folder: string,
  beside: BesideOthers = {},
): Promise<Request> {
  requireFreeFolder(folder);
  const gathered = await gather(ledger, id, digest, folder, beside);
  let artifacts: readonly Artifact[];
  try {
    artifacts = writePackage(folder, gathered.files, gathered.about);
  } catch (cause) {
    await noteFailed(ledger, gathered.entry);
    throw cause;
  }
  try {
    return await closeAnswered(ledger, gathered, artifacts);
  } catch (cause) {
    // Nobody would know of the package.
    removePackageFiles({ folder, manifest: artifacts.at(-1)?.sha256, files: [] });
    await noteFailed(ledger, gathered.entry);
    throw cause;
  }
}

async function gather(
  ledger: Ledger,
  id: number,
  digest: string,
  folder: string,
  beside: BesideOthers,
): Promise<Gathered> {
  const act = {
    act: 'package.started',
    at: ledger.now,
    actor: ledger.actor,
    request: id,
    facts: { plan: digest, batch: beside.batch?.id },
  };
  return ledger.store.act(act, async (tx) => {
    const { request, plan, view } = await planAgain(tx, ledger, id, digest, beside);
    const nothingHeld = await nothingHeldOf(tx, ledger, view);
    const given = await answerFiles(tx, ledger, { request, plan, view, nothingHeld });
    const entry = await tx.add('package', {
      state: 'writing',
      subject: request.subject,
      request: id,
      folder,
      manifest: undefined,
      startedAt: ledger.now,
    });
    const checkpoint = await issueCheckpoint(tx, ledger, 'package');
    const about = { ...aboutPackage(ledger, request, plan), checkpoint };
    return { ...given, request, entry, about, nothingHeld, unverified: view.unverified };
  });
}

function aboutPackage(ledger: Ledger, request: Request, plan: Plan): Readonly<Record<string, unknown>> {
  return {
    request: requestName(request.id),
    subject: request.subject === undefined ? null : subjectName(request.subject),
    controller: ledger.policy.controller.name,
    written_at: ledger.now,
    data_as_of: plan.instant,
    policy_version: plan.policyVersion,
    plan: plan.digest,
    ...(ledger.rehearsal ? { rehearsal: true } : {}),
  };
}

async function closeAnswered(
  ledger: Ledger,
  gathered: Gathered,
  artifacts: readonly Artifact[],
): Promise<Request> {
  const { entry, about } = gathered;
  const { id, approval } = gathered.request;
  const manifest = artifacts.at(-1)?.sha256;
  const act = {
    act: 'request.answered',
    at: ledger.now,
    actor: ledger.actor,
    reason: ledger.reason ?? ROUTINE,
    request: id,
    facts: { manifest },
  };
  return ledger.store.act(act, async (tx) => {
    const request = await requireRequest(tx, id);
    if (request.plan !== about.plan)
      throw new UserError('plan-changed', 'the request was planned again while its package was written');
    if ((await tx.entry('package', entry.id))?.state !== 'writing')
      throw new UserError('plan-changed', 'the person was erased while their package was written');
    const stored = await findOpenPlan(tx, id, request.plan);
    if (stored !== undefined) await tx.put('plan', { ...stored, state: 'applied' });
    const outcome = outcomeOf(ledger, gathered, stored?.plan, artifacts);
    const next = { ...moved(request, 'close', ledger, ledger.reason), approval, outcome };
    const extent = extentOf(outcome);
    tx.facts({ extent, refusal: extent === 'none' ? refusalIn(outcome) : undefined });
    await tx.put('request', next);
    await tx.put('package', { ...entry, state: 'written', manifest });
    return next;
  });
}

function outcomeOf(
  { now: at }: Ledger,
  { withheld, unverified, nothingHeld }: Gathered,
  plan: Plan | undefined,
  artifacts: readonly Artifact[],
): RequestOutcome {
  const given = plan?.items.map(({ source, category, action, records, events, basis, until }) => ({
    source,
    category,
    action,
    count: records.length + events,
    basis,
    until,
  }));
  return {
    at,
    applied: given ?? [],
    remains: [],
    artifacts: artifacts.map(({ path, sha256 }) => ({ path, sha256 })),
    orders: 0,
    bytes: 'not-needed',
    ...(withheld.length > 0 ? { withheld } : {}),
    unverified,
    nothingHeld,
  };
}

async function noteFailed(ledger: Ledger, entry: PackageEntry): Promise<void> {
  const act = { act: 'package.failed', at: ledger.now, actor: ledger.actor, request: entry.request };
  await ledger.store.act(act, (tx) => tx.put('package', { ...entry, state: 'failed' }));
}
