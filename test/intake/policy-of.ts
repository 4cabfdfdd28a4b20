import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/types.ts';

const BASE = `controller: { name: Example, contact: privacy@example.org, zone: Europe/Berlin, regimes: [gdpr, ccpa] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    category: account
categories: { account: { on_delete: erase } }
`;

/** A policy of one table, with more sections where a test needs them. */
export function policyOf(more = ''): Policy {
  return parsePolicy(BASE + more, 'dsr.yaml');
}
