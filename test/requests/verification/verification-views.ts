import { ReachHasher } from '../../../src/people/digests.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import type { OwnRow, SubjectView } from '../../../src/rights/view.ts';
import type { StoredRecord } from '../../../src/store/store.ts';

export const POLICY = parsePolicy(
  `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: { column: email, confirmed: email_ok }, phone: { column: phone, confirmed: phone_ok }, cookie: cookie }
    visible: [nick]
    verify: { usable: [email, phone, born, zip] }
    category: account
    fields: [born, zip, nick]
  orders:
    files: "orders*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    category: account
    fields: [what]
  comments:
    files: "comments*.csv"
    format: csv
    mode: append
    key: id
    subject: { email: from, cookie: seen }
    category: account
    fields: [text]
  texts:
    files: "texts*.csv"
    format: csv
    mode: append
    key: id
    subject: { phone: from }
    category: account
    fields: [text]
categories:
  account: { on_delete: erase }
`,
  'dsr.yaml',
);

const key = new Uint8Array(32).fill(7);

export const PROVER = {
  policy: POLICY,
  keys: { suppression: key, hasher: new ReachHasher(key.slice(0, 16)) },
};

export function row(
  id: number,
  source: string,
  fields: Record<string, string>,
  more: Partial<StoredRecord> = {},
): OwnRow {
  const record: StoredRecord = {
    ...{ id, source, key: fields.id ?? String(id), version: 1, state: 'active', import: 1, line: id },
    ...{ at: undefined, missed: 0, retained: undefined, overlays: [] },
    fields: new Map(Object.entries(fields)),
    ...more,
  };
  return { record, role: 'subject' };
}

export const EMAIL = { kind: 'email', value: 'ada@example.org' };
export const PHONE = { kind: 'phone', value: '+441632960001' };
export const COOKIE = { kind: 'cookie', value: 'c1' };
export const USER = { kind: 'user_id', value: '1' };
export const SECOND = { kind: 'user_id', value: '2' };

export const ACCOUNT = row(1, 'users', {
  ...{ id: '1', email: EMAIL.value, email_ok: 'true', phone: PHONE.value, phone_ok: 'true' },
  ...{ cookie: '', born: '1990-12-10', zip: '10115', nick: 'ada' },
});
export const OTHER_ACCOUNT = row(2, 'users', {
  ...{ id: '2', email: '', email_ok: 'false', phone: '', phone_ok: 'false', cookie: '' },
  ...{ born: '1985-01-02', zip: '75001', nick: 'adele' },
});
export const ORDER = row(3, 'orders', { id: 'o1', user: '1', what: 'tea' });
export const OTHER_ORDER = row(4, 'orders', { id: 'o2', user: '2', what: 'milk' });
export const COMMENT = row(5, 'comments', { id: 'c1', from: EMAIL.value, seen: COOKIE.value, text: 'x' });
export const TEXT = row(6, 'texts', { id: 't1', from: PHONE.value, text: 'y' });

export function viewOf(rows: readonly OwnRow[], more: Partial<SubjectView> = {}): SubjectView {
  return {
    subject: 7,
    subjects: [7],
    rows,
    lines: [],
    identifiers: [USER, EMAIL, PHONE, COOKIE],
    wanted: [],
    notes: [],
    ...more,
  };
}
