import { expect, test } from 'vitest';
import { burdenRules, findFeeRule } from '../../src/law/fees.ts';
import { REGIME_NAMES } from '../../src/law/regimes.ts';

test.each(REGIME_NAMES)('%s has rules on fees, each with its source', (regime) => {
  const { free, ...others } = burdenRules(regime);
  expect(free.source).not.toBe('no rule is known');
  for (const rule of [free, ...Object.values(others)]) {
    expect(rule.source).toMatch(/\w/);
    expect(rule.from).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

test.each([
  ['gdpr', 'access', 'finding', 'GDPR Art. 12(5)(a)'],
  ['gdpr', 'access', 'answer', undefined],
  ['gdpr', 'access', 'further-copy', 'GDPR Art. 15(3)'],
  ['gdpr', 'delete', 'further-copy', undefined],
  ['ccpa', 'access', 'further-copy', undefined],
  ['uk-gdpr', 'delete', 'finding', 'UK GDPR Art. 12(5)(a)'],
  ['ccpa', 'delete', 'finding', 'Cal. Civ. Code §1798.145(h)(3)'],
  ['ccpa', 'opt-out', 'finding', undefined],
  ['ccpa', 'limit', 'finding', undefined],
  ['lgpd', 'access', 'finding', undefined],
  ['coppa', 'parental-review', 'finding', undefined],
  ['pipeda', 'access', 'answer', 'PIPEDA s. 8(6)'],
  ['australia', 'edit', 'finding', undefined],
  ['australia', 'access', 'answer', 'APP 12.8'],
  ['new-zealand', 'edit', 'answer', undefined],
  ['moon', 'access', 'finding', undefined],
] as const)('a fee under %s for %s, for the %s, rests on %s', (regime, type, ground, source) => {
  expect(findFeeRule(regime, type, ground)?.source).toBe(source);
});
