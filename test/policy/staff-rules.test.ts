import { expect, test } from 'vitest';
import { SSH_VECTORS, TOKEN_KEY, WEAK_KEY } from '../requests/approval/ssh-vectors.ts';
import { problemsOf } from './policy-texts.ts';

const KEY = SSH_VECTORS[0]?.key ?? '';
const BASE = `controller: { name: A, contact: a@example.org, zone: UTC, regimes: [gdpr] }
effective: 2026-01-01
categories: { a: { on_delete: erase } }
sources: { t: { files: "u*.csv", format: csv, mode: append, key: id, category: a, subject: { user_id: id } } }
`;

test.each([
  [
    'staff with a key, and four eyes that are theirs',
    `staff: { ada: { roles: [planner] }, grace: { roles: [approver], keys: ["${KEY}"] } }\nfour_eyes: { types: [delete], signed: true }`,
    [],
  ],
  ['four eyes where nobody is named', 'four_eyes: { types: [delete] }', []],
  [
    'a key that is none',
    'staff:\n  grace:\n    roles: [approver]\n    keys: ["ssh-ed25519 AAAA"]',
    ['dsr.yaml:8:12: staff.grace.keys[0]: this is not a public key of SSH'],
  ],
  [
    'a key of a security token',
    `staff:\n  grace:\n    roles: [approver]\n    keys: ["${TOKEN_KEY}"]`,
    ['dsr.yaml:8:12: staff.grace.keys[0]: keys of security tokens (sk-…) are not supported'],
  ],
  [
    'a key that proves too little',
    `staff:\n  grace:\n    roles: [approver]\n    keys: ["${WEAK_KEY}"]`,
    ['dsr.yaml:8:12: staff.grace.keys[0]: an RSA key of fewer than 2048 bits proves too little'],
  ],
  [
    'one key of two people',
    `staff:\n  ada: { roles: [planner], keys: ["${KEY}"] }\n  grace:\n    roles: [approver]\n    keys: ["${KEY} again"]`,
    ['dsr.yaml:9:12: staff.grace.keys[0]: the key stands under staff twice'],
  ],
  [
    'four eyes, and nobody who approves',
    'staff: { ada: { roles: [planner] } }\nfour_eyes: { types: [delete] }',
    ['dsr.yaml:6:1: four_eyes: nobody under staff is an approver'],
  ],
  [
    'four eyes on what staff do by hand, which has no plan',
    'four_eyes: { types: [delete, opt-out] }',
    ['dsr.yaml:5:30: four_eyes.types[1]: requests of this type have no plan to approve'],
  ],
  [
    'signed four eyes, and nobody with a key',
    'staff: { grace: { roles: [approver] } }\nfour_eyes: { types: [delete], signed: true }',
    ['dsr.yaml:6:31: four_eyes.signed: no approver under staff has a key to sign with'],
  ],
])('%s', (_name, text, problems) => {
  expect(problemsOf(`${BASE}${text}\n`)).toEqual(problems);
});
