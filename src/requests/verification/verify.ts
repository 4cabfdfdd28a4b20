import { ExitCode, refused, UserError } from '../../base/errors.ts';
import { requestName } from '../../base/ids.ts';
import { AGENT_RULE } from '../../law/verification.ts';
import type { SubjectView } from '../../rights/view.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { PartialMatch, Request } from '../../store/registers.ts';
import type { Writer } from '../../store/store.ts';
import { requireRole } from '../approval/staff.ts';
import { VERIFICATION_METHODS } from '../choices.ts';
import { onceProved } from '../clock/pause.ts';
import { requireRequest } from '../find.ts';
import { ROUTINE } from '../moves.ts';
import type { Who } from '../subject.ts';
import { requireMove } from '../transitions.ts';
import { requireOneProved } from './account-proof.ts';
import { compareCode } from './code.ts';
import { type DataPoint, matchPoints, requireDistinct } from './data-points.ts';
import { householdDocuments, requireDocuments, viewsSeen } from './documents.ts';
import { type Need, requireIdentityAsked } from './need.ts';
import { compareParent } from './parent-steps.ts';
import { subjectDigest } from './proof.ts';
import { withBrought } from './scope.ts';
import { requireTriesLeft } from './tries.ts';
import { afterTry, type Tried } from './verification.ts';
import { claimedViews } from './verified-view.ts';

/** What was brought forward. */
export interface Attempt {
  readonly method: string;
  readonly points?: readonly DataPoint[] | undefined;
  /** The code as they gave it back. */
  readonly code?: string | undefined;
  /** Which of several accounts or addresses a proof is about, as staff say. */
  readonly account?: Who | undefined;
  /** By what the request was opened, where that is known. */
  readonly about?: Who | undefined;
  /** A declaration under penalty of perjury was signed. */
  readonly declared?: boolean | undefined;
  /** The password was shown again. */
  readonly reauthenticated?: boolean | undefined;
  /** The person confirmed the agent's permission to us themselves. */
  readonly confirmedDirectly?: boolean | undefined;
  /** To be verified for categories, where it is not enough for specific pieces. */
  readonly level?: 'categories' | undefined;
}

/** What a comparison came to. */
export interface Finding extends Omit<PartialMatch, 'proved' | 'points'> {
  readonly needed: number;
  /** Undefined where nothing single was proved: nobody is known, or a parent speaks for a child. */
  readonly proved?: readonly string[] | undefined;
  readonly points?: readonly string[] | undefined;
  /** Whether something was guessed, so that it uses up a try. */
  readonly isGuess: boolean;
}

interface Call {
  readonly tx: Writer;
  readonly ledger: Ledger;
  readonly request: Request;
  readonly need: Need;
  readonly attempt: Attempt;
  readonly views: readonly SubjectView[];
}

/**
 * Verifies who asks, by what type, level and law demand (GDPR Art. 12(6), 11 CCR §7060-7063), without showing what
 * is held: staff learn only how many points matched. Three guesses in all; each is recorded.
 */
export async function verifyRequest(ledger: Ledger, id: number, attempt: Attempt): Promise<Tried> {
  requireMethod(attempt.method);
  requireRole(ledger, 'desk');
  const runOn = await onceProved(ledger, id);
  const entry = {
    act: 'request.verification-tried',
    at: ledger.now,
    actor: ledger.actor,
    reason: ledger.reason ?? ROUTINE,
    request: id,
  };
  return ledger.store.act(entry, async (tx) => {
    const request = await requireRequest(tx, id);
    const asked = attempt.level === undefined ? request : lowered(request, ledger);
    const need = requireIdentityAsked(asked, ledger.policy);
    requireMove(request.state, 'verify');
    requireFitting(request, attempt.method);
    const views = await claimedViews(tx, ledger, request);
    const found = await compare({ tx, ledger, request, need, attempt, views });
    const all = found.proved?.flatMap((one) => withBrought(views, one, ledger));
    const finding = all === undefined ? found : { ...found, proved: all };
    const outcome = afterTry(ledger, request, { attempt, need, finding });
    const tried = outcome.verified ? { ...outcome, request: runOn(outcome.request) } : outcome;
    await tx.put('request', tried.request);
    const { matched, needed, verified } = tried;
    const { tries } = tried.request.verification;
    tx.facts({ method: attempt.method, matched, needed, verified, tries, level: attempt.level });
    return tried;
  });
}

function requireMethod(method: string): void {
  if (VERIFICATION_METHODS.some((known) => known === method)) return;
  throw new UserError('unknown-method', 'no such method of verification', {
    exit: ExitCode.usage,
    hint: `methods: ${VERIFICATION_METHODS.join(', ')}`,
  });
}

/** A request for specific pieces that cannot be verified is evaluated as one for categories (11 CCR §7024(a)). */
function lowered(request: Request, { policy }: Ledger): Request {
  const falls = requireIdentityAsked(request, policy).fallsTo;
  if (request.type === 'access' && falls !== undefined) return { ...request, level: falls.level };
  throw refused(
    'level-stays',
    'only an access to specific pieces falls to categories, under the law of California (11 CCR §7024(a))',
    'deny what cannot be verified',
  );
}

