import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dsr } from './program.ts';

/** A small service: accounts, payments, messages between two people, a web-server log. */
const FILES: Readonly<Record<string, string>> = {
  'policy.yaml': `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, username: name, email: email }
    birth_date: born
    visible: [name]
    verify: { usable: [email, born, zip] }
    category: account
    fields: [zip]
  payments:
    files: "payments*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    date: paid_on
    payment: true
    category: payments
    fields: [amount]
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: id
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    date: sent
    free_text: [body]
    category: messages
  access_log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: server_log
categories:
  account: { on_delete: erase }
  payments:
    on_delete: retain
    keep: [{ fields: [id, paid_on, amount], basis: tax, for: P7Y, from: end-of-year, source: law }]
  messages: { on_delete: { author: anonymise-author, recipient: keep } }
  server_log: { on_delete: { count_by: [hour, path, status] } }
`,
  'users.csv': `id,name,email,born,zip
1,ada,ada@example.org,1990-12-10,10115
2,bea,bea@example.org,2012-01-02,75001
3,cid,cid@example.org,1970-05-05,00100
`,
  'payments.csv': `id,user,paid_on,amount
p1,1,2025-11-20,9.99
p2,2,2025-12-01,7.50
`,
  'messages.ndjson': `{"id":1,"from":1,"to":2,"sent":"2025-12-24","body":"from ada"}
{"id":2,"from":2,"to":1,"sent":"2025-12-25","body":"from bea"}
{"id":3,"from":2,"to":3,"sent":"2025-12-26","body":"between others"}
`,
  'access.log': `203.0.113.9 - ada [26/Dec/2025:10:01:00 +0000] "GET /b HTTP/1.1" 200 10 "-" "agent"
203.0.113.9 - ada [24/Dec/2025:10:00:00 +0000] "GET /a HTTP/1.1" 200 10 "-" "agent"
203.0.113.7 - bea [24/Dec/2025:10:02:00 +0000] "GET /c HTTP/1.1" 200 10 "-" "agent"
203.0.113.9 - - [24/Dec/2025:10:03:00 +0000] "GET /d HTTP/1.1" 200 10 "-" "agent"
`,
};

/** A new folder with the service's ledger, all exports loaded; the caller removes it. */
export async function makeService(): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'dsr-service-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  const exports = Object.keys(FILES).filter((name) => name !== 'policy.yaml');
  for (const argv of [
    ['init', '--policy', 'policy.yaml'],
    ['ingest', ...exports],
  ]) {
    const { exit, stderr } = await dsr(argv, { cwd });
    if (exit !== 0) throw new Error(`dsr ${argv.join(' ')}: ${stderr}`);
  }
  return cwd;
}
