import { hash } from 'node:crypto';
import { refused } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { requireRequest } from '../../requests/find.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Request, RequestOutcome, WorkOrder } from '../../store/registers.ts';
import type { AuditRow, Reader, Writer } from '../../store/store.ts';
import { issueCheckpoint, vkeyOf } from '../audit/checkpoint.ts';
import { auditEntries } from '../audit/entries.ts';
import { signNote } from '../audit/note.ts';
import { LeafTree, leafHash } from '../audit/tree-proof.ts';
import { certificateBody, erasureOf, reachedStates } from './body.ts';
import { type Certificate, type CertificateBody, renderCertificate, signedText } from './certificate.ts';
import { deletionFacts } from './facts.ts';

/** A certificate as it goes out. */
export interface IssuedCertificate {
  readonly certificate: Certificate;
  /** Its file, byte for byte. */
  readonly text: string;
  /** Hex, of the file. */
  readonly sha256: string;
}

/**
 * Certifies what has become of a deletion up to now: what was done, what may stay, what was looked for and
 * seen since, with the audit entries that it rests on. Can be issued again as the states move on.
 */
export async function issueCertificate(ledger: Ledger, id: number): Promise<IssuedCertificate> {
  const entry = { act: 'certificate.issued', at: ledger.now, actor: ledger.actor, request: id };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    const certificate = await certify(tx, ledger, request, requireErasure(request));
    const text = renderCertificate(certificate);
    const sha256 = hash('sha256', text);
    tx.facts({ sha256, states: reachedStates(certificate.certificate) });
    await tx.put('request', { ...request, certificates: (request.certificates ?? 0) + 1 });
    return { certificate, text, sha256 };
  });
}

function requireErasure(request: Request): RequestOutcome {
  const outcome = erasureOf(request);
  if (outcome !== undefined) return outcome;
  throw refused(
    'nothing-erased',
    `${requestName(request.id)} has erased nothing that could be certified`,
    'dsr request show says what was done; a certificate is of a deletion that was carried out',
  );
}

async function certify(
  tx: Writer,
  ledger: Ledger,
  request: Request,
  outcome: RequestOutcome,
): Promise<Certificate> {
  const orders = await tx.entries('work-order', { request: request.id });
  const { size, root, note } = await issueCheckpoint(tx, ledger, 'certificate');
  const rows = await evidenceOf(tx, request.id, orders);
  const tree = new LeafTree(await tx.auditLeaves(0, size));
  const body = certificateBody({
    ...(await deletionFacts(tx, request)),
    request,
    outcome,
    orders,
    policy: ledger.policy,
    issued_at: ledger.now,
    ledger: { id: ledger.id, origin: ledger.origin, rehearsal: ledger.rehearsal },
    runs: await runsOf(tx, rows),
    log: { size, root },
    evidence: rows.map((row) => ({
      seq: row.seq,
      act: actOf(row),
      leaf: leafHash(Buffer.from(row.entry, 'utf8')).toString('hex'),
    })),
  });
  return {
    schema_version: 1,
    certificate: body,
    checkpoint: note,
    evidence: rows.map(({ seq, entry }) => ({
      entry,
      proof: tree.inclusion(seq - 1, size).map((sibling) => sibling.toString('base64')),
    })),
    key: vkeyOf(ledger),
    signature: signatureOf(body, ledger),
  };
}

/** The line under the signed text, without its end. */
function signatureOf(body: CertificateBody, { origin, keys }: Ledger): string {
  const text = signedText(body);
  return signNote(text, { name: origin, seed: keys.signingSeed }).slice(text.length + 1, -1);
}

/** Acts that move a deletion on, and those by which a second person and the person themselves know of it. */
const ACT =
  /"act":"(?:request\.(?:planned|approved|applied|letter-sent)|batch\.approved|import\.published|work\.(?:confirmed|cancelled)|bytes\.[a-z-]+)"/;

/** The entries that a certificate rests on: the runs with who approved them, the bytes, what confirmed its orders, the answer. */
async function evidenceOf(tx: Reader, request: number, orders: readonly WorkOrder[]): Promise<AuditRow[]> {
  const imports = orders
    .filter(({ confirmedBy }) => confirmedBy === 'import')
    .map(({ judged }) => judged?.import);
  const about = { request, imports: new Set(imports), orders: new Set(orders.map(({ id }) => id)) };
  const found: AuditRow[] = [];
  for await (const row of auditEntries(tx))
    if (ACT.test(row.entry) && isAbout(parseEntry(row.entry), about)) found.push(row);
  return ofTheRuns(found);
}

/** Of plans, approvals and letters only those that were carried out, or that answer. */
function ofTheRuns(rows: readonly AuditRow[]): AuditRow[] {
  const runs = rows.map(({ entry }) => parseEntry(entry)).filter(({ act }) => act === 'request.applied');
  const plans = new Set(runs.map(({ facts }) => facts.plan));
  const batches = new Set(runs.flatMap(({ facts }) => facts.batch ?? []));
  return rows.filter(({ entry }) => {
    const { act, facts } = parseEntry(entry);
    if (act === 'request.planned' || act === 'request.approved') return plans.has(facts.plan);
    if (act === 'batch.approved') return batches.has(facts.batch ?? 0);
    return act !== 'request.letter-sent' || ANSWERS.has(facts.letter_kind);
  });
}

const ANSWERS: ReadonlySet<string | undefined> = new Set(['answer', 'partial-answer']);

interface Entry {
  readonly act: string;
  readonly at: string;
  readonly request?: number;
  readonly facts: {
    /** Of a batch how many. */
    readonly requests?: readonly number[] | number;
    readonly batch?: number;
    readonly letter_kind?: string;
    readonly import?: number;
    readonly orders?: readonly number[] | number;
    readonly plan?: string;
    readonly policy_version?: number;
  };
}

interface About {
  readonly request: number;
  /** Imports that confirmed its orders. */
  readonly imports: ReadonlySet<number | undefined>;
  readonly orders: ReadonlySet<number>;
}

function parseEntry(text: string): Entry {
  return JSON.parse(text) as Entry;
}

function isAbout({ act, request: own, facts }: Entry, { request, imports, orders }: About): boolean {
  if (act === 'import.published') return imports.has(facts.import ?? 0);
  if (act === 'batch.approved') return true;
  if (act.startsWith('work.')) return [facts.orders ?? []].flat().some((id) => orders.has(id));
  return own === request || [facts.requests ?? []].flat().includes(request);
}

function actOf({ entry }: AuditRow): string {
  return parseEntry(entry).act;
}

/** Each time that something of the request was carried out, by its entries: which plan, under which policy. */
async function runsOf(tx: Reader, rows: readonly AuditRow[]): Promise<CertificateBody['runs']> {
  const policies = new Map((await tx.policies()).map(({ version, digest }) => [version, digest]));
  const entries = rows.map(({ entry }) => parseEntry(entry));
  const versions = new Map(
    entries.flatMap(({ act, facts }) =>
      act === 'request.planned' ? [[facts.plan, facts.policy_version]] : [],
    ),
  );
  return entries.flatMap(({ act, at, facts: { plan } }) => {
    if (act !== 'request.applied' || plan === undefined) return [];
    const version = versions.get(plan) ?? 0;
    return [{ at, plan, policy_version: version, policy: policies.get(version) ?? '' }];
  });
}
