import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import type { Plan, PlanItem } from '../../../src/plan/plan.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { isServed, requireOver, requireServed, waitingStand } from '../../../src/requests/care/waiting.ts';
import { keysOf } from '../../../src/store/open.ts';
import type { Request } from '../../../src/store/registers.ts';
import { aRequest } from '../../helpers/request.ts';

const keys = keysOf({ ledger: 'ab', hmac: new Uint8Array(32), signingSeed: new Uint8Array(32) });

function ledgerOf(waiting: string, now: string) {
  const policy = parsePolicy(
    `
controller: { name: Example, contact: privacy@example.org, zone: America/New_York, regimes: [gdpr] }
effective: 2026-01-01
${waiting}
sources:
  users: { files: u, format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, category: all, fields: [zip] }
categories: { all: { on_delete: erase } }
`,
    'dsr.yaml',
  );
  return { policy, keys, now };
}

function planOf(
  right: Plan['right'],
  action: PlanItem['action'],
  field = 'zip',
  parental?: 'delete' | 'stop',
): Plan {
  const item = { source: 'users', category: 'all', role: 'subject', action, reason: 'policy' };
  const whole = { ...item, basis: undefined, until: undefined, fields: [field], records: [], events: 0 };
  const rest = {
    changes: [],
    orders: [],
    suppress: [],
    permittedRemains: [],
    notes: [],
    digest: 'sha256:00',
  };
  const head = { level: undefined, subject: 1, policyVersion: 1, instant: NOON };
  return { right, parental, ...head, items: [whole], ...rest };
}

const NOON = '2026-01-05T17:00:00Z';
const ALL = 'waiting: { period: P3D, for: [delete, parental-delete, identifier] }';
const waiting = { since: NOON, until: '2026-01-08', plan: 'sha256:00', restriction: 1 };
const waits: Partial<Request> = { type: 'delete', state: 'waiting', waiting };
const DELETION = planOf('delete', 'erase');

describe('what has to wait', () => {
  test.each<readonly [string, string, Plan, string]>([
    ['a deletion', ALL, DELETION, 'to-start'],
    ['a deletion, without a word on what', 'waiting: { period: P3D }', DELETION, 'to-start'],
    [
      'a deletion, where only identifiers do',
      'waiting: { period: P3D, for: [identifier] }',
      DELETION,
      'none',
    ],
    ['a deletion, where the policy has no waiting time', '', DELETION, 'none'],
    ['a deletion of which a hold keeps all', ALL, planOf('delete', 'hold'), 'none'],
    ['a new address', ALL, planOf('edit', 'change', 'email'), 'to-start'],
    ['a new postcode', ALL, planOf('edit', 'change', 'zip'), 'none'],
    ['what a parent has deleted', ALL, planOf('parental-review', 'erase', 'zip', 'delete'), 'to-start'],
    [
      'what a parent has deleted, unless the policy says so',
      'waiting: { period: P3D }',
      planOf('parental-review', 'erase', 'zip', 'delete'),
      'none',
    ],
    ['a stop by a parent', ALL, planOf('parental-review', 'restrict', 'zip', 'stop'), 'none'],
    ['an access', ALL, planOf('access', 'give'), 'none'],
  ])('%s', (_name, rule, plan, stand) => {
    expect(waitingStand(ledgerOf(rule, NOON), aRequest(), plan)).toBe(stand);
  });
});

describe('a waiting time', () => {
  // The last day ends at midnight in the controller's zone, five hours after midnight in Greenwich.
  test.each([
    ['2026-01-05T17:00:01Z', 'running'],
    ['2026-01-09T04:59:59Z', 'running'],
    ['2026-01-09T05:00:00Z', 'served'],
  ] as const)('at %s is %s', (now, stand) => {
    const ledger = ledgerOf(ALL, now);
    const request = aRequest(waits);
    expect(waitingStand(ledger, request, DELETION)).toBe(stand);
    const refusals = [() => requireOver(ledger, request), () => requireServed(ledger, request, DELETION)];
    for (const refuse of refusals)
      if (stand === 'served') expect(refuse).not.toThrow();
      else expect(refuse).toThrow(UserError);
  });

  test('goes on where the request was planned again, and need not begin anew after its end', () => {
    const again = aRequest({ ...waits, state: 'planned' });
    const plan = { ...DELETION, digest: 'sha256:01' };
    expect(waitingStand(ledgerOf(ALL, '2026-01-07T12:00:00Z'), again, plan)).toBe('to-start');
    expect(waitingStand(ledgerOf(ALL, '2026-01-10T12:00:00Z'), again, plan)).toBe('served');
  });

  test('of one correction serves for no other', () => {
    const served = aRequest({ ...waits, type: 'edit' });
    expect(
      waitingStand(ledgerOf(ALL, '2026-01-10T12:00:00Z'), served, planOf('edit', 'change', 'email')),
    ).toBe('to-start');
  });

  test('was waited by the rest of a deletion that a hold kept', () => {
    const group = {
      source: 'users',
      category: 'all',
      action: 'hold',
      count: 1,
      basis: undefined,
      until: undefined,
    };
    const outcome = {
      at: NOON,
      applied: [group],
      remains: [],
      artifacts: [],
      orders: 0,
      bytes: 'proven' as const,
    };
    const request = aRequest({ type: 'delete', state: 'planned', outcome });
    expect(waitingStand(ledgerOf(ALL, NOON), request, DELETION)).toBe('served');
  });

  test('that has not begun is not served', () => {
    expect(isServed({ waiting: undefined }, '2026-01-09')).toBe(false);
    expect(isServed({ waiting }, '2026-01-08')).toBe(false);
    expect(isServed({ waiting }, '2026-01-09')).toBe(true);
    expect(() => requireServed(ledgerOf(ALL, NOON), aRequest(), DELETION)).toThrow('has this wait first');
  });
});
