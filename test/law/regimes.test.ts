import { describe, expect, it } from 'vitest';
import { dueOn, strictestRegime } from '../../src/law/regimes.ts';

describe('the last day for an answer', () => {
  it.each([
    ['gdpr', '2026-03-05', '2026-04-05'],
    ['gdpr', '2026-08-31', '2026-09-30'],
    ['gdpr', '2028-01-31', '2028-02-29'],
    ['uk-gdpr', '2026-01-31', '2026-02-28'],
    ['ccpa', '2026-01-01', '2026-02-15'],
    ['lgpd', '2026-01-20', '2026-02-04'],
    ['coppa', '2026-01-20', undefined],
  ])('%s, received on %s: %s', (regime, received, due) => {
    expect(dueOn(regime, received)).toBe(due);
  });

  it('is that of the strictest law where several may apply', () => {
    expect(strictestRegime(['ccpa', 'gdpr', 'coppa'], '2026-03-05')).toBe('gdpr');
    expect(strictestRegime(['ccpa', 'lgpd'], '2026-03-05')).toBe('lgpd');
  });
});
