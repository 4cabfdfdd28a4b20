import { describe, expect, test } from 'vitest';
import { compileParties, compileReach, partiesOf, reachOf } from '../../src/people/identities.ts';
import { tableSource } from '../../src/policy/find.ts';
import type { TableSource } from '../../src/policy/types.ts';
import { id, KEYS, policyOf } from './helpers/memory-people.ts';

const POLICY = policyOf(
  `
  users: { files: "u*", format: csv, mode: snapshot, account: true, key: [id], category: all,
    subject: { email: { column: email, confirmed: email_ok }, username: name, user_id: id, badge: badge } }
  clubs: { files: "c*", format: csv, mode: snapshot, account: true, key: [club, number], category: all, subject: { user_id: code } }
  messages: { files: "m*", format: ndjson, mode: append, key: [n], category: all,
    parties: { author: { user_id: from, cookie: sid }, recipient: { user_id: to } } }`,
  'identifiers: { badge: { strength: account, normalise: fold-case } }',
);

function source(name: string): TableSource {
  const found = tableSource(POLICY, name);
  if (found === undefined) throw new Error(name);
  return found;
}

const row = (fields: Record<string, string | number | boolean | null>) => new Map(Object.entries(fields));

describe('the parties of a row', () => {
  test('hold their identifiers strongest first, of one strength as the policy lists the kinds', () => {
    const fields = row({ id: 7, name: ' Ada ', email: 'ADA@example.org', email_ok: 'yes', badge: 'X1' });
    expect(partiesOf(source('users'), POLICY, fields)).toEqual([
      {
        role: 'subject',
        identifiers: [
          { identifier: id('user_id:7'), strength: 'account', confirmed: true, column: 'id' },
          { identifier: id('username:ada'), strength: 'account', confirmed: true, column: 'name' },
          { identifier: id('badge:x1'), strength: 'account', confirmed: true, column: 'badge' },
          { identifier: id('email:ada@example.org'), strength: 'contact', confirmed: true, column: 'email' },
        ],
      },
    ]);
  });

  test('are left out without any identifier', () => {
    const fields = row({ n: 'a', from: null, sid: '', to: '7' });
    expect(partiesOf(source('messages'), POLICY, fields).map(({ role }) => role)).toEqual(['recipient']);
  });

  test.each([
    ['1', true],
    ['yes', true],
    ['2020-01-01 00:00:00', true],
    [1, true],
    [true, true],
    ['0', false],
    ['', false],
    [' No ', false],
    ['FALSE', false],
    ['NULL', false],
    ['\\N', false],
    ['0000-00-00 00:00:00', false],
    [0, false],
    [false, false],
    [null, false],
  ])('an e-mail with %j beside it is proved: %j', (value, expected) => {
    const fields = row({ id: '7', email: 'ada@example.org', email_ok: value });
    const [party] = partiesOf(source('users'), POLICY, fields);
    expect(party?.identifiers.at(-1)?.confirmed).toBe(expected);
  });

  test('an e-mail whose column of proof is missing is not proved', () => {
    const [party] = partiesOf(source('users'), POLICY, row({ id: '7', email: 'ada@example.org' }));
    expect(party?.identifiers.at(-1)?.confirmed).toBe(false);
  });

  test('compiled for other columns they are the same', () => {
    const read = compileParties(source('users'), POLICY, ['email_ok', 'email', 'id']);
    const fields = row({ id: '7', email: 'ada@example.org', email_ok: '1' });
    expect(read(['1', 'ada@example.org', '7'])).toEqual(partiesOf(source('users'), POLICY, fields));
  });
});

describe('the reach of a row', () => {
  const reach = (text: string) => KEYS.hasher.reach(id(text));

  test('has one digest for each distinct identifier', () => {
    const fields = row({ n: 'a', from: '7', to: '7', sid: 'c' });
    expect(reachOf(source('messages'), POLICY, KEYS.hasher, fields)).toEqual([
      reach('user_id:7'),
      reach('cookie:c'),
    ]);
  });

  test('of an account with its key among its identifiers has no more', () => {
    expect(reachOf(source('users'), POLICY, KEYS.hasher, row({ id: '7' }))).toEqual([reach('user_id:7')]);
  });

  test('of an account without has one for its key', () => {
    const read = compileReach(source('clubs'), POLICY, KEYS.hasher);
    const [club, ...others] = read(['x', '7', null]);
    expect([club, ...others]).toEqual([KEYS.hasher.reach({ kind: 'account:clubs', value: '["x","7"]' })]);
    expect(read(['x', '7', 'k'])).toEqual([reach('user_id:k'), club]);
    expect(read(['y', '7', 'k'])).not.toContain(club);
  });
});
