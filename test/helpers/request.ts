import type { Request } from '../../src/store/registers.ts';

/** A request as it is when it was just opened, for tests that change one thing of it. */
export function aRequest(change: Partial<Request> = {}): Request {
  return {
    id: 7,
    state: 'received',
    subject: 1,
    type: 'access',
    regime: 'gdpr',
    channel: undefined,
    requester: 'self',
    receivedOn: '2026-01-05',
    dueOn: '2026-02-05',
    openedAt: '2026-01-05T09:00:00Z',
    verification: { verified: false, method: undefined, matched: 0, needed: 0, tries: 0 },
    asked: undefined,
    parental: undefined,
    level: 'specific',
    plan: undefined,
    approval: undefined,
    history: [],
    notes: [],
    outcome: undefined,
    ...change,
  };
}
