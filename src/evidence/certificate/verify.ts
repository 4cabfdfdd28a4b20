import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../base/errors.ts';
import { openCheckpoint } from '../audit/checkpoint.ts';
import { listLeafFaults } from '../audit/leaf-form.ts';
import { type NoteKey, openNote, parseBase64, parseVkey, renderVkey } from '../audit/note.ts';
import { keyUnder } from '../audit/since.ts';
import { leafHash, verifyInclusion } from '../audit/tree-proof.ts';
import { statesOf } from './body.ts';
import {
  type Certificate,
  type CertificateBody,
  parseCertificate,
  renderCertificate,
  signedText,
} from './certificate.ts';

/** Something in a certificate that cannot be as it was issued. */
export interface CertificateProblem {
  /** Stable kebab-case word. */
  readonly code: string;
  readonly message: string;
}

export interface CertificateVerdict {
  readonly ok: boolean;
  readonly problems: readonly CertificateProblem[];
  /** Whose word it is: a key that the reader has, or only the one that the file brings along. */
  readonly key: 'given' | 'included';
  /** What it says; undefined where that cannot be read. Believe it only where `ok`. */
  readonly certificate: Certificate | undefined;
}

/**
 * Verifies a certificate with nothing but its bytes and a public key: the one form, the signature, the
 * signed checkpoint, each entry's way into it, and that all of them tell of the same deletion. Exit 65 for
 * a file that is no certificate.
 */
export function verifyCertificate(bytes: Uint8Array, givenKey?: string): CertificateVerdict {
  const certificate = parseCertificate(bytes);
  const key = givenKey === undefined ? ('included' as const) : ('given' as const);
  const problems = certificate === undefined ? [BROKEN] : problemsOf(certificate, bytes, givenKey);
  return { ok: problems.length === 0, problems, key, certificate };
}

const BROKEN = problem('form', 'the certificate lacks a member, or has one that does not belong there');

function problem(code: string, message: string): CertificateProblem {
  return { code, message };
}

function problemsOf(
  certificate: Certificate,
  bytes: Uint8Array,
  givenKey: string | undefined,
): readonly CertificateProblem[] {
  return [
    ...formProblems(certificate, bytes),
    ...keyProblems(certificate, givenKey),
    ...evidenceProblems(certificate),
    ...storyProblems(certificate),
  ];
}

function formProblems(certificate: Certificate, bytes: Uint8Array): CertificateProblem[] {
  if (Buffer.from(renderCertificate(certificate), 'utf8').equals(bytes)) return [];
  return [problem('not-canonical', 'the file is not written byte for byte as certificates are')];
}

/** Whatever the key has to vouch for: body, checkpoint, and that both are of its log. */
function keyProblems(
  { certificate, checkpoint, key: included, signature }: Certificate,
  givenKey: string | undefined,
): CertificateProblem[] {
  const { ledger, log } = certificate;
  const trusted = readKey(givenKey ?? included);
  if (trusted === undefined) return [problem('key-malformed', 'its public key is none')];
  const key = keyUnder(trusted, ledger.origin);
  const signed = attempt(() => openNote(`${signedText(certificate)}\n${signature}\n`, key));
  const opened = attempt(() => openCheckpoint(checkpoint, key));
  const isLog = opened?.origin === ledger.origin && opened.size === log.size && opened.root === log.root;
  return [
    ...given(renderVkey(key) !== included, 'key-differs', 'it brings another key than yours'),
    ...given(key.name !== ledger.origin, 'key-foreign', 'the key is of another ledger'),
    ...given(signed === undefined, 'signature', 'the signature does not fit what it says'),
    ...given(opened === undefined, 'checkpoint', 'the checkpoint is not signed with the key'),
    ...given(opened !== undefined && !isLog, 'log-differs', 'the checkpoint is of another log than it says'),
  ];
}

function readKey(vkey: string): NoteKey | undefined {
  return attempt(() => parseVkey(vkey));
}

/** What a reader of untrusted text gives, or undefined where it refuses. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function given(isWrong: boolean, code: string, message: string): CertificateProblem[] {
  return isWrong ? [problem(code, message)] : [];
}

/** Each entry is one of the log, in its form, and the one that the body names. */
function evidenceProblems({
  certificate: { log, evidence: named },
  evidence,
}: Certificate): CertificateProblem[] {
  if (named.length !== evidence.length)
    return [problem('evidence-missing', `it rests on ${named.length} entries and brings ${evidence.length}`)];
  return named.flatMap(({ seq, act, leaf }, index) => {
    const { entry = '', proof = [] } = evidence[index] ?? {};
    const found = leafHash(Buffer.from(entry, 'utf8'));
    const fields = readEntry(entry);
    const isNamed = fields?.seq === seq && fields.act === act && found.toString('hex') === leaf;
    const isIn = isIncluded({ seq, found, proof }, log);
    return [
      ...given(fields === undefined, 'entry-malformed', `entry ${seq} is not as the log writes entries`),
      ...given(!isNamed, 'entry-differs', `entry ${seq} is not the one on which it rests`),
      ...given(!isIn, 'entry-not-in-log', `entry ${seq} is not shown to be in the log`),
    ];
  });
}

