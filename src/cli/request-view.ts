import { requestName, subjectName } from '../base/ids.ts';
import { maskValue } from '../base/mask.ts';
import { searchedMembers } from '../requests/searched.ts';
import type { AppliedGroup, Approval, PermittedRemain, Request, RequestOutcome } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';
import { careMembers } from './care-view.ts';
import { clockMembers } from './clock-view.ts';
import { documentMembers, verificationMembers } from './verification-view.ts';

/** A request as every command's JSON shows it; what was asked for is masked unless it is to be revealed. */
export function requestMembers(request: Request, reveal = false): Record<string, unknown> {
  const { asked, parental, verification, approval } = request;
  return {
    id: requestName(request.id),
    type: request.type,
    ...(request.type === 'access' ? { level: request.level } : {}),
    ...(parental === undefined ? {} : { action: parental.action, parent: nameOf(parental.parent) }),
    state: request.state,
    subject: nameOf(request.subject),
    ...(asked === undefined
      ? {}
      : { asked: { kind: asked.kind, value: reveal ? asked.value : maskValue(asked.kind, asked.value) } }),
    regime: request.regime,
    channel: request.channel ?? null,
    requester: request.requester,
    received_on: request.receivedOn,
    due_on: request.dueOn ?? null,
    opened_at: request.openedAt,
    ...intakeMembers(request),
    verified: verification.verified,
    verification: verificationMembers(request),
    documents: documentMembers(request),
    plan: request.plan ?? null,
    approval: approval === undefined ? null : approvalMembers(approval),
    ...burdenMembers(request),
    ...careMembers(request),
    ...clockMembers(request),
  };
}

/** How it came in and who has it, where there is something to say. */
function intakeMembers({
  isRegimeAssumed,
  assignee,
  bundle,
  duplicateOf,
  foreign,
}: Request): Record<string, unknown> {
  return {
    ...(isRegimeAssumed ? { regime_assumed: true } : {}),
    ...(assignee === undefined ? {} : { assignee }),
    ...(bundle === undefined ? {} : { bundle: requestName(bundle) }),
    ...(duplicateOf === undefined ? {} : { duplicate_of: requestName(duplicateOf) }),
    ...(foreign === undefined
      ? {}
      : { foreign: { protocol: foreign.protocol, sender: foreign.sender ?? null } }),
  };
}

/** What was held against it, where something was. */
function burdenMembers({ burden }: Request): Record<string, unknown> {
  if (burden === undefined) return {};
  const { finding, fee, actor, at } = burden;
  return { burden: { finding: finding ?? null, fee: fee ?? null, actor, at } };
}

function nameOf(subject: SubjectId | undefined): string | null {
  return subject === undefined ? null : subjectName(subject);
}

/** Who accepted a plan, and how that is known: a signature, or only the name that was given. */
export function approvalMembers(approval: Approval): Record<string, unknown> {
  const { plan, actor, at, by = 'declaration', key, sameLogin } = approval;
  return {
    plan,
    actor,
    at,
    by,
    key: key ?? null,
    same_login: sameLogin ?? false,
  };
}

/** The same in words, one line; none where nobody approved. */
export function approvalWords({ approval }: Pick<Request, 'approval'>): readonly string[] {
  if (approval === undefined) return [];
  const { actor, by, key, sameLogin } = approval;
  const how = by === 'signature' ? `signed with ${key ?? 'a key'}` : 'by declaration';
  return [`approved by ${actor}, ${how}${sameLogin === true ? ', under the login that planned' : ''}`];
}

/** The moves of a request, oldest first. */
export function historyMembers({ history }: Request): readonly Record<string, unknown>[] {
  return history.map(({ at, actor, move, from, to, reason }) => ({
    at,
    actor,
    move: move ?? null,
    from: from ?? null,
    to,
    reason: reason ?? null,
  }));
}

/** What a request came to so far. */
export function outcomeMembers(outcome: RequestOutcome): Record<string, unknown> {
  return {
    at: outcome.at,
    applied: outcome.applied.map(appliedMembers),
    permitted_remains: outcome.remains.map(remainMembers),
    artifacts: outcome.artifacts.map(({ path, sha256 }) => ({ path, sha256 })),
    orders: outcome.orders,
    bytes: outcome.bytes,
    unverified: outcome.unverified ?? [],
    nothing_held: outcome.nothingHeld !== undefined,
    ...(outcome.nothingHeld === undefined ? {} : { searched: outcome.nothingHeld.map(searchedMembers) }),
  };
}

export function appliedMembers(group: AppliedGroup): Record<string, unknown> {
  const { source, category, action, count, basis, until } = group;
  return { source, category, action, count, basis: basis ?? null, until: until ?? null };
}

export function remainMembers(remain: PermittedRemain): Record<string, unknown> {
  const { source, category, count, fields, basis, until } = remain;
  return { source, category, count, fields, basis, until: until ?? null };
}

/** One line: `R-000001  delete  S-000001  planned  due 2026-02-05`. */
export function renderHeadline(request: Request): string {
  const who = request.subject === undefined ? 'nobody known' : subjectName(request.subject);
  const due = request.dueOn === undefined ? [] : [`due ${request.dueOn}`];
  return [requestName(request.id), kindWords(request), who, request.state, ...due].join('  ');
}

/** `access`, `access (categories)`, `parental-review stop`. */
export function kindWords({ type, level, parental }: Request): string {
  if (parental !== undefined) return `${type} ${parental.action}`;
  return type === 'access' && level === 'categories' ? 'access (categories)' : type;
}
