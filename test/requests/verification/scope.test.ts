import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../src/people/identifier.ts';
import {
  accountDigest,
  addressesOf,
  identifierDigest,
  subjectDigest,
} from '../../../src/requests/verification/proof.ts';
import { scopeView, withBrought } from '../../../src/requests/verification/scope.ts';
import {
  requireVerifiedChannel,
  verifiedChannels,
} from '../../../src/requests/verification/verified-channels.ts';
import type { OwnRow, SubjectView } from '../../../src/rights/view.ts';
import type { Request, Verification } from '../../../src/store/registers.ts';
import {
  ACCOUNT,
  COMMENT,
  EMAIL,
  ORDER,
  OTHER_ACCOUNT,
  OTHER_ORDER,
  PHONE,
  PROVER,
  row,
  SECOND,
  TEXT,
  USER,
  viewOf,
} from './verification-views.ts';

const account = ({ record }: OwnRow) => accountDigest(PROVER, record);
const address = (identifier: Identifier) => identifierDigest(PROVER, identifier);
const idsOf = ({ rows }: SubjectView) => rows.map(({ record }) => record.id);

const ONE = viewOf([ACCOUNT, ORDER, COMMENT, TEXT]);
const TWO = viewOf([ACCOUNT, OTHER_ACCOUNT, ORDER, OTHER_ORDER, COMMENT, TEXT], {
  identifiers: [USER, SECOND, EMAIL, PHONE, { kind: 'cookie', value: 'c1' }],
});
const SHARED = viewOf(
  [
    ACCOUNT,
    {
      ...OTHER_ACCOUNT,
      record: { ...OTHER_ACCOUNT.record, fields: new Map([...ACCOUNT.record.fields, ['id', '2']]) },
    },
    ORDER,
    OTHER_ORDER,
    COMMENT,
  ],
  { identifiers: [USER, SECOND, EMAIL] },
);
/** A device is on the second account, and beside a comment of the first; one comment is known by it alone. */
const DEVICE = viewOf(
  [
    ACCOUNT,
    {
      ...OTHER_ACCOUNT,
      record: {
        ...OTHER_ACCOUNT.record,
        fields: new Map([...OTHER_ACCOUNT.record.fields, ['cookie', 'c1']]),
      },
    },
    COMMENT,
    row(7, 'comments', { id: 'c2', from: '', seen: 'c1', text: 'z' }),
  ],
  { identifiers: [USER, SECOND, EMAIL, PHONE, { kind: 'cookie', value: 'c1' }] },
);
const GUEST = viewOf([COMMENT, TEXT], { identifiers: [EMAIL, PHONE, { kind: 'cookie', value: 'c1' }] });

describe('what was proved reaches', () => {
  it.each([
    ['the one account: all that is theirs', ONE, [account(ACCOUNT)], [1, 3, 5, 6]],
    ['a person as a whole: all that is theirs', TWO, [subjectDigest(PROVER, 7)], [1, 2, 3, 4, 5, 6]],
    [
      'an e-mail: its account and its own rows, and not what the telephone reaches',
      ONE,
      [address(EMAIL)],
      [1, 3, 5],
    ],
    [
      'a telephone: its account and its own rows, and not what the e-mail reaches',
      ONE,
      [address(PHONE)],
      [1, 3, 6],
    ],
    ['e-mail and telephone: both', ONE, [address(EMAIL), address(PHONE)], [1, 3, 5, 6]],
    ['one of two accounts: that one and what its addresses reach', TWO, [account(ACCOUNT)], [1, 3, 5, 6]],
    ['the other of two accounts: that one alone', TWO, [account(OTHER_ACCOUNT)], [2, 4]],
    ['an e-mail: not the second account', TWO, [address(EMAIL)], [1, 3, 5]],
    ['both accounts: all', TWO, [account(ACCOUNT), account(OTHER_ACCOUNT)], [1, 2, 3, 4, 5, 6]],
    ['of a guest the e-mail: not what the telephone reaches', GUEST, [address(EMAIL)], [5]],
    ['nothing: nothing', TWO, [], []],
    ['a shared e-mail that is on two accounts: neither of them', SHARED, [address(EMAIL)], [5]],
    ['one of two accounts with a shared e-mail: not the other', SHARED, [account(ACCOUNT)], [1, 3, 5]],
    [
      'one of two accounts: not what a device of the other reaches, though it stands beside',
      DEVICE,
      [account(ACCOUNT)],
      [1, 5],
    ],
    ['an e-mail: the same', DEVICE, [address(EMAIL)], [1, 5]],
    [
      'both accounts: all that the device reaches',
      DEVICE,
      [account(ACCOUNT), account(OTHER_ACCOUNT)],
      [1, 2, 5, 7],
    ],
    ['somebody else: nothing', ONE, [accountDigest(PROVER, { source: 'users', key: '9' })], []],
  ] as const)('%s', (_, view, proved, ids) => {
    const scoped = scopeView(view, new Set(proved), PROVER);
    expect(idsOf(scoped.view)).toEqual(ids);
    const left = scoped.leftOut.reduce((sum, { rows }) => sum + rows, 0);
    expect(left + ids.length).toBe(view.rows.length);
  });

  it('keeps identifiers and log searches of what was left out out', () => {
    const wanted = [EMAIL, PHONE, USER].map((identifier) => ({ source: 'log', identifier }));
    const window = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    const ip = { source: 'log', identifier: { kind: 'ip', value: '203.0.113.9' }, window };
    const { view, leftOut } = scopeView(
      { ...ONE, wanted: [...wanted, ip] },
      new Set([address(EMAIL)]),
      PROVER,
    );
    expect(view.identifiers).not.toContainEqual(PHONE);
    expect(view.wanted.map(({ identifier }) => identifier.kind)).toEqual(['email', 'user_id']);
    expect(leftOut).toEqual([{ knownBy: 'phone', rows: 1 }]);
  });

  it('an e-mail that the account has not confirmed opens no account', () => {
    const fields = new Map(ACCOUNT.record.fields).set('email_ok', 'false');
    const unproved = { ...ACCOUNT, record: { ...ACCOUNT.record, fields } };
    const { view } = scopeView(viewOf([unproved, ORDER, COMMENT]), new Set([address(EMAIL)]), PROVER);
    expect(idsOf(view)).toEqual([5]);
  });

  it('what is kept by law is theirs only with all of it', () => {
    const kept = row(9, 'orders', { id: 'x' }, { state: 'retained', key: 'retained:9' });
    const view = viewOf([...ONE.rows, kept]);
    expect(idsOf(scopeView(view, new Set([address(EMAIL)]), PROVER).view)).not.toContain(9);
    expect(idsOf(scopeView(view, new Set([account(ACCOUNT)]), PROVER).view)).toContain(9);
  });
});

