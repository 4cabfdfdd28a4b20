import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suppressionHex } from '../../../src/people/digests.ts';
import { compareCode } from '../../../src/requests/verification/code.ts';
import { matchPoints, requireDistinct } from '../../../src/requests/verification/data-points.ts';
import { needOf, UNVERIFIED } from '../../../src/requests/verification/need.ts';
import { accountDigest, identifierDigest } from '../../../src/requests/verification/proof.ts';
import { MAX_TRIES, requireTriesLeft } from '../../../src/requests/verification/tries.ts';
import { afterTry, requireOtherProof } from '../../../src/requests/verification/verification.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import type { Request, SentCode } from '../../../src/store/registers.ts';
import {
  ACCOUNT,
  COMMENT,
  EMAIL,
  OTHER_ACCOUNT,
  POLICY,
  PROVER,
  TEXT,
  viewOf,
} from './verification-views.ts';

const LEDGER = {
  ...PROVER,
  now: '2026-03-02T09:00:00Z',
  actor: { name: 'ada', login: 'ada' },
} as unknown as Ledger;
const VIEW = viewOf([ACCOUNT, OTHER_ACCOUNT, COMMENT, TEXT]);

function received(type: Request['type'] = 'access'): Request {
  return {
    ...{ id: 1, state: 'received', subject: 7, type, regime: 'ccpa', level: 'specific', requester: 'self' },
    ...{ receivedOn: '2026-03-02', dueOn: undefined, verification: UNVERIFIED, history: [], notes: [] },
  } as unknown as Request;
}

/** The right values, by the columns that a policy calls usable. */
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  email: ['ada@example.org'],
  phone: ['+441632960001'],
  born: ['1990-12-10', '1985-01-02'],
  zip: ['10115', '75001'],
};

const wrong = fc
  .uniqueArray(fc.constantFrom('email', 'phone', 'born', 'zip', 'nick', 'user_id'), { minLength: 1 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .oneof(fc.string(), fc.constantFrom('ada', '1', '10115', '75001', 'ada@example.org', '1990-12-10'))
          .filter((value) => !(RIGHT[name] ?? []).includes(value.normalize('NFKC').trim().toLowerCase()))
          .filter((value) => name !== 'email' || !value.toLowerCase().includes('ada@example'))
          .filter((value) => name !== 'phone' || !value.includes('1632'))
          .map((value) => ({ name, value })),
      ),
    ),
  );

describe('tries', () => {
  it('no sequence of wrong points ever verifies, and the fourth is not even compared', () => {
    fc.assert(
      fc.property(fc.array(wrong, { minLength: 1, maxLength: 6 }), (tries) => {
        let request = received();
        let made = 0;
        for (const points of tries) {
          if (request.verification.tries >= MAX_TRIES) {
            expect(() => requireTriesLeft(request)).toThrow('three tries were made');
            continue;
          }
          requireDistinct(points, POLICY);
          const need = needOf(request, POLICY);
          const finding = { ...matchPoints([VIEW], points, PROVER), needed: need.points, isGuess: true };
          const tried = afterTry(LEDGER, request, { attempt: { method: 'data-points' }, need, finding });
          made += 1;
          expect(tried.matched).toBe(0);
          expect(tried.verified).toBe(false);
          expect(tried.request.verification).toMatchObject({ verified: false, tries: made });
          expect(tried.request.verification.proved).toBeUndefined();
          request = tried.request;
        }
        expect(request.verification.tries).toBeLessThanOrEqual(MAX_TRIES);
      }),
    );
  });

  it('no code but the one that was sent is the one, and that only for this request and person', () => {
    const code = sent(received(), '01234567');
    const given = (request: Request, words: string) =>
      compareCode(LEDGER, { ...request, verification: { ...UNVERIFIED, code } }, [VIEW], words).matched;
    expect(given(received(), '0123 4567')).toBe(1);
    expect(given({ ...received(), id: 2 }, '01234567')).toBe(0);
    expect(given({ ...received(), subject: 8 }, '01234567')).toBe(0);
    const others = fc
      .oneof(fc.string(), fc.integer({ min: 0, max: 99_999_999 }).map(String))
      .filter((words) => words.replace(/[\s-]/g, '') !== '01234567');
    fc.assert(
      fc.property(others, (words) => {
        expect(given(received(), words)).toBe(0);
      }),
    );
  });

  it('a code whose address is not theirs any more opens nothing, right or wrong', () => {
    const code = { ...sent(received(), '01234567'), to: 'cd'.repeat(32) };
    const request = { ...received(), verification: { ...UNVERIFIED, code } };
    expect(() => compareCode(LEDGER, request, [VIEW], '01234567')).toThrow('not theirs any more');
  });
});