function isIncluded(
  {
    seq,
    found,
    proof,
  }: { readonly seq: number; readonly found: Uint8Array; readonly proof: readonly string[] },
  { size, root }: CertificateBody['log'],
): boolean {
  const hashes = proof.map(parseBase64).filter((hash) => hash !== undefined);
  if (hashes.length !== proof.length) return false;
  return verifyInclusion({
    index: seq - 1,
    size,
    leaf: found,
    root: Buffer.from(root, 'hex'),
    proof: hashes,
  });
}

interface EntryFields {
  readonly seq: number;
  readonly act: string;
  readonly at: string;
  readonly request?: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The members of an entry; undefined where it is not in the form of one. */
function readEntry(text: string): EntryFields | undefined {
  const value = parseJson(text) as EntryFields | undefined;
  return value !== undefined && listLeafFaults(text, value.seq).length === 0 ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the body says is what its entries say, and no state goes beyond it. */
function storyProblems({ certificate, evidence }: Certificate): CertificateProblem[] {
  const entries = evidence.flatMap(({ entry }) => readEntry(entry) ?? []);
  return [
    ...given(!isOneRequest(certificate, entries), 'request-differs', 'its entries are of another request'),
    ...given(!areRuns(certificate, entries), 'plan-differs', 'its entries tell of other plans than it does'),
    ...given(!areCounts(certificate, entries), 'counts-differ', 'its counts are not those of its entries'),
    ...given(!isProof(certificate, entries), 'proof-differs', 'its byte proof is not that of its entries'),
    ...given(!areStates(certificate), 'states-differ', 'it claims a state that the rest of it does not show'),
  ];
}

function requestNumber({ request }: CertificateBody): number {
  return Number(request.id.slice('R-'.length));
}

function isOneRequest(body: CertificateBody, entries: readonly EntryFields[]): boolean {
  const own = requestNumber(body);
  const batches = new Set(ofAct(entries, 'request.applied').map(({ facts }) => facts.batch));
  return entries.every(({ act, request, facts }) => {
    if (act === 'import.published' || act.startsWith('work.')) return true;
    if (act === 'batch.approved') return batches.has(facts.batch);
    return request === own || isListed(facts.requests, own);
  });
}

function isListed(list: unknown, item: number): boolean {
  return Array.isArray(list) && list.includes(item);
}

function areRuns({ runs }: CertificateBody, entries: readonly EntryFields[]): boolean {
  const planned = new Map(
    ofAct(entries, 'request.planned').map(({ facts }) => [facts.plan, facts.policy_version]),
  );
  const applied = ofAct(entries, 'request.applied').map(({ at, facts }) => `${at} ${facts.plan}`);
  return (
    runs.length > 0 &&
    JSON.stringify(applied) === JSON.stringify(runs.map(({ at, plan }) => `${at} ${plan}`)) &&
    runs.every(({ plan, policy_version }) => planned.get(plan) === policy_version)
  );
}

function ofAct(entries: readonly EntryFields[], act: string): EntryFields[] {
  return entries.filter((entry) => entry.act === act);
}

type Group = CertificateBody['applied'][number];

/** What stays for now is decided again by the next run: of earlier ones only what was done counts. */
const STAYING: ReadonlySet<string> = new Set(['hold', 'keep']);

function areCounts({ applied }: CertificateBody, entries: readonly EntryFields[]): boolean {
  const runs = ofAct(entries, 'request.applied').map(({ facts }) => groupsOf(facts.applied));
  const counted = runs.flatMap((groups, index) =>
    index === runs.length - 1 ? groups : groups.filter(({ action }) => !STAYING.has(action)),
  );
  const figures = (groups: readonly Group[]) =>
    JSON.stringify(
      groups.map(({ source, category, action, count, basis = null, until = null }) => [
        ...[source, category, action, count],
        ...[basis, until],
      ]),
    );
  return figures(counted) === figures(applied);
}

function groupsOf(applied: unknown): readonly Group[] {
  return Array.isArray(applied) ? applied : [];
}

/** What each act of the prover found. */
const PROOFS: Readonly<Record<string, string>> = {
  'bytes.proven': 'clean',
  'bytes.residue': 'residue',
  'bytes.unproven': 'incomplete',
};

function isProof({ bytes: { proof } }: CertificateBody, entries: readonly EntryFields[]): boolean {
  const newest = entries.findLast(({ act }) => Object.hasOwn(PROOFS, act));
  if (newest === undefined || proof === null) return newest === undefined && proof === null;
  const { fingerprints, searched, found, not_searched } = newest.facts;
  const { at, verdict, hits, ...figures } = proof;
  const told = {
    at: newest.at,
    verdict: PROOFS[newest.act],
    hits: found,
    fingerprints,
    searched,
    not_searched,
  };
  return isDeepStrictEqual(told, { at, verdict, hits, ...figures });
}

function areStates(body: CertificateBody): boolean {
  return isDeepStrictEqual(statesOf(body), body.states);
}
