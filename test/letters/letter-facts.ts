import type { LetterFacts } from '../../src/letters/facts.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Request, RequestOutcome, WorkOrder } from '../../src/store/registers.ts';

const POLICY = `
controller: { name: Example Inc., contact: privacy@example.org, phone: 415-344-0056, zone: UTC, regimes: [gdpr], complaint: [Write to the data protection officer.] }
effective: 2026-01-01
sources:
  users: { files: "u*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id }, category: account, fields: [name] }
  payments: { files: "p*.csv", format: csv, mode: append, key: id, subject: { user_id: user }, category: payments, date: paid, fields: [amount] }
  access_log: { files: "a*.log", format: combined, subject: { user_id: user }, category: log }
categories:
  account: { title: Your account, on_delete: erase }
  payments:
    title: Your payments
    on_delete: retain
    keep: [{ fields: [id, amount], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }]
  log: { title: Our log, on_delete: { count_by: [hour] } }
`;

export const letterPolicy = parsePolicy(POLICY, 'dsr.yaml');

/** A request as it was opened, with what a test says of it. */
export function letterRequest(changes: Partial<Request> = {}): Request {
  return {
    ...{ id: 7, state: 'received', subject: 1, type: 'access', regime: 'gdpr', channel: 'letter' },
    ...{ requester: 'self', receivedOn: '2026-01-05', dueOn: '2026-02-05', openedAt: '2026-01-05T09:00:00Z' },
    verification: { verified: true, method: 'account', matched: 1, needed: 1, tries: 1 },
    ...{ asked: undefined, parental: undefined, level: 'specific', plan: undefined, approval: undefined },
    ...{ history: [], notes: [], outcome: undefined },
    ...changes,
  };
}

/** What a letter is made from; nothing was ordered, kept or asked for yet. */
export function letterFacts(request: Request, changes: Partial<LetterFacts> = {}): LetterFacts {
  return {
    policy: letterPolicy,
    request,
    today: '2026-01-20',
    needsProof: true,
    ...{ orders: [], kept: [], backups: [] },
    ...changes,
  };
}

const group = { basis: undefined, until: undefined };

/** A deletion: an account is gone, a payment is cut, the log has counts. */
export const deletion: RequestOutcome = {
  at: '2026-01-19T09:00:00Z',
  applied: [
    { ...group, source: 'users', category: 'account', action: 'erase', count: 1 },
    { ...group, source: 'payments', category: 'payments', action: 'retain', count: 2 },
    { ...group, source: 'access_log', category: 'log', action: 'anonymise', count: 31 },
  ],
  remains: [
    {
      ...{ source: 'payments', category: 'payments', count: 2, fields: ['id', 'amount'] },
      ...{ basis: 'legal-obligation: tax', until: '2032-12-31' },
    },
  ],
  ...{ artifacts: [], orders: 2, bytes: 'proven' },
};

/** An order to the systems upstream. */
export function letterOrder(changes: Partial<WorkOrder>): WorkOrder {
  return {
    ...{ id: 1, state: 'ordered', subject: 1, source: 'users', action: 'delete', digest: '', tag: 0 },
    ...{ sealed: undefined, fields: [], record: 1, request: 7, orderedAt: '2026-01-19T09:00:00Z' },
    endedAt: undefined,
    ...changes,
  };
}

/** The deletion with all that an answer to it has to say. */
export function deletionFacts(regime: string, changes: Partial<LetterFacts> = {}): LetterFacts {
  const request = letterRequest({ type: 'delete', state: 'ordered-upstream', outcome: deletion, regime });
  return letterFacts(request, {
    orders: [letterOrder({}), letterOrder({ id: 2, source: 'payments', action: 'keep-fields' })],
    kept: [
      { what: 'request-file', count: 1, until: 'closed+P24M' },
      { what: 'suppression-digests', count: 3, until: '2027-01-19' },
    ],
    backups: [{ of: 'upstream', name: 'nightly', over_on: null }],
    ...changes,
  });
}
