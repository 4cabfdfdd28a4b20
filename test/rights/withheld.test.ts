import { describe, expect, it, test } from 'vitest';
import { neverDisclosed } from '../../src/law/never-disclosed.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { GivenRow } from '../../src/rights/access-package.ts';
import { disclosable } from '../../src/rights/withheld.ts';

describe('what a Californian answer never holds', () => {
  it.each([
    [
      'user.government_id.national_identification_number',
      'a Social Security or other national identification number',
    ],
    ['user.government_id.drivers_license_number', "a driver's licence number"],
    ['user.government_id.of_a_kind_to_come', 'a government-issued identification number'],
    ['user.financial.bank_account', 'a bank account number'],
    ['user.financial.credit_card', 'a payment card number'],
    ['user.health_and_medical.insurance_beneficiary_id', 'a health insurance number'],
    ['user.health_and_medical.record_id', 'a medical identification number'],
    ['user.authorization.password', 'an account password'],
    ['user.authorization.credentials', 'an account password, or a security question or answer'],
    ['user.biometric.voice', 'a voiceprint'],
    ['user.biometric', 'unique biometric data'],
  ])('%s', (category, type) => {
    expect(neverDisclosed('ccpa', category)).toMatchObject({ type, rule: '11 CCR §7024(d)' });
    for (const regime of ['gdpr', 'uk-gdpr', 'coppa', 'constructor'])
      expect(neverDisclosed(regime, category)).toBeUndefined();
  });

  it.each([
    'user.contact.email',
    'user.payment',
    'user.health_and_medical',
    'user.financials',
    'user',
    undefined,
  ])('but %s', (category) => {
    expect(neverDisclosed('ccpa', category)).toBeUndefined();
  });
});

const policy = parsePolicy(
  `
controller: { name: Example, contact: privacy@example.org, zone: UTC, regimes: [ccpa] }
effective: 2026-01-01
identifiers: { ssn: { strength: account, normalise: verbatim } }
sources:
  users: { files: "u*.csv", format: csv, mode: snapshot, account: true, key: id, subject: { user_id: id, ssn: ssn }, category: account, fields: { ssn: user.government_id.national_identification_number, pin: user.authorization.password, bio: user.content } }
  forms: { files: "f*.csv", format: csv, mode: append, key: id, subject: { ssn: number }, category: account, fields: [text] }
categories: { account: { on_delete: erase } }
`,
  'dsr.yaml',
);

const row = (source: string, fields: Readonly<Record<string, string>>): GivenRow => ({
  ...{ source, roles: ['subject'], state: 'active', basis: undefined, until: undefined, contested: [] },
  fields: new Map(Object.entries(fields)),
});

const theirs = {
  rows: [
    row('users', { id: '1', ssn: '078-05-1120', pin: '', bio: 'hello' }),
    row('forms', { id: '9', number: '078-05-1120', text: 'hi' }),
  ],
  identifiers: [
    { kind: 'user_id', value: '1' },
    { kind: 'ssn', value: '078-05-1120' },
  ],
};

test('a value that may not leave goes wherever it stands, and its type is named where it is held', () => {
  const { rows, identifiers, withheld } = disclosable(theirs, 'ccpa', policy);
  expect(JSON.stringify([rows.map(({ fields }) => [...fields]), identifiers])).not.toContain('078-05');
  expect(rows.map(({ fields }) => Object.fromEntries(fields))).toEqual([
    { id: '1', bio: 'hello' },
    { id: '9', text: 'hi' },
  ]);
  expect(identifiers).toEqual([{ kind: 'user_id', value: '1' }]);
  expect(withheld.map(({ source, field }) => `${source}.${field}`)).toEqual(['users.ssn', 'forms.number']);
});

test('under the GDPR all is given', () => {
  expect(disclosable(theirs, 'gdpr', policy)).toEqual({ ...theirs, withheld: [] });
});
