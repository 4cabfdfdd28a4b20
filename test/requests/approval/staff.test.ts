import { describe, expect, test } from 'vitest';
import type { UserError } from '../../../src/base/errors.ts';
import type { Policy, StaffRole } from '../../../src/policy/types.ts';
import { needsApproval, requireApproval, requireRole } from '../../../src/requests/approval/staff.ts';
import type { Approval, Request } from '../../../src/store/registers.ts';
import { SSH_VECTORS } from './ssh-vectors.ts';

const member = (name: string, ...roles: readonly StaffRole[]) => ({ [name]: { name, roles, keys: [] } });

const STAFF: Policy['staff'] = {
  ...member('dora', 'desk'),
  ...member('paul', 'planner'),
  ...member('anna', 'approver'),
  ...member('lars', 'legal'),
  ...member('both', 'planner', 'legal'),
};

function refusalOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const { code, exit } = error as UserError;
    expect(exit).toBe(4);
    return code;
  }
}

const acts = (name: string, staff = STAFF) => {
  const ledger = { policy: { staff } as Policy, actor: { name, login: 'root' } };
  const roles = ['desk', 'planner', 'approver', 'legal'] as const;
  return roles.filter((role) => refusalOf(() => requireRole(ledger, role)) === undefined);
};

describe('who may do what', () => {
  test.each([
    ['who sits at the desk', 'dora', ['desk']],
    ['a planner, who also sits at the desk', 'paul', ['desk', 'planner']],
    ['an approver, who also sits at the desk', 'anna', ['desk', 'approver']],
    ['legal staff, who have the holds alone', 'lars', ['legal']],
    ['somebody with two roles', 'both', ['desk', 'planner', 'legal']],
    ['somebody whom the policy does not name', 'eve', []],
    ['a name that every object has', 'constructor', []],
    ['a name in other letters', 'Dora', []],
  ])('%s', (_name, who, expected) => {
    expect(acts(who)).toEqual(expected);
  });

  test('with no staff in the policy everybody may do everything', () => {
    expect(acts('eve', {})).toHaveLength(4);
  });

  test('an outsider and a colleague without the role are told apart', () => {
    const policy = { staff: STAFF } as Policy;
    const code = (name: string) =>
      refusalOf(() => requireRole({ policy, actor: { name, login: 'x' } }, 'planner'));
    expect([code('eve'), code('dora')]).toEqual(['not-of-staff', 'lacks-role']);
  });
});

const PLAN = { digest: 'sha256:aa', plannedBy: 'paul' };
const APPROVAL: Approval = {
  plan: 'sha256:aa',
  actor: 'anna',
  at: '2026-01-05T09:00:00Z',
  by: 'declaration',
};

const [VECTOR] = SSH_VECTORS;
const SIGNED = { by: 'signature', key: VECTOR?.fingerprint } as const;
const KEYED: Policy['staff'] = {
  anna: { name: 'anna', roles: ['approver'], keys: [VECTOR?.key ?? ''] },
};

interface Case {
  readonly request?: Partial<Request>;
  readonly approval?: Partial<Approval> | undefined;
  readonly signed?: boolean;
  readonly staff?: Policy['staff'];
}

function outcome({ request = {}, signed = false, staff = STAFF, ...given }: Case): string | undefined {
  const approval =
    'approval' in given && given.approval === undefined ? undefined : { ...APPROVAL, ...given.approval };
  const asked = { type: 'delete', parental: undefined, approval, ...request } as Request;
  return refusalOf(() => requireApproval(asked, PLAN, { staff, fourEyes: { types: ['delete'], signed } }));
}

describe('four eyes', () => {
  test.each<[string, Case, string | undefined]>([
    ['another type needs no approval', { request: { type: 'access' }, approval: undefined }, undefined],
    ['nobody has approved', { approval: undefined }, 'not-approved'],
    ['an approval of another plan', { approval: { plan: 'sha256:bb' } }, 'not-approved'],
    ['an approval by who planned', { approval: { actor: 'paul' }, staff: {} }, 'not-approved'],
    ['an approval by somebody else, by declaration', {}, undefined],
    ['the same, where the policy names no staff', { staff: {} }, undefined],
    ['an approval by declaration where signatures are asked for', { signed: true }, 'not-approved'],
    ['a signed approval', { signed: true, approval: SIGNED, staff: KEYED }, undefined],
    ['a signature with a key that the policy has no more', { approval: SIGNED }, 'not-approved'],
    ['an approver who has left since', { staff: member('paul', 'planner') }, 'not-approved'],
    ['an approver who is no approver any more', { approval: { actor: 'dora' } }, 'not-approved'],
    [
      'a deletion that a parent asks for',
      {
        request: { type: 'parental-review', parental: { action: 'delete', parent: 1 } },
        approval: undefined,
      },
      'not-approved',
    ],
    [
      'a review that a parent asks for',
      {
        request: { type: 'parental-review', parental: { action: 'review', parent: 1 } },
        approval: undefined,
      },
      undefined,
    ],
  ])('%s', (_name, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });

  test('a policy without four eyes asks for none', () => {
    expect(needsApproval({ type: 'delete', parental: undefined }, {})).toBe(false);
  });
});
