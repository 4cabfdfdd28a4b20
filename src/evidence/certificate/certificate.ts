import { z } from 'zod';
import { badInput, type UserError } from '../../base/errors.ts';
import { type Canonical, canonicalJson } from '../../base/json.ts';
import { CERTIFIED_STATES } from './certified-states.ts';

// RFC 8785 has no way to write a lone surrogate.
const text = z.string().refine((value) => value.isWellFormed());
const count = z.int().nonnegative();
const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();
const closed = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).readonly();

const group = closed({
  source: text,
  category: text,
  action: text,
  count,
  basis: text.nullable(),
  until: text.nullable(),
});

/** What may stay. `until` is a date, or the word for what ends it: `confirmed`, `decided`, `released`. */
const remain = closed({
  what: text,
  source: text.nullable(),
  category: text.nullable(),
  count,
  fields: list(text),
  basis: text,
  until: text.nullable(),
});

/** A copy from before the erasure that is known: dsr's own, or one that the policy declares of a system upstream. */
const backup = closed({
  of: z.enum(['ledger', 'upstream']),
  name: text.nullable(),
  sources: list(text),
  taken_at: text.nullable(),
  /** The day on which the last one is over; null while upstream has not confirmed the erasure. */
  over_on: text.nullable(),
});

const proof = closed({
  at: text,
  verdict: text,
  fingerprints: count,
  searched: closed({ files: count, pages: count, rows: count, blocks: count, bytes: count }),
  hits: closed({ retained: count, another: count, residue: count }),
  not_searched: list(closed({ code: text, count })),
});

const upstream = closed({
  source: text,
  ordered: count,
  open: count,
  confirmed_by_import: count,
  confirmed_by_staff: count,
  ended: count,
  cancelled: count,
  verdicts: list(closed({ verdict: text, why: text.nullable(), count })),
});

const body = closed({
  /** `R-000007/2`: the second certificate of the request. */
  number: text,
  issued_at: text,
  controller: text,
  ledger: closed({ id: text, origin: text, rehearsal: z.boolean() }),
  request: closed({ id: text, type: text, regime: text, received_on: text, state: text }),
  runs: list(closed({ at: text, plan: text, policy_version: count, policy: text })),
  applied: list(group),
  remains: list(remain),
  backups: list(backup),
  bytes: closed({ state: text, proof: proof.nullable() }),
  /** What exports brought back of the person since, also what is gone again. */
  gate: closed({ returned: count, doubtful: count, waiting: count, admitted: count }),
  upstream: list(upstream),
  states: list(
    closed({ state: z.enum(CERTIFIED_STATES), is: z.enum(['reached', 'not reached', 'not needed']) }),
  ),
  /** The log on which it rests. */
  log: closed({ size: count, root: text }),
  /** Its entries, by number and leaf (RFC 6962, hex). */
  evidence: list(closed({ seq: count, act: text, leaf: text })),
});

const document = closed({
  schema_version: z.literal(1),
  certificate: body,
  /** Signed note over size and root of the log. */
  checkpoint: text,
  /** The entries in canonical form, each with the hashes that lead from it to the root, base64. */
  evidence: list(closed({ entry: text, proof: list(text) })),
  /** Public key: `name+id+key`. */
  key: text,
  /** The line with which the key signs `signedText` as a note (c2sp.org/signed-note). */
  signature: text,
});

/** What a certificate of a deletion says: counts, codes, dates and digests, nothing personal. */
export type CertificateBody = z.infer<typeof body>;

/** A certificate with all that it takes to verify it. */
export type Certificate = z.infer<typeof document>;

/** What the signature covers: a first line that no other text of dsr has, then the body (RFC 8785). */
export function signedText(certificate: CertificateBody): string {
  return `dsr certificate v1\n${canonicalJson(certificate)}\n`;
}

/** The one form in which a certificate is written: any other byte makes another file. */
export function renderCertificate(certificate: Certificate): string {
  return `${canonicalJson(certificate satisfies Canonical)}\n`;
}

/**
 * Reads the members of a certificate; undefined where it is one whose form is broken, by a single byte too.
 * Exit 65 where it is none at all.
 */
export function parseCertificate(bytes: Uint8Array): Certificate | undefined {
  const value = parseJson(bytes);
  if (!isObject(value) || !('certificate' in value) || !('schema_version' in value)) {
    if (wasCertificate(bytes)) return undefined;
    throw noCertificate();
  }
  if (value.schema_version === 1) return document.safeParse(value).data;
  if (document.safeParse({ ...value, schema_version: 1 }).success) return undefined;
  throw badInput('certificate-version', 'the certificate is of a form that this dsr does not read');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether either end is that of a certificate. */
function wasCertificate(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return text.startsWith('{"certificate":{') || text.includes(',"schema_version":1,"signature":"');
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function noCertificate(): UserError {
  return badInput('not-a-certificate', 'the file is no certificate', {
    hint: 'dsr certificate issue R-ID --out FILE writes one',
  });
}
