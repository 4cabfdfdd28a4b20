import { refused } from '../../base/errors.ts';
import { verificationRule } from '../../law/verification.ts';
import type { Policy } from '../../policy/types.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { FieldEdit, PartialMatch, Request, Verification } from '../../store/registers.ts';
import { moved } from '../moves.ts';
import { isVerifiedFor, type Need, needOf } from './need.ts';
import { subjectDigest } from './proof.ts';
import type { Attempt, Finding } from './verify.ts';

/** A try at verifying who asks. */
export interface Tried {
  readonly request: Request;
  /** Of this try; what was proved before stays proved. */
  readonly verified: boolean;
  readonly matched: number;
  readonly needed: number;
}

/** What was tried, and what came of it. */
export interface Try {
  readonly attempt: Attempt;
  readonly need: Need;
  readonly finding: Finding;
}

/** The request after a try: what was proved adds to what was proved before, what was not proved takes nothing away. */
export function afterTry(
  ledger: Pick<Ledger, 'now' | 'actor' | 'reason' | 'keys' | 'policy'>,
  request: Request,
  one: Try,
): Tried {
  const { finding, attempt } = one;
  const { matched, needed } = finding;
  const verified = matched >= needed;
  const before = request.verification;
  const tries = before.tries + (finding.isGuess ? 1 : 0);
  if (!verified) {
    const shown = before.verified ? {} : { method: attempt.method, matched, needed };
    const verification = { ...before, ...shown, tries, ...bestOf(before.best, finding) };
    const tried = moved(request, 'try', ledger, ledger.reason);
    return { request: { ...tried, verification }, verified, matched, needed };
  }
  const lowered = attempt.level === undefined ? request : fallen(request, attempt.level, ledger);
  const next = moved(lowered, 'verify', ledger, ledger.reason);
  const verification = proven(ledger, request, one, tries);
  return { request: { ...next, verification }, verified, matched, needed };
}

function bestOf(best: PartialMatch | undefined, finding: Finding): Pick<Verification, 'best'> {
  const { matched, proved, points } = finding;
  if (proved === undefined || points === undefined || matched <= (best?.matched ?? 0)) return { best };
  return { best: { matched, proved, points } };
}

/** History says that it is a request for categories now, and why. */
function fallen(request: Request, level: 'categories', ledger: Pick<Ledger, 'now' | 'actor'>): Request {
  return { ...moved(request, 'classify', ledger, 'identity-not-verified'), level };
}

function proven(
  ledger: Pick<Ledger, 'now' | 'keys' | 'policy'>,
  request: Request,
  { attempt, need, finding }: Try,
  tries: number,
): Verification {
  const { best: _, ...before } = request.verification;
  const { method, declared, reauthenticated, level } = attempt;
  const { matched, needed } = finding;
  const kept = isVerifiedFor(request) ? before : undefined;
  return {
    ...before,
    verified: true,
    method,
    matched,
    needed,
    tries,
    degree: need.degree,
    proved: joined(kept && provedBefore(request, ledger), finding.proved),
    points:
      kept !== undefined && kept.points === undefined
        ? undefined
        : joined(kept?.points ?? [], finding.points),
    ...(declared === true ? { declared } : {}),
    ...(reauthenticated === true ? { reauthenticated } : {}),
    ...(before.code !== undefined && attempt.code !== undefined
      ? { code: { ...before.code, digest: undefined } }
      : {}),
    ...(level === undefined ? {} : { loweredAt: ledger.now }),
  };
}

/** What was proved before; of a verification that named nothing single, the whole person. */
function provedBefore(
  { verification, subject }: Request,
  ledger: Pick<Ledger, 'keys' | 'policy'>,
): readonly string[] | undefined {
  if (verification.proved !== undefined || subject === undefined) return verification.proved;
  return [subjectDigest(ledger, subject)];
}

function joined(
  before: readonly string[] | undefined,
  now: readonly string[] | undefined,
): readonly string[] | undefined {
  if (now === undefined) return undefined;
  return [...new Set([...(before ?? []), ...now])];
}

const BY_CODE = 'code:';

/** The point that a code makes which went to an address in this column: alone it is enough. */
export function codePoint(column: string): string {
  return `${BY_CODE}${column}`;
}

function isByCode(point: string): boolean {
  return point.startsWith(BY_CODE);
}

function columnOfPoint(point: string): string {
  return isByCode(point) ? point.slice(BY_CODE.length) : point;
}

/**
 * Refuses a correction that only what is to be corrected proved, where the law does (11 CCR §7060(h)): without it,
 * as much has to have matched as is needed.
 */
export function requireOtherProof(
  request: Request,
  edits: readonly FieldEdit[],
  policy: Pick<Policy, 'limits'>,
): void {
  const { points } = request.verification;
  const { notByWhatChanges: rule } = verificationRule(request.type, request.level, request.regime);
  if (rule === undefined || points === undefined) return;
  const edited = new Set(edits.map(({ source, field }) => `${source}.${field}`));
  const others = points.filter((point) => !edited.has(columnOfPoint(point)));
  const needed = needOf(request, policy).points;
  if (others.length >= needed || others.length === points.length || others.some(isByCode)) return;
  throw refused(
    'proved-by-what-changes',
    `without what is to be corrected ${others.length} of ${needed} points matched (${rule})`,
    'verify who asks by something else too, then plan again',
  );
}
