import { UserError } from '../base/errors.ts';
import { requestName, subjectName } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { issueCheckpoint } from '../evidence/audit/checkpoint.ts';
import { removePackageFiles } from '../evidence/erasure/package-files.ts';
import { renderCsv } from '../formats/csv-out.ts';
import { wantedIn } from '../people/wanted-events.ts';
import type { Plan } from '../plan/plan.ts';
import { requireSource } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import type { Artifact, PackageFile } from '../reports/package-writer.ts';
import { requireFreeFolder, writePackage } from '../reports/package-writer.ts';
import type { GivenRow } from '../rights/access-package.ts';
import { accessInformation, givenRows } from '../rights/access-package.ts';
import type { SubjectView } from '../rights/view.ts';
import { eventsOf } from '../store/events.ts';
import type { Ledger } from '../store/ledger.ts';
import type { PackageEntry, Request } from '../store/registers.ts';
import type { Reader } from '../store/store.ts';
import { moved } from './moves.ts';
import { requireRequest } from './open.ts';
import { plansOf } from './plan.ts';
import { planAgain } from './run.ts';

interface Gathered {
  readonly request: Request;
  readonly entry: PackageEntry;
  readonly files: readonly PackageFile[];
  readonly about: Readonly<Record<string, unknown>>;
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
): Promise<Request> {
  requireFreeFolder(folder);
  const gathered = await gather(ledger, id, digest, folder);
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

async function gather(ledger: Ledger, id: number, digest: string, folder: string): Promise<Gathered> {
  const act = {
    act: 'package.started',
    at: ledger.now,
    actor: ledger.actor,
    request: id,
    facts: { plan: digest },
  };
  return ledger.store.act(act, async (tx) => {
    const { request, plan, view } = await planAgain(tx, ledger, id, digest);
    const files = isDescription(request)
      ? descriptionFiles(view, plan, ledger.policy)
      : await dataFiles(tx, ledger, request, plan, view);
    const entry = await tx.add('package', {
      state: 'writing',
      subject: request.subject,
      request: id,
      folder,
      manifest: undefined,
      startedAt: ledger.now,
    });
    const checkpoint = await issueCheckpoint(tx, ledger, 'package');
    return { request, entry, files, about: { ...aboutPackage(ledger, request, plan), checkpoint } };
  });
}

/** A description names kinds of data and gives none of it (16 CFR 312.6(a)(1), 11 CCR §7024(a)). */
function isDescription(request: Request): boolean {
  return (
    request.parental?.action === 'describe' || (request.type === 'access' && request.level === 'categories')
  );
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

function descriptionFiles(view: SubjectView, plan: Plan, policy: Policy): PackageFile[] {
  const sources = [...new Set(plan.items.map(({ source }) => source))].sort();
  const held = plan.items.map(({ source, category, role, records, events }) => ({
    source,
    category,
    role,
    rows: records.length,
    lines: events,
  }));
  const document = {
    schema_version: 1,
    nothing_held: held.length === 0,
    held,
    notes: view.notes,
    information: accessInformation(policy, sources),
  };
  return [{ path: 'description.json', content: renderJson(document) }];
}

async function dataFiles(
  tx: Reader,
  ledger: Ledger,
  request: Request,
  plan: Plan,
  view: SubjectView,
): Promise<PackageFile[]> {
  const rows = givenRows(view.rows, ledger.policy);
  const tables = Map.groupBy(rows, ({ source }) => source);
  const logs = await linesBySource(tx, ledger, view);
  const sources = [...tables.keys(), ...logs.keys()].sort();
  const document = {
    schema_version: 1,
    request: requestName(request.id),
    nothing_held: sources.length === 0,
    identifiers: view.identifiers.map(({ kind, value }) => ({ kind, value })),
    sources: Object.fromEntries([...tables].map(([source, given]) => [source, given.map(rowMembers)])),
    logs: Object.fromEntries(logs),
    notes: view.notes,
    information: accessInformation(ledger.policy, sources),
    data_as_of: plan.instant,
  };
  const csv = sources.map((source, index) => ({
    path: `csv/${String(index + 1).padStart(4, '0')}-${source}.csv`,
    content: tableCsv(tables.get(source), logs.get(source)),
  }));
  return [{ path: 'data.json', content: renderJson(document) }, ...csv];
}

async function linesBySource(
  tx: Reader,
  ledger: Ledger,
  view: SubjectView,
): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { source: name, lines } of view.lines) {
    const source = requireSource(ledger.policy, name);
    if (source.type !== 'log' || lines === 0) continue;
    const events: { at: number; text: string }[] = [];
    for await (const { at, text } of eventsOf(tx, ledger, source, wantedIn(name, view.wanted)))
      events.push({ at, text });
    events.sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    found.set(
      name,
      events.map(({ text }) => text),
    );
  }
  return found;
}

function rowMembers(row: GivenRow): Record<string, Json> {
  return {
    roles: [...row.roles],
    state: row.state,
    ...(row.basis === undefined ? {} : { basis: row.basis }),
    ...(row.until === undefined ? {} : { kept_until: row.until }),
    fields: Object.fromEntries(row.fields),
  };
}

function tableCsv(rows: readonly GivenRow[] | undefined, lines: readonly string[] | undefined): string {
  if (rows === undefined)
    return renderCsv(
      ['line'],
      (lines ?? []).map((line) => [line]),
    );
  const columns = [...new Set(rows.flatMap((row) => [...row.fields.keys()]))];
  const cells = rows.map((row) => [
    row.roles.join('+'),
    row.state,
    row.basis ?? '',
    row.until ?? '',
    ...columns.map((column) => row.fields.get(column) ?? ''),
  ]);
  return renderCsv(['role', 'state', 'basis', 'kept_until', ...columns], cells);
}

function renderJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

async function closeAnswered(
  ledger: Ledger,
  { request: { id }, entry, about }: Gathered,
  artifacts: readonly Artifact[],
): Promise<Request> {
  const manifest = artifacts.at(-1)?.sha256;
  const act = {
    act: 'request.answered',
    at: ledger.now,
    actor: ledger.actor,
    request: id,
    facts: { manifest },
  };
  return ledger.store.act(act, async (tx) => {
    const request = await requireRequest(tx, id);
    if (request.plan !== about.plan)
      throw new UserError('plan-changed', 'the request was planned again while its package was written');
    if ((await tx.entry('package', entry.id))?.state !== 'writing')
      throw new UserError('plan-changed', 'the person was erased while their package was written');
    const plan = (await plansOf(tx, id)).find(
      (stored) => stored.digest === request.plan && stored.state === 'open',
    );
    if (plan !== undefined) await tx.put('plan', { ...plan, state: 'applied' });
    const given = plan?.plan.items.map((item) => ({
      source: item.source,
      category: item.category,
      action: item.action,
      count: item.records.length + item.events,
      basis: item.basis,
      until: item.until,
    }));
    const outcome = {
      at: ledger.now,
      applied: given ?? [],
      remains: [],
      artifacts: artifacts.map(({ path, sha256 }) => ({ path, sha256 })),
      orders: 0,
      bytes: 'not-needed' as const,
    };
    const next = { ...moved(request, 'close', ledger), outcome };
    await tx.put('request', next);
    await tx.put('package', { ...entry, state: 'written', manifest });
    return next;
  });
}

async function noteFailed(ledger: Ledger, entry: PackageEntry): Promise<void> {
  const act = { act: 'package.failed', at: ledger.now, actor: ledger.actor, request: entry.request };
  await ledger.store.act(act, (tx) => tx.put('package', { ...entry, state: 'failed' }));
}
