import { describe, expect, it } from 'vitest';
import { verificationRule } from '../../src/law/verification.ts';
import {
  isVerifiedFor,
  needOf,
  requireIdentityAsked,
  verificationAtOpening,
} from '../../src/requests/verification/need.ts';
import { POLICY } from '../rights/example-policy.ts';

const CASES = [
  ['an opt-out asks nobody for identity', 'opt-out', 'specific', 'ccpa', 'none', 0, false],
  ['a limit asks nobody for identity', 'limit', 'specific', 'ccpa', 'none', 0, false],
  ['an opt-in is confirmed in two steps instead', 'opt-in', 'specific', 'ccpa', 'none', 0, false],
  ['an objection to marketing asks for nothing', 'objection', 'specific', 'gdpr', 'none', 0, false],
  ['consent goes as it came', 'consent-withdrawal', 'specific', 'gdpr', 'none', 0, false],
  ['anybody may complain', 'complaint', 'specific', 'uk-gdpr', 'none', 0, false],
  ['what is unclear gives nothing yet', 'unclear', 'specific', 'gdpr', 'none', 0, false],
  ['California: two points open categories', 'access', 'categories', 'ccpa', 'reasonable', 2, false],
  [
    'California: three and a declaration open specific pieces',
    'access',
    'specific',
    'ccpa',
    'reasonably-high',
    3,
    true,
  ],
  [
    'California: a copy to carry away is specific pieces',
    'portability',
    'specific',
    'ccpa',
    'reasonably-high',
    3,
    true,
  ],
  ['California: a deletion is reasonably high', 'delete', 'specific', 'ccpa', 'reasonably-high', 3, false],
  ['California: a correction is reasonable', 'edit', 'specific', 'ccpa', 'reasonable', 2, false],
  ['Europe: specific pieces need no declaration', 'access', 'specific', 'gdpr', 'reasonably-high', 3, false],
  ['Europe: categories need less', 'access', 'categories', 'gdpr', 'reasonable', 2, false],
  ['Europe: a deletion is reasonably high', 'delete', 'specific', 'gdpr', 'reasonably-high', 3, false],
  ['Europe: a restriction is reasonable', 'restrict', 'specific', 'gdpr', 'reasonable', 2, false],
  [
    'Virginia: a deletion is reasonably high',
    'delete',
    'categories',
    'virginia',
    'reasonably-high',
    3,
    false,
  ],
  ['Colorado: categories need less', 'access', 'categories', 'colorado', 'reasonable', 2, false],
  [
    'a law that is not named here asks as Europe does',
    'delete',
    'specific',
    'lgpd',
    'reasonably-high',
    3,
    false,
  ],
] as const;

describe('what is to be shown', () => {
  it.each(CASES)('%s', (_, type, level, regime, degree, points, declaration) => {
    expect(needOf({ type, level, regime }, POLICY)).toMatchObject({ degree, points, declaration });
    expect(verificationRule(type, level, regime).source).not.toBe('');
  });

  it('lets a policy ask for more than a law names, and never for less', () => {
    const limits = (points: number) => ({ limits: { ...POLICY.limits, pointsSpecific: points } });
    const asked = { type: 'delete', level: 'specific' } as const;
    expect(needOf({ ...asked, regime: 'ccpa' }, limits(1)).points).toBe(3);
    expect(needOf({ ...asked, regime: 'ccpa' }, limits(5)).points).toBe(5);
    expect(needOf({ ...asked, regime: 'gdpr' }, limits(1)).points).toBe(1);
  });

  it('falls to categories in California alone', () => {
    expect(verificationRule('access', 'specific', 'ccpa').fallsTo?.level).toBe('categories');
    expect(verificationRule('access', 'specific', 'gdpr').fallsTo).toBeUndefined();
    expect(verificationRule('delete', 'specific', 'ccpa').fallsTo).toBeUndefined();
  });
});

describe('at opening', () => {
  it.each(['opt-out', 'opt-in', 'limit', 'objection', 'consent-withdrawal', 'complaint'] as const)(
    '%s is verified at once, by nothing',
    (type) => {
      const opened = verificationAtOpening(type);
      expect(opened.state).toBe('verified');
      expect(opened.verification).toMatchObject({ verified: true, method: 'none', needed: 0 });
      expect(() => requireIdentityAsked({ type, level: 'specific', regime: 'ccpa' }, POLICY)).toThrow(
        'asks nobody for identity',
      );
    },
  );

  it.each(['access', 'edit', 'delete', 'portability', 'restrict', 'parental-review', 'unclear'] as const)(
    '%s waits for its verification, or for what it is',
    (type) => {
      expect(verificationAtOpening(type)).toMatchObject({
        state: 'received',
        verification: { verified: false },
      });
    },
  );

  it('what was verified for nothing is not verified once it turns out to be more', () => {
    const { verification } = verificationAtOpening('opt-out');
    const asked = { level: 'specific', regime: 'ccpa', verification } as const;
    expect(isVerifiedFor({ ...asked, type: 'opt-out' })).toBe(true);
    expect(isVerifiedFor({ ...asked, type: 'delete' })).toBe(false);
    const reasonable = { ...verification, degree: 'reasonable' } as const;
    expect(isVerifiedFor({ ...asked, type: 'access', level: 'categories', verification: reasonable })).toBe(
      true,
    );
    expect(isVerifiedFor({ ...asked, type: 'access', verification: reasonable })).toBe(false);
  });
});
