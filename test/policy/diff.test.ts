import { describe, expect, it } from 'vitest';
import { diffPolicies, mappingChanges } from '../../src/policy/diff.ts';
import { policyDigest } from '../../src/policy/digest.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/types.ts';
import { SKETCH } from './policy-texts.ts';

const before = parsePolicy(SKETCH, 'dsr.yaml');

/** The sketch with one text in it replaced. */
function changed(from: string, to: string): Policy {
  expect(SKETCH).toContain(from);
  return parsePolicy(SKETCH.replace(from, to), 'dsr.yaml');
}

describe('diffPolicies', () => {
  it('finds nothing between a policy and itself, however it is written', () => {
    expect(diffPolicies(before, before)).toEqual([]);
    expect(diffPolicies(before, changed('format: csv', 'format: { type: csv, encoding: utf-8 }'))).toEqual(
      [],
    );
    expect(diffPolicies(before, changed('key: [id]', 'key: id # the same'))).toEqual([]);
    expect(diffPolicies(before, changed('recipients:', 'limits: { plan_valid: P14D }\nrecipients:'))).toEqual(
      [],
    );
  });

  it.each([
    [
      'a period',
      'P7Y',
      'P10Y',
      [{ path: 'categories.payments.keep[0].for', kind: 'changed', old: 'P7Y', new: 'P10Y' }],
    ],
    [
      'an action of a role',
      'recipient: keep',
      'recipient: erase',
      [{ path: 'categories.messages.on_delete.recipient', kind: 'changed', old: 'keep', new: 'erase' }],
    ],
    [
      'an entry of a list',
      '[email, dob, postcode]',
      '[email, dob]',
      [{ path: 'sources.users.verify.usable', kind: 'removed', old: 'postcode' }],
    ],
    [
      'the first entry of a list',
      'free_text: [body]',
      'free_text: [body]\n    visible: [subject]',
      [{ path: 'sources.messages.visible', kind: 'added', new: 'subject' }],
    ],
    [
      'a limit that was a default',
      'recipients:',
      'limits: { scrub_at_once_below: 500MB }\nrecipients:',
      [{ path: 'limits.scrub_at_once_below', kind: 'changed', old: '2GB', new: '500MB' }],
    ],
    [
      'a whole section',
      'recipients:\n  card-processor: { role: processor, categories: [payments], since: 2004-01-01, agreement: true }\n',
      'transfers: [to the US]\n',
      [
        {
          path: 'recipients',
          kind: 'removed',
          old: {
            'card-processor': {
              role: 'processor',
              categories: ['payments'],
              since: '2004-01-01',
              agreement: true,
            },
          },
        },
        { path: 'transfers', kind: 'added', new: 'to the US' },
      ],
    ],
    [
      'the order in which identifiers of one strength decide',
      '{ user_id: id, email: { column: email, confirmed: email_ok }, username: user }',
      '{ username: user, user_id: id, email: { column: email, confirmed: email_ok } }',
      [
        {
          path: 'sources.users.subject',
          kind: 'changed',
          old: ['user_id', 'username', 'email'],
          new: ['username', 'user_id', 'email'],
        },
      ],
    ],
    [
      'a confirmation that is no longer asked for',
      '{ column: email, confirmed: email_ok }',
      'email',
      [{ path: 'sources.users.subject.email.confirmed', kind: 'removed', old: 'email_ok' }],
    ],
    [
      'a log that is kept longer',
      'expire: P90D',
      'expire: P1Y',
      [{ path: 'categories.server_log.expire.after', kind: 'changed', old: 'P90D', new: 'P1Y' }],
    ],
  ])('tells %s in the words of the file', (_name, from, to, expected) => {
    expect(diffPolicies(before, changed(from, to))).toEqual(expected);
  });

  it('tells the same difference the other way round', () => {
    const after = changed('P7Y', 'P10Y');
    expect(diffPolicies(after, before)).toEqual([
      { path: 'categories.payments.keep[0].for', kind: 'changed', old: 'P10Y', new: 'P7Y' },
    ]);
  });
});

describe('mappingChanges', () => {
  it.each([
    ['another period', 'P7Y', 'P10Y', []],
    [
      'another column that is no identifier',
      'fields: [amount, name, card]',
      'fields: [amount, name, card, note]',
      [],
    ],
    [
      'identifiers of a table in another order',
      'user_id: id, email: { column: email, confirmed: email_ok }, username: user',
      'username: user, user_id: id, email: { column: email, confirmed: email_ok }',
      [],
    ],
    ['another column of an identifier', 'user_id: from', 'user_id: sender', ['messages']],
    [
      'an identifier more',
      'subject: { user_id: user_id }',
      'subject: { user_id: user_id, email: mail }',
      ['payments'],
    ],
    ['another key', 'key: [id]', 'key: [user]', ['users']],
    [
      'a confirmation more or less',
      'email: { column: email, confirmed: email_ok }',
      'email: email',
      ['users'],
    ],
    ['another log format', 'format: combined', 'format: common', ['access_log']],
    [
      'identifiers of a log in another order',
      'username: user, cookie: "query.sid"',
      'user_id: user, cookie: "query.sid"',
      ['access_log'],
    ],
    [
      'a kind that is compared otherwise',
      'recipients:',
      'identifiers: { username: { normalise: verbatim } }\nrecipients:',
      ['users', 'access_log'],
    ],
    [
      'a kind of another strength, which changes whose a log line is',
      'recipients:',
      'identifiers: { cookie: { strength: account }, username: { strength: device } }\nrecipients:',
      ['access_log'],
    ],
    ['a source less', / {2}messages:\n(?: {4}.*\n)+/, '', []],
  ])('%s', (_name, from, to, sources) => {
    expect(mappingChanges(before, parsePolicy(SKETCH.replace(from, to), 'dsr.yaml'))).toEqual(sources);
  });
});

describe('policyDigest', () => {
  it('is the SHA-256 of the bytes in UTF-8', () => {
    expect(policyDigest('', {})).toBe(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(policyDigest('é', {})).toBe(
      `sha256:4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c`,
    );
  });
});
