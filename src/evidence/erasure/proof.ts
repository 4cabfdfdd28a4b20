import { existsSync } from 'node:fs';
import { refused } from '../../base/errors.ts';
import { listSuppressions } from '../../duties/suppression-list.ts';
import { requireRequest } from '../../requests/find.ts';
import { contextOf } from '../../requests/plan.ts';
import { settleRequest } from '../../requests/settle.ts';
import { viewSubject } from '../../requests/subject.ts';
import { deletionGroups } from '../../rights/delete.ts';
import { readKeyFile } from '../../store/key-files.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { ByteProof, BytesState, Request, StoredPlan } from '../../store/registers.ts';
import type { Fingerprints, Reader, SealedCopy, Writer } from '../../store/store.ts';
import type { Remaining } from '../prove/classify.ts';
import type { PackageJob, ProveJob, ProveReport, RequestJob, RequestReport } from '../prove/job.ts';
import { runProver } from '../prove/start.ts';
import { partialPackages } from './package-files.ts';

/** A search that was made, with the places that only whoever asked for it is shown. */
export interface Proved {
  readonly proofs: readonly ByteProof[];
  readonly report: ProveReport;
}

/** Bytes of fingerprints for which one search has memory; those of a single request are never split. */
const AT_ONCE = 1 << 19;

/** Looks for the erased bytes of every request that was scrubbed and is not proven, of many in one pass. */
export async function proveWaiting(ledger: Ledger): Promise<readonly ByteProof[]> {
  const waiting = await ledger.store.read(async (tx) =>
    (await tx.entries('request')).filter(({ outcome }) => isWaiting(outcome?.bytes)),
  );
  const ids = waiting.map(({ id }) => id);
  const proofs: ByteProof[] = [];
  for await (const some of inBatches(ledger, ids)) proofs.push(...(await prove(ledger, some, [])).proofs);
  return proofs;
}

async function* inBatches(ledger: Ledger, ids: readonly number[]): AsyncGenerator<readonly Fingerprints[]> {
  let batch: Fingerprints[] = [];
  let bytes = 0;
  for (const id of ids) {
    for (const one of await ledger.store.read((tx) => tx.fingerprints([id]))) {
      if (batch.length > 0 && bytes + one.packed.length > AT_ONCE) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(one);
      bytes += one.packed.length;
    }
  }
  if (batch.length > 0) yield batch;
}

function isWaiting(bytes: BytesState | undefined): boolean {
  return bytes === 'scrubbed' || bytes === 'residue';
}

/** Looks for the erased bytes of one request again, and in the paths that are named too. */
export async function proveRequest(ledger: Ledger, id: number, paths: readonly string[]): Promise<Proved> {
  const fingerprints = await ledger.store.read(async (tx) => {
    const request = await requireRequest(tx, id);
    const found = await tx.fingerprints([id]);
    if (found.length === 0) throw nothingToLookFor(request);
    return found;
  });
  return prove(ledger, fingerprints, paths);
}

function nothingToLookFor({ outcome }: Request) {
  const hasErased = outcome !== undefined && outcome.bytes !== 'not-needed';
  return hasErased
    ? refused(
        'fingerprints-gone',
        'nobody can look again: by what the erased bytes are found is no longer kept',
        'its certificate says what was seen while it was',
      )
    : refused('nothing-erased', 'this request has erased nothing: there is nothing to look for');
}

async function prove(
  ledger: Ledger,
  fingerprints: readonly Fingerprints[],
  paths: readonly string[],
): Promise<Proved> {
  await ledger.store.checkpoint();
  const { job, epoch } = await ledger.store.read(async (tx) => ({
    job: { ...(await jobOf(tx, ledger, fingerprints, paths)), ...filesOf(ledger) },
    epoch: (await tx.info()).epoch,
  }));
  // While this process has the ledger open no scrub can put another file in its place.
  const report = await searchedAtRest(job);
  const proofs: ByteProof[] = [];
  for (const found of report.requests) proofs.push(await record(ledger, found, report, epoch));
  return { proofs, report };
}

/** What a search of another copy found. */
export interface CopySearched {
  /** How many places hold residue. */
  readonly residue: number;
  /** Codes of what could not be searched. */
  readonly notSearched: readonly string[];
}

/** Looks for the bytes of every request in another copy of the ledger. */
export async function searchCopy(ledger: Ledger, { path, key }: SealedCopy): Promise<CopySearched> {
  const requests = await ledger.store.read((tx) => tx.entries('request'));
  let residue = 0;
  const notSearched = new Set<string>();
  for await (const some of inBatches(
    ledger,
    requests.map(({ id }) => id),
  )) {
    const job = await ledger.store.read((tx) => jobOf(tx, ledger, some, []));
    const report = await runProver({ ...job, ledger: path, ledgerKeys: [key], packages: [] });
    for (const { found } of report.requests) residue += found.residue;
    for (const { code } of report.notSearched) notSearched.add(code);
  }
  return { residue, notSearched: [...notSearched] };
}

/** Where somebody wrote meanwhile it looks once more. */
async function searchedAtRest(job: ProveJob): Promise<ProveReport> {
  const report = await runProver(job);
  return report.notSearched.some(({ code }) => code === 'changed-meanwhile') ? runProver(job) : report;
}

function filesOf({ path }: Ledger): Pick<ProveJob, 'ledger' | 'ledgerKeys'> {
  const { current, next } = readKeyFile(`${path}.key`);
  return { ledger: path, ledgerKeys: next === undefined ? [current] : [current, next] };
}

