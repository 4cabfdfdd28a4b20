import { requestName, subjectName } from '../base/ids.ts';
import { maskValue } from '../base/mask.ts';
import type { AppliedGroup, PermittedRemain, Request, RequestOutcome } from '../store/registers.ts';
import type { SubjectId } from '../store/store.ts';

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
    verified: verification.verified,
    verification: {
      method: verification.method ?? null,
      matched: verification.matched,
      needed: verification.needed,
      tries: verification.tries,
    },
    plan: request.plan ?? null,
    approval: approval === undefined ? null : { plan: approval.plan, actor: approval.actor, at: approval.at },
  };
}

function nameOf(subject: SubjectId | undefined): string | null {
  return subject === undefined ? null : subjectName(subject);
}

/** The moves of a request, oldest first. */
export function historyMembers({ history }: Request): readonly Record<string, unknown>[] {
  return history.map(({ at, actor, from, to, reason }) => ({
    at,
    actor,
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

/** The command that takes a request on, or undefined where nothing is left to do. */
export function nextCommand(request: Request): string | undefined {
  const name = requestName(request.id);
  switch (request.state) {
    case 'received':
      return `dsr request verify ${name} --method ${request.parental === undefined ? 'account|data-points' : 'parent'}`;
    case 'verified':
      return `dsr request plan ${name}${request.type === 'edit' ? ' --set source.field=value' : ''}`;
    case 'planned':
    case 'approved':
      return `dsr request run ${name} --plan ${request.plan ?? ''}`;
    case 'applied':
      return `dsr request plan ${name}, once the hold is released`;
    case 'ordered-upstream':
      return 'dsr work list';
    case 'confirmed':
      return request.outcome?.bytes === 'pending' ? 'dsr purge' : `dsr prove ${name}`;
    default:
      return undefined;
  }
}