describe('a proved account whose row is gone', () => {
  it('still reaches what it had brought along and what was held back, and nothing of another', () => {
    const proved = new Set(withBrought([TWO], account(ACCOUNT), PROVER));
    const rest = viewOf([OTHER_ACCOUNT, ORDER, OTHER_ORDER, COMMENT, TEXT], { identifiers: TWO.identifiers });
    expect(idsOf(scopeView(rest, proved, PROVER).view)).toEqual([3, 5, 6]);
  });

  it('of a person with one account reaches what is kept by law too', () => {
    const proved = new Set(withBrought([ONE], account(ACCOUNT), PROVER));
    const kept = row(9, 'orders', { id: 'x' }, { state: 'retained', key: 'retained:9' });
    const rest = viewOf([kept, TEXT]);
    expect(idsOf(scopeView(rest, proved, PROVER).view)).toEqual([9, 6]);
    // Another account that is found later has to be proved itself.
    const later = viewOf([OTHER_ACCOUNT, kept, TEXT]);
    expect(idsOf(scopeView(later, proved, PROVER).view)).toEqual([6]);
  });
});

describe('addresses', () => {
  it('are those that are confirmed, with the usable column in which they stand', () => {
    expect(addressesOf(ONE, PROVER)).toEqual([
      { identifier: EMAIL, column: 'users.email', accounts: [account(ACCOUNT)] },
      { identifier: PHONE, column: 'users.phone', accounts: [account(ACCOUNT)] },
    ]);
    // The policy calls the column of a comment not usable: no code goes there.
    expect(addressesOf(GUEST, PROVER).map(({ column }) => column)).toEqual([undefined, undefined]);
  });
});

describe('an answer goes', () => {
  const request = (verification: Partial<Verification>, type: Request['type'] = 'access') =>
    ({
      ...{ type, level: 'specific', regime: 'gdpr', subject: 7 },
      verification: { verified: true, method: 'account', matched: 1, needed: 1, tries: 0, ...verification },
    }) as unknown as Request;

  it.each([
    [
      'with a proved account: there, and to its confirmed addresses',
      { proved: [account(ACCOUNT)] },
      ['account', 'email', 'phone'],
    ],
    ['with a proved e-mail: to that alone', { method: 'code', proved: [address(EMAIL)] }, ['email']],
    [
      'to the agent who has shown that they may',
      { method: 'agent', proved: [account(ACCOUNT)] },
      ['requester', 'account', 'email', 'phone'],
    ],
    ['nowhere before somebody is verified', { verified: false }, []],
  ] as const)('%s', (_, verification, kinds) => {
    const channels = verifiedChannels(request(verification), ONE, PROVER);
    expect(channels?.map(({ kind }) => kind)).toEqual(kinds);
    expect(JSON.stringify(channels)).not.toContain('ada@');
  });

  it('anywhere where nobody has to show anything', () => {
    expect(verifiedChannels(request({}, 'opt-out'), ONE, PROVER)).toBeUndefined();
    expect(() => requireVerifiedChannel(undefined, 'letter', undefined, PROVER)).not.toThrow();
  });

  it('and no other way', () => {
    const channels = verifiedChannels(request({ proved: [address(EMAIL)] }), ONE, PROVER);
    expect(() => requireVerifiedChannel(channels, 'email', EMAIL, PROVER)).not.toThrow();
    expect(() =>
      requireVerifiedChannel(channels, 'email', { kind: 'email', value: 'x@example.org' }, PROVER),
    ).toThrow('an answer goes only where somebody was verified');
    expect(() => requireVerifiedChannel(channels, 'account', undefined, PROVER)).toThrow();
  });
});