/** A code as the ledger keeps it. */
function sent({ id, subject }: Request, digits: string): SentCode {
  const value = `${id}:${subject ?? ''}:${digits}`;
  return {
    digest: suppressionHex(PROVER.keys.suppression, { kind: 'dsr:code', value }),
    ...{ sentAt: [LEDGER.now], expiresAt: LEDGER.now, kind: 'email' },
    to: identifierDigest(PROVER, EMAIL),
  };
}

describe('points', () => {
  const point = (name: string, value: string) => ({ name, value });

  it.each([
    ['all on one account count', [point('born', '1990-12-10'), point('zip', '10115')], 2],
    ['those of two accounts never count together', [point('born', '1990-12-10'), point('zip', '75001')], 1],
    ['what a profile shows never counts', [point('nick', 'ada'), point('zip', '10115')], 1],
    ['a column that is not usable never counts', [point('user_id', '1'), point('id', '1')], 0],
    [
      'they are compared in their normal form',
      [point('email', ' ADA@Example.org '), point('zip', '10115')],
      2,
    ],
    ['an empty value matches nothing', [point('email', ''), point('zip', '')], 0],
  ] as const)('%s', (_, points, matched) => {
    const match = matchPoints([VIEW], points, PROVER);
    expect(match.matched).toBe(matched);
    if (matched === 2) expect(match.proved).toEqual([accountDigest(PROVER, ACCOUNT.record)]);
  });
});

describe('a correction', () => {
  const edit = (points: readonly string[] | undefined, method = 'data-points') =>
    ({ ...received('edit'), verification: { ...UNVERIFIED, verified: true, method, points } }) as Request;
  const change = (field: string) => [{ source: 'users', key: undefined, field, value: 'x' }];

  it.each([
    ['of a point that was needed is refused', edit(['users.email', 'users.zip']), 'zip', true],
    ['of something else is not', edit(['users.email', 'users.zip']), 'born', false],
    [
      'of one point more than was needed is not',
      edit(['users.email', 'users.zip', 'users.born']),
      'zip',
      false,
    ],
    ['of the address to which the code went is refused', edit(['code:users.email'], 'code'), 'email', true],
    [
      'of one of two addresses to which codes went is not',
      edit(['code:users.email', 'code:users.phone'], 'code'),
      'email',
      false,
    ],
    [
      'of the address to which a code went is refused, where one point beside it is too little',
      edit(['users.email', 'users.zip', 'code:users.email'], 'code'),
      'email',
      true,
    ],
    ['under a law that does not say so is not', { ...edit(['users.zip']), regime: 'gdpr' }, 'zip', false],
    ['by somebody who is signed in is not', edit(undefined, 'account'), 'email', false],
  ] as const)('%s', (_, request, field, isRefused) => {
    const check = () => requireOtherProof(request, change(field), POLICY);
    if (isRefused) expect(check).toThrow('11 CCR §7060(h)');
    else expect(check).not.toThrow();
  });
});

describe('what was proved', () => {
  const need = needOf(received('delete'), POLICY);
  const proved = (one: string) => ({
    matched: 1,
    needed: 1,
    proved: [one],
    points: ['users.email'],
    isGuess: true,
  });

  it('adds up, and a wrong try afterwards takes nothing away and still counts', () => {
    const first = afterTry(LEDGER, received('delete'), {
      attempt: { method: 'code' },
      need,
      finding: proved('a'),
    });
    const second = afterTry(LEDGER, first.request, {
      attempt: { method: 'code' },
      need,
      finding: proved('b'),
    });
    expect(second.request.verification.proved).toEqual(['a', 'b']);
    const wrongTry = { ...proved('c'), matched: 0, needed: 3 };
    const third = afterTry(LEDGER, second.request, {
      attempt: { method: 'data-points' },
      need,
      finding: wrongTry,
    });
    expect(third.verified).toBe(false);
    expect(third.request).toMatchObject({
      state: 'verified',
      verification: { verified: true, method: 'code', proved: ['a', 'b'], tries: 3 },
    });
  });

  it('for less is not kept for more', () => {
    const less = { ...UNVERIFIED, verified: true, method: 'none', degree: 'none' } as const;
    const before: Request = {
      ...received('delete'),
      state: 'verified',
      verification: { ...less, proved: ['a'] },
    };
    const { request } = afterTry(LEDGER, before, { attempt: { method: 'code' }, need, finding: proved('b') });
    expect(request.verification).toMatchObject({ proved: ['b'], degree: 'reasonably-high' });
  });
});
