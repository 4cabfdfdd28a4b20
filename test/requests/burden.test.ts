import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { burdenOfFee, burdenOfRefusal, findingOf, parseAmount } from '../../src/requests/burden.ts';
import type { RequestType } from '../../src/store/registers.ts';

const ACTING = { now: '2026-01-05T09:00:00Z', actor: { name: 'ada', login: 'ada' } };
const NOTED = { at: ACTING.now, actor: 'ada' };

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
}

test.each([
  ['unfounded', 'unfounded'],
  ['manifestly-unfounded', 'unfounded'],
  ['excessive', 'excessive'],
  ['manifestly-excessive', 'excessive'],
  ['no-match', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('the reason %s finds %s', (reason, finding) => {
  expect(findingOf(reason)).toBe(finding);
});

describe('a refusal', () => {
  const refuse = (regime: string, reason: string, note?: string) =>
    burdenOfRefusal(ACTING, { regime, burden: undefined }, reason, note);

  test('as excessive is noted with who found it so', () => {
    expect(refuse('gdpr', 'manifestly-excessive', 'the fourth this week')).toEqual({
      ...NOTED,
      finding: 'excessive',
      fee: undefined,
    });
  });

  test('for another reason holds nothing against the request', () => {
    expect(refuse('gdpr', 'no-match')).toBeUndefined();
  });

  test.each([undefined, '', '  '])('whose facts are not written down (%j) is refused', (note) => {
    expect(codeOf(() => refuse('ccpa', 'manifestly-unfounded', note))).toBe('burden-not-shown');
  });

  test.each(['lgpd', 'pipeda', 'coppa'])('of a kind that %s does not know is refused', (regime) => {
    expect(codeOf(() => refuse(regime, 'unfounded', 'a note'))).toBe('no-such-ground');
  });
});

describe('a fee', () => {
  const ask = (regime: string, type: RequestType, reason: string | undefined, note?: string) =>
    burdenOfFee(ACTING, { regime, type }, { reason, amount: 'EUR 15', note });

  test('instead of a refusal', () => {
    expect(ask('gdpr', 'access', 'excessive', 'the fourth this week')).toEqual({
      ...NOTED,
      finding: 'excessive',
      fee: 'EUR 15',
    });
  });

  test('that the law lets anybody be asked', () => {
    expect(ask('pipeda', 'access', undefined)).toEqual({ ...NOTED, finding: undefined, fee: 'EUR 15' });
  });

  test.each<[string, string, RequestType, string | undefined, string]>([
    ['of a request that nothing was found of', 'gdpr', 'access', 'routine', 'fee-forbidden'],
    ['for an opt-out', 'ccpa', 'opt-out', 'excessive', 'fee-forbidden'],
    ['under a law that makes all free', 'lgpd', 'access', 'excessive', 'fee-forbidden'],
    ['whose facts are not written down', 'gdpr', 'access', 'excessive', 'burden-not-shown'],
  ])('%s is refused', (_name, regime, type, reason, code) => {
    expect(codeOf(() => ask(regime, type, reason))).toBe(code);
  });
});

test.each(['EUR 15', 'USD 12.50', 'GBP 999999.99'])('%s is an amount', (words) => {
  expect(parseAmount(words)).toBe(words);
});

test.each(['15', 'EUR15', 'eur 15', 'EUR 0', 'EUR -1', 'EUR 1.5', 'EUR 1000000', 'EUR 15 or so', ''])(
  '%j is none',
  (words) => {
    expect(codeOf(() => parseAmount(words))).toBe('usage');
  },
);
