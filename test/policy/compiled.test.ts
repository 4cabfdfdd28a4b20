import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findCompiled, POLICY_FORM, renderCompiled } from '../../src/policy/compiled.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { STARTER_POLICY } from '../../src/policy/starter.ts';
import { SKETCH } from './policy-texts.ts';

const FIXTURES = globSync('fixtures/*/dsr.yaml').sort();
const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['the sketch', SKETCH],
  ['the starter policy', STARTER_POLICY],
  ...FIXTURES.map((path) => [path, readFileSync(path, 'utf8')] as const),
];

describe('a policy that is kept beside its text is the policy that the text means', () => {
  test.each(TEXTS)('%s', (_, text) => {
    const policy = parsePolicy(text, 'dsr.yaml');
    const kept = findCompiled(renderCompiled(policy));
    expect(kept).toEqual(policy);
    expect(JSON.stringify(kept)).toBe(JSON.stringify(policy));
  });
});

test('what a dsr of another form has kept is not taken', () => {
  const other = renderCompiled(parsePolicy(SKETCH, 'dsr.yaml')).replace(
    `{"form":${POLICY_FORM}`,
    '{"form":0',
  );
  expect(findCompiled(other)).toBeUndefined();
  expect(findCompiled(undefined)).toBeUndefined();
});

const DESK = `
controller: { name: Lumen, contact: privacy@lumen.example, zone: Europe/Berlin, regimes: [gdpr], holidays: DE }
effective: 2026-01-01
staff: { ada: { roles: [desk, planner] }, grace: { roles: [approver] } }
four_eyes: { types: [delete] }
waiting: { period: P3D }
sources:
  users: { files: "users*.csv", format: csv, mode: snapshot, key: [id], subject: { user_id: id }, category: account }
categories:
  account: { on_delete: erase }
limits: { batch_at_most: 20 }
`;

// Where this fails, the same texts mean other policies than they did: raise POLICY_FORM by one if it was released,
// and write the new digest here. A ledger would go on with what it has kept otherwise.
test('the form is raised whenever known texts come to mean something else', () => {
  const compiled = [SKETCH, DESK].map((text) => renderCompiled(parsePolicy(text, 'dsr.yaml')));
  const digest = createHash('sha256').update(compiled.join('\n')).digest('hex').slice(0, 16);
  expect(`${POLICY_FORM} ${digest}`).toBe('1 b758b89be3105cbe');
});
