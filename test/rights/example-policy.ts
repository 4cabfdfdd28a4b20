import { parsePolicy } from '../../src/policy/parse.ts';

export const POLICY_TEXT = `
controller: { name: Example, contact: privacy@example.org, zone: Europe/Berlin, regimes: [gdpr] }
effective: 2020-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    date: created
    category: account
    grounds: { ban: { column: status, in: [banned] } }
    fields: [id, email, name, status, created]
  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    date: paid
    category: payments
    fields: [id, user, amount, paid, card]
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
    fields: [id, from, to, body]
  access_log:
    files: "access*.log"
    format: combined
    subject: { user_id: user }
    weak: { ip: host }
    category: server_log
categories:
  account:
    on_delete: erase
    keep: [{ fields: [id, email], when: [ban, dispute], basis: legal-claims, for: P3Y, source: controller }]
  payments:
    on_delete: retain
    keep: [{ fields: [id, amount, paid], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }]
  messages: { on_delete: { author: anonymise-author, recipient: keep } }
  server_log: { on_delete: { count_by: [hour, path, status] }, expire: P90D, source: controller }
`;

export const POLICY = parsePolicy(POLICY_TEXT, 'dsr.yaml');
