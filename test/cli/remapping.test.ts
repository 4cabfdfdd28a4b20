import { describe, expect, test } from 'vitest';
import { planRemapping } from '../../src/cli/commands/policy/remapping.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/types.ts';

const users = `
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: id
    subject: { user_id: id, email: email }
    fields: [nick]
    category: data`;

const log = `
  log:
    files: "access*.log"
    format: combined
    subject: { username: user }
    weak: { ip: host }
    category: log`;

function policyOf(...sources: readonly string[]): Policy {
  const text = `controller: { name: A, contact: a@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
sources:${sources.join('')}
  other:
    files: "other*.csv"
    format: csv
    mode: append
    key: id
    subject: { user_id: user }
    category: data
categories:
  data: { on_delete: erase }
  log: { on_delete: erase }
`;
  return parsePolicy(text, 'dsr.yaml');
}

const both = policyOf(users, log);
const loaded = ['users', 'log'];

describe('what becomes of loaded data under another policy', () => {
  test('nothing, where the mapping is the same', () => {
    expect(planRemapping(both, both, loaded)).toEqual([]);
  });

  test('rows are indexed again where their identifiers are others', () => {
    const next = policyOf(users.replace('email: email', 'username: nick'), log);
    expect(planRemapping(both, next, loaded)).toEqual(['users']);
  });

  test('nothing is indexed where nothing was loaded', () => {
    const next = policyOf(users.replace('email: email', 'username: nick'));
    expect(planRemapping(both, next, [])).toEqual([]);
  });

  const refusals: readonly (readonly [string, Policy, string])[] = [
    [
      'a source with data leaves',
      policyOf(users),
      'source log has data in the ledger and cannot leave the policy',
    ],
    [
      'a table becomes a log',
      policyOf(log.replace('log:', 'users:').replace('access', 'users'), log),
      'cannot become another kind of source',
    ],
    [
      'a log has other identifiers',
      policyOf(users, log.replace('username: user', 'cookie: query.sid')),
      'source log has data in the ledger and cannot change its identifiers',
    ],
    [
      'a table has another key',
      policyOf(users.replace('key: id', 'key: email'), log),
      'source users has data in the ledger and cannot change its key',
    ],
  ];

  test.each(refusals)('refused: %s', (_name, next, message) => {
    expect(() => planRemapping(both, next, loaded)).toThrow(message);
    expect(planRemapping(both, next, [])).toEqual([]);
  });
});
