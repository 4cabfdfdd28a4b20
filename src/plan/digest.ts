import { createHash } from 'node:crypto';
import type { Canonical, Json } from '../base/json.ts';
import { canonicalJson } from '../base/json.ts';
import type { Plan } from './plan.ts';

/** A keyed digest of a personal value, so that a plan's digest tells nothing of it. */
export type Seal = (text: string) => string;

/**
 * `sha256:` over a plan's decisions: subject, policy version, instant, actions, bases, ends, record
 * ids with their versions, changes under the seal. Counts of log lines are left out: a new nightly
 * log does not break a plan.
 */
export function planDigest(plan: Omit<Plan, 'digest'>, seal: Seal): string {
  const sealed = (value: Json) => seal(JSON.stringify(value));
  const decisions: Canonical = {
    right: plan.right,
    parental: plan.parental,
    level: plan.level,
    subject: plan.subject,
    policy_version: plan.policyVersion,
    instant: plan.instant,
    items: plan.items.map((item) => ({
      source: item.source,
      category: item.category,
      role: item.role,
      action: item.action,
      reason: item.reason,
      basis: item.basis,
      until: item.until,
      fields: item.fields,
      records: item.records.map(({ id, version }) => [id, version]),
    })),
    changes: plan.changes.map((change) => ({
      record: change.record,
      field: change.field,
      old: sealed(change.old),
      new: sealed(change.new),
    })),
    orders: plan.orders.map((order) => ({
      source: order.source,
      record: order.record,
      action: order.action,
    })),
    suppress: plan.suppress.map(({ kind, value }) => ({ kind, value: seal(value) })),
  };
  return `sha256:${createHash('sha256').update(canonicalJson(decisions)).digest('hex')}`;
}

/** Whether log lines grew so much since the plan that it has to be looked at again. */
export function grewPastLimit(planned: Plan, now: Plan): boolean {
  const lines = (plan: Plan) => plan.items.reduce((sum, item) => sum + item.events, 0);
  return lines(now) > lines(planned) * 2 + 1000;
}
