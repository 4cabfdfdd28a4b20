import { join } from 'node:path';
import type { Ledger } from '../../../src/store/ledger.ts';
import { initLedger, ledgerFiles } from '../../../src/store/open.ts';
import type { RegisterKind, Registers, Request, WorkOrder } from '../../../src/store/registers.ts';
import type { ActEntry } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';

export const ERASED_AT = '2026-03-01T09:00:00Z';
export const NOW = '2026-03-10T09:00:00Z';
const actor = { name: 'tester', login: 'tester' };
const PLAN = `sha256:${'5a'.repeat(32)}`;

/** Upstream keeps backups of accounts and, in another set, of nothing that is touched. */
export const POLICY = `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, email: email }, category: account }
  payments: { files: "payments*.csv", format: csv, mode: append, key: id, subject: { user_id: user }, date: paid_on, category: payments, fields: [amount] }
  surveys: { files: "surveys*.csv", format: csv, mode: append, key: id, subject: { user_id: user }, category: account }
categories:
  account: { on_delete: erase }
  payments: { on_delete: retain, keep: [{ fields: [id, amount], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }] }
backups:
  nightly: { sources: [users], keep: P35D }
  archive: { sources: [surveys], keep: P1Y }
`;

/** A ledger in which R-000001 has deleted S-000001; what is not given stands as right after the run. */
export async function certifiedLedger(given: Partial<Request> = {}): Promise<Ledger> {
  const files = ledgerFiles(join(temporaryFolder(), 'dsr.db'));
  const about = { policyText: POLICY, policyFile: 'dsr.yaml', actor, now: NOW, rehearsal: false };
  const ledger = await initLedger({ files, ...about });
  await add(ledger, 'request', aDeletion(given), { act: 'request.opened' });
  await note(ledger, {
    act: 'request.planned',
    at: ERASED_AT,
    request: 1,
    facts: { plan: PLAN, policy_version: 1 },
  });
  const applied = GROUPS.map((group) => ({ ...group }));
  await note(ledger, {
    act: 'request.applied',
    at: ERASED_AT,
    request: 1,
    facts: { plan: PLAN, type: 'delete', applied, orders: 2 },
  });
  return ledger;
}

const GROUPS = [
  { source: 'users', category: 'account', action: 'erase', count: 1, basis: undefined, until: undefined },
  {
    source: 'payments',
    category: 'payments',
    action: 'retain',
    count: 2,
    basis: 'legal-obligation: tax',
    until: '2033-12-31',
  },
] as const;

export function aDeletion(given: Partial<Request> = {}): Omit<Request, 'id'> {
  return {
    state: 'ordered-upstream',
    subject: 1,
    type: 'delete',
    regime: 'gdpr',
    channel: 'mail',
    requester: 'self',
    receivedOn: '2026-02-20',
    dueOn: '2026-03-20',
    openedAt: '2026-02-20T14:00:00Z',
    verification: { verified: true, method: 'account', matched: 0, needed: 0, tries: 1 },
    asked: undefined,
    parental: undefined,
    level: 'specific',
    plan: PLAN,
    approval: undefined,
    history: [{ at: ERASED_AT, actor: 'tester', from: 'planned', to: 'applied', reason: undefined }],
    notes: [{ at: ERASED_AT, actor: 'tester', text: 'Ada Byron rang, 415-344-0056' }],
    outcome: {
      at: ERASED_AT,
      applied: GROUPS,
      remains: [
        {
          source: 'payments',
          category: 'payments',
          count: 2,
          fields: ['id', 'amount'],
          basis: 'legal-obligation: tax',
          until: '2033-12-31',
        },
      ],
      artifacts: [],
      orders: 2,
      bytes: 'pending',
    },
    ...given,
  };
}

/** An order of R-000001 for a row of users. */
export function anOrder(given: Partial<WorkOrder> = {}): Omit<WorkOrder, 'id'> {
  return {
    state: 'ordered',
    subject: 1,
    source: 'users',
    action: 'delete',
    digest: 'ab'.repeat(32),
    tag: 7,
    sealed: 'sealed',
    fields: [],
    record: 1,
    request: 1,
    orderedAt: ERASED_AT,
    endedAt: undefined,
    ...given,
  };
}

/** Puts an entry into a register. */
export function add<K extends RegisterKind>(
  ledger: Ledger,
  kind: K,
  entry: Omit<Registers[K], 'id'>,
  act: Partial<ActEntry> = {},
): Promise<Registers[K]> {
  return ledger.store.act({ act: 'test.done', at: NOW, actor, ...act }, (tx) => tx.add(kind, entry));
}

/** Writes an audit entry and nothing else. */
export function note(ledger: Ledger, act: Partial<ActEntry>): Promise<void> {
  return ledger.store.act({ act: 'test.done', at: NOW, actor, ...act }, async () => {});
}

/** Changes the request as later acts would. */
export function change(ledger: Ledger, change: (request: Request) => Partial<Request>): Promise<void> {
  return ledger.store.act({ act: 'test.done', at: NOW, actor }, async (tx) => {
    const request = await tx.entry('request', 1);
    if (request !== undefined) await tx.put('request', { ...request, ...change(request) });
  });
}