async function jobOf(
  tx: Reader,
  ledger: Ledger,
  fingerprints: readonly Fingerprints[],
  paths: readonly string[],
): Promise<Omit<ProveJob, 'ledger' | 'ledgerKeys'>> {
  const staying = {
    admitted: await admittedTags(tx),
    plans: Map.groupBy(await tx.entries('plan', { state: 'applied' }), ({ request }) => request),
  };
  const requests: RequestJob[] = [];
  for (const one of fingerprints) requests.push(await requestJob(tx, ledger, one, staying));
  return {
    fingerprintKey: Buffer.from(ledger.keys.fingerprint).toString('base64'),
    reachKey: Buffer.from(ledger.keys.hasher.key).toString('base64'),
    policy: ledger.policy,
    requests,
    packages: await packagesOnDisk(tx),
    backups: (await tx.entries('backup')).map(({ file }) => file),
    named: paths,
  };
}

/** What of people may be there, read once for all requests. */
interface Staying {
  readonly admitted: ReadonlySet<number>;
  /** Plans that were carried out, by their request. */
  readonly plans: ReadonlyMap<number | undefined, readonly StoredPlan[]>;
}

/** What stays of the person, as the plan decided and as the ledger stands now. */
async function requestJob(
  tx: Reader,
  ledger: Ledger,
  { request, subject, packed, tags }: Fingerprints,
  { admitted, plans }: Staying,
): Promise<RequestJob> {
  const view = await viewSubject(tx, ledger, subject);
  const { items } = deletionGroups(view, [], await contextOf(tx, ledger, ledger.now));
  const staying = items.flatMap((item) => {
    const why = remainingOf(item.action);
    return why === undefined ? [] : [{ ...item, why }];
  });
  return {
    request,
    packed: Buffer.from(packed).toString('base64'),
    subjects: view.subjects,
    tags: tags.filter((tag) => !admitted.has(tag)),
    records: [
      ...leftBy(plans.get(request) ?? []),
      ...staying.flatMap(({ records, why }) => records.map(({ id }) => [id, why] as const)),
    ],
    lines: staying.flatMap(({ source, events, why }) => (events > 0 ? [[source, why] as const] : [])),
  };
}

function remainingOf(action: string): Remaining | undefined {
  if (action === 'hold') return 'held';
  return action === 'keep' ? 'left-to-another' : undefined;
}

/** Rows that the policy left to another party when the request was carried out. */
function leftBy(plans: readonly StoredPlan[]): readonly (readonly [number, Remaining])[] {
  return plans
    .flatMap(({ plan }) => plan.items)
    .filter(({ action }) => action === 'keep')
    .flatMap(({ records }) => records.map(({ id }) => [id, 'left-to-another'] as const));
}

/** Tags under which somebody new was let in: what holds them now may be theirs. */
async function admittedTags(tx: Reader): Promise<ReadonlySet<number>> {
  const admitted = (await listSuppressions(tx)).filter((entry) => entry.admitted !== undefined);
  return new Set(admitted.map(({ tag }) => tag));
}

/** Packages that dsr knows of, and what was left of some that were never ended. */
async function packagesOnDisk(tx: Reader): Promise<readonly PackageJob[]> {
  const packages = await tx.entries('package');
  return packages.flatMap(({ folder, subject }) =>
    [folder, ...partialPackages(folder)]
      .filter((path) => existsSync(path))
      .map((path) => ({ folder: path, subject })),
  );
}

async function record(
  ledger: Ledger,
  found: RequestReport,
  report: ProveReport,
  epoch: number,
): Promise<ByteProof> {
  const proof = proofOf(ledger, found, report, epoch);
  const { state, fingerprints, hits, searched, places, notSearched, request } = proof;
  const facts = {
    epoch,
    fingerprints,
    found: { ...hits },
    searched: { ...searched },
    places: places.map((place) => ({ ...place })),
    not_searched: notSearched.map((one) => ({ ...one })),
  };
  const act = { act: ACTS[state], at: ledger.now, actor: ledger.actor, request };
  return ledger.store.act(act, async (tx) => {
    const kept = await tx.add('proof', proof);
    tx.facts({ proof: kept.id, ...facts });
    await moveBytes(tx, kept);
    if (found.dead > 0) await tx.setBytesPending(true);
    await settleRequest(tx, ledger, request);
    return kept;
  });
}

type Verdict = 'clean' | 'residue' | 'incomplete';

const ACTS: Readonly<Record<Verdict, string>> = {
  clean: 'bytes.proven',
  residue: 'bytes.residue',
  incomplete: 'bytes.unproven',
};

function proofOf(ledger: Ledger, found: RequestReport, report: ProveReport, epoch: number) {
  const notSearched = report.notSearched
    .filter(({ named }) => !named)
    .map(({ code, count }) => ({ code, count }));
  const state: Verdict =
    found.found.residue > 0 ? 'residue' : notSearched.length > 0 ? 'incomplete' : 'clean';
  return {
    state,
    subject: undefined,
    request: found.request,
    at: ledger.now,
    epoch,
    fingerprints: found.coverage.searched + found.coverage.fieldsOnly,
    searched: report.searched,
    hits: found.found,
    places: found.places,
    notSearched,
  };
}

/** Only what was seen moves a request: bytes that were never scrubbed are not proven by luck. */
async function moveBytes(tx: Writer, { request: id, state }: ByteProof): Promise<void> {
  const request = await requireRequest(tx, id);
  const { outcome } = request;
  if (outcome === undefined || outcome.bytes === 'pending' || state === 'incomplete') return;
  const bytes = state === 'clean' ? ('proven' as const) : ('residue' as const);
  await tx.put('request', { ...request, outcome: { ...outcome, bytes } });
}