/** Who asks for themselves shows themselves; who asks for another shows that they may. */
function requireFitting({ type, requester, id }: Request, method: string): void {
  if (type === 'parental-review' && method !== 'parent')
    throw refused('parent-required', 'a parental review needs a verified parent', 'use --method parent');
  if (type !== 'parental-review' && method === 'parent')
    throw refused('not-parental', 'this method is for a parental review');
  if (type === 'parental-review') return;
  const isOwn = ['account', 'data-points', 'code', 'document'].includes(method);
  if (requester === method || (isOwn && requester === 'self')) return;
  throw refused(
    'other-requester',
    `the request is made by: ${requester}`,
    requester === 'self'
      ? `a request by somebody else is opened with --requester ${method}`
      : `dsr request verify ${requestName(id)} --method ${requester}`,
  );
}

async function compare(call: Call): Promise<Finding> {
  const { attempt, request, ledger, views } = call;
  if (attempt.method === 'parent')
    return { ...(await compareParent(call.tx, ledger, request)), isGuess: false };
  requireDistinct(attempt.points ?? [], ledger.policy);
  // Where nobody is known there is nothing to compare with, and nothing to protect.
  if (request.subject === undefined) return { matched: 0, needed: 0, isGuess: false };
  switch (attempt.method) {
    case 'data-points':
      return comparePoints(call);
    case 'code':
      return compareGivenCode(call);
    case 'account':
      return shown(requireOneProved(views, meant(call, false), ledger));
    case 'document':
      return compareDocument(call);
    case 'agent':
      return compareAgent(call);
    default:
      return comparePapers(call, request.subject);
  }
}

function shown(proved: string): Finding {
  return { matched: 1, needed: 1, proved: [proved], isGuess: false };
}

function meant({ attempt }: Call, addressCounts: boolean) {
  return { named: attempt.account, about: attempt.about, addressCounts };
}

function comparePoints(call: Call): Finding {
  const { attempt, request, ledger, need, views } = call;
  const points = attempt.points ?? [];
  const { best } = request.verification;
  if (attempt.level !== undefined && points.length === 0) {
    if (best === undefined) throw refused('nothing-matched', 'no data point has matched so far');
    return { ...best, needed: need.points, isGuess: false };
  }
  requireTriesLeft(request);
  requireDeclared(call);
  return { ...matchPoints(views, points, ledger), needed: need.points, isGuess: true };
}

function compareGivenCode(call: Call): Finding {
  const { attempt, request, ledger, views } = call;
  requireTriesLeft(request);
  requireDeclared(call);
  return { ...compareCode(ledger, request, views, attempt.code ?? ''), needed: 1, isGuess: true };
}

/** Refused before anything is compared, so that it uses up no try. */
function requireDeclared({ need, attempt }: Call): void {
  if (!need.declaration || attempt.declared === true) return;
  throw refused(
    'declaration-needed',
    `specific pieces need a declaration signed under penalty of perjury (${need.source})`,
    '--declared says that it was signed; --level categories asks for less',
  );
}

/** One document that the policy lets count, looked at and noted (EDPB Guidelines 01/2022: a copy is not kept). */
function compareDocument(call: Call): Finding {
  const { document } = call.ledger.policy.verification;
  if (document.length === 0)
    throw refused(
      'no-document-counts',
      'the policy lets no document prove who somebody is',
      'verification: {document: [passport]} in the policy file would',
    );
  const views = viewsSeen(call.request, call.views, (seen) => document.some((kind) => seen.has(kind)));
  if (views.length === 0) requireDocuments(call.request, document.slice(0, 1));
  return shown(requireOneProved(views, meant(call, true), call.ledger));
}

/**
 * An agent shows the permission that was signed, and the person proves themselves or confirms it to us; a power of
 * attorney stands alone (11 CCR §7063).
 */
function compareAgent(call: Call): Finding {
  const { request, attempt, ledger } = call;
  const { agent } = ledger.policy.verification;
  const isAlone = (seen: ReadonlySet<string>) => seen.has(AGENT_RULE.alone);
  const views = viewsSeen(
    request,
    call.views,
    (seen) => isAlone(seen) || agent.every((one) => seen.has(one)),
  );
  if (views.length === 0) requireDocuments(request, agent);
  const heard = { ...call, views };
  const alone = viewsSeen(request, views, isAlone);
  if (alone.length < views.length && attempt.code !== undefined) return compareGivenCode(heard);
  if (alone.length < views.length && (attempt.points ?? []).length > 0) return comparePoints(heard);
  if (alone.length === 0 && attempt.confirmedDirectly !== true)
    throw refused(
      'person-not-heard',
      `the person proves themselves too, or confirms the permission to us (${AGENT_RULE.source})`,
      '--match or --code what they gave, or --confirmed-directly; a power of attorney needs neither',
    );
  const shownFor = attempt.confirmedDirectly === true ? views : alone;
  return shown(requireOneProved(shownFor, meant(call, true), ledger));
}

/** Heirs, households and authorities by the policy's papers, which are about the whole person. */
function comparePapers({ request, attempt, ledger, views }: Call, subject: number): Finding {
  const { heir, authority } = ledger.policy.verification;
  const papers =
    attempt.method === 'household'
      ? householdDocuments(ledger, views)
      : attempt.method === 'heir'
        ? heir
        : authority;
  requireDocuments(request, papers);
  const subjects = attempt.method === 'household' ? (request.alsoSubjects ?? []) : [];
  const proved = [subject, ...subjects].map((one) => subjectDigest(ledger, one));
  return { matched: papers.length, needed: papers.length, proved, isGuess: false };
}
