import { renderProblem, UserError } from '../../src/base/errors.ts';
import { parsePolicy } from '../../src/policy/parse.ts';

/** The problems of a policy text as they are shown, or none when it parses. */
export function problemsOf(text: string): string[] {
  const fault = faultOf(text);
  return fault === undefined ? [] : fault.problems.map(renderProblem);
}

/** The error that a policy text gives; anything but a UserError is thrown on. */
export function faultOf(text: string): UserError | undefined {
  try {
    parsePolicy(text, 'dsr.yaml');
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** The sketch of the design, section 4. */
export const SKETCH = `controller: { name: LiveJournal.com, contact: privacy@livejournal.com, phone: 415-344-0056, zone: America/Los_Angeles, regimes: [ccpa, coppa], holidays: US }
effective: 2005-01-05
children: { coppa: { under: 13, consent: { all_of: [registration, policy_reviewed, payment, email_second_authorisation], within: P14D, source: controller } } }
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: { column: email, confirmed: email_ok }, username: user }
    birth_date: dob
    never: [password_hash, card_number]
    verify: { usable: [email, dob, postcode] }
    category: account
    fields: { email: user.contact.email, name: user.name, dob: user.demographic.date_of_birth }
  messages:
    files: "messages*.ndjson"
    format: ndjson
    mode: append
    key: [id]
    parties: { author: { user_id: from }, recipient: { user_id: to } }
    free_text: [body]
    category: messages
  payments:
    files: "payments*.csv"
    format: { type: csv, delimiter: ";", encoding: latin1 }
    mode: append
    key: [id]
    subject: { user_id: user_id }
    date: { column: date, format: M/D/YYYY }
    payment: true
    category: payments
    fields: [amount, name, card]
  access_log:
    files: "access*.log*"
    format: combined
    subject: { username: user, cookie: "query.sid" }
    weak: { ip: host }
    category: server_log
categories:
  account:    { on_delete: erase, keep: [{ fields: [name, email], when: [dispute, chargeback, ban], basis: legal-claims, for: P3Y, source: controller }] }
  payments:   { on_delete: retain, keep: [{ fields: [id, date, amount, name], basis: "legal-obligation: tax", for: P7Y, from: end-of-year, source: law }] }
  messages:   { on_delete: { author: anonymise-author, recipient: keep } }
  server_log: { expire: P90D, source: controller, on_delete: { count_by: [hour, path, status] } }
recipients:
  card-processor: { role: processor, categories: [payments], since: 2004-01-01, agreement: true }
`;
