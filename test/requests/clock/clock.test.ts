import { expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { deadlinesOf } from '../../../src/requests/clock/clock.ts';
import type { Request } from '../../../src/store/registers.ts';

const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [virginia, gdpr] }
effective: 2026-01-01
deadlines: { virginia: P20D }
sources: { users: { files: "u.csv", format: csv, mode: snapshot, key: id, subject: { user_id: id }, category: account } }
categories: { account: { on_delete: erase } }
`;

/** Virginia was the strictest when it was opened; with its extension the clock of the GDPR ends first. */
const APPEALED: Request = {
  id: 1,
  state: 'appealed',
  subject: 1,
  type: 'access',
  regime: 'virginia',
  isRegimeAssumed: true,
  channel: undefined,
  requester: 'self',
  receivedOn: '2026-01-31',
  clock: { pauses: [], extension: { noticeOn: '2026-02-10', reason: 'complexity' } },
  dueOn: undefined,
  openedAt: '2026-01-31T09:00:00Z',
  verification: { verified: false, method: undefined, matched: 0, needed: 0, tries: 0 },
  asked: undefined,
  parental: undefined,
  level: 'specific',
  plan: undefined,
  approval: undefined,
  history: [],
  notes: [],
  outcome: undefined,
  appeal: { receivedOn: '2026-04-01', dueOn: undefined },
};

it('an appeal stays under the law that was answered under, whichever clock runs: explained as it is reckoned', async () => {
  const policy = parsePolicy(POLICY, 'dsr.yaml');
  const deadlines = await deadlinesOf({ policy, policyFiles: {}, now: '2026-04-02T09:00:00Z' });
  const reckoned = deadlines.reckoned(APPEALED);
  const explained = deadlines.explain(APPEALED);
  expect(explained.regime).toBe('gdpr');
  expect(explained.dueOn).toBe(reckoned.dueOn);
  expect(reckoned.appeal?.dueOn).toBe('2026-05-31');
  expect(explained.appeal?.dueOn).toBe('2026-05-31');
});
