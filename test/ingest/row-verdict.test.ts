import { describe, expect, it } from 'vitest';
import { isNewSignUp, type OldAccount } from '../../src/ingest/aside.ts';
import type { GateEntry, SuppressionReason } from '../../src/ingest/gate.ts';
import { judgeLine, type LineVerdict } from '../../src/ingest/line-gate.ts';
import {
  judgeRow,
  type RowFacts,
  type RowVerdict,
  type SeenIdentifier,
  type SeenParty,
} from '../../src/ingest/row-verdict.ts';
import type { Category, ErasureAction, Strength } from '../../src/policy/types.ts';

const free = (strength: Strength): SeenIdentifier => ({ strength, reason: undefined });
const met = (strength: Strength, reason: SuppressionReason = 'erased'): SeenIdentifier => ({
  strength,
  reason,
});
const named = (
  onDelete: ErasureAction,
  seen: SeenIdentifier = met('account'),
  isInKey = false,
): SeenParty => ({ ...seen, onDelete, isInKey });

const ACCOUNT: RowFacts = { isAccount: true, key: undefined, own: [], others: [] };
const LINKED: RowFacts = { ...ACCOUNT, isAccount: false };

const ROWS: readonly (readonly [string, RowFacts, RowVerdict])[] = [
  ['an account that nobody had is free', { ...ACCOUNT, own: [free('contact')] }, 'free'],
  ['an account whose key was erased returns', { ...ACCOUNT, key: 'erased' }, 'return'],
  [
    'an account whose key was erased returns, whatever its address',
    { ...ACCOUNT, key: 'erased', own: [free('contact')] },
    'return',
  ],
  ['an account whose child is not to be collected stays out', { ...ACCOUNT, key: 'parental-stop' }, 'out'],
  [
    'a new account with an erased address is doubtful',
    { ...ACCOUNT, own: [free('account'), met('contact')] },
    'doubtful',
  ],
  [
    'a new account with an erased username is doubtful: names are given again',
    { ...ACCOUNT, own: [met('account'), free('contact')] },
    'doubtful',
  ],
  [
    'a new account with the address of a stopped child is doubtful: families share addresses',
    { ...ACCOUNT, own: [met('contact', 'parental-stop')] },
    'doubtful',
  ],
  ['a row of an erased account returns', { ...LINKED, own: [met('account')] }, 'return'],
  [
    'a row of a living account is free, whatever address stands beside it',
    { ...LINKED, own: [free('account'), met('contact')] },
    'free',
  ],
  ['a row of a stopped child stays out', { ...LINKED, own: [met('account', 'parental-stop')] }, 'out'],
  ['a row known only by an erased address is doubtful', { ...LINKED, own: [met('contact')] }, 'doubtful'],
  [
    'a row with one erased number beside a free address is doubtful',
    { ...LINKED, own: [free('contact'), met('contact')] },
    'doubtful',
  ],
  ['a row known only by an erased cookie is doubtful', { ...LINKED, own: [met('device')] }, 'doubtful'],
  ['a row of nobody whose key was erased returns', { ...LINKED, key: 'erased' }, 'return'],
  [
    'a row of a living account whose key was erased returns',
    { ...LINKED, key: 'erased', own: [free('account')] },
    'return',
  ],
  ['an erased author who is anonymised is taken out', { ...LINKED, others: [named('anonymise')] }, 'cleaned'],
  ['an erased recipient who is kept stays', { ...LINKED, others: [named('keep')] }, 'free'],
  [
    'a stopped recipient who is kept is taken out',
    { ...LINKED, others: [named('keep', met('account', 'parental-stop'))] },
    'cleaned',
  ],
  ['a row that was to go with an erased account returns', { ...LINKED, others: [named('erase')] }, 'return'],
  [
    'a row that was to go with an erased address is doubtful',
    { ...LINKED, others: [named('erase', met('contact'))] },
    'doubtful',
  ],
  [
    'a row that was to go with a stopped child stays out',
    { ...LINKED, others: [named('retain', met('contact', 'parental-stop'))] },
    'out',
  ],
  [
    'an erased author in the key of a row takes it with them',
    { ...LINKED, others: [named('anonymise', met('account'), true)] },
    'return',
  ],
  [
    'the gravest counts: a return before a doubt before a cleaning',
    { ...LINKED, own: [met('contact')], others: [named('erase'), named('anonymise')] },
    'return',
  ],
  [
    'the gravest counts: a stop before a return',
    { ...LINKED, key: 'erased', others: [named('erase', met('account', 'parental-stop'))] },
    'out',
  ],
];

describe('the verdict on a row', () => {
  it.each(ROWS)('%s', (_, facts, verdict) => {
    expect(judgeRow(facts)).toBe(verdict);
  });
});

const ERASED_AT = Date.UTC(2026, 0, 5) / 1000;
const EARLIER = ERASED_AT - 100;
const AFTER = ERASED_AT + 100;
const ENTRY: GateEntry = {
  id: 1,
  tag: 0,
  digest: '',
  kind: 'email',
  reason: 'erased',
  subject: 1,
  request: 1,
  since: '2026-01-05T00:00:00Z',
  admitted: undefined,
};
const GONE: OldAccount = { subject: 1, row: 'aa', isGone: true };
const THERE: OldAccount = { subject: 1, row: 'aa', isGone: false };

const SIGN_UPS: readonly (readonly [string, readonly GateEntry[], readonly OldAccount[], number, boolean])[] =
  [
    ['whose old row is confirmed gone', [ENTRY], [GONE], AFTER, true],
    ['whose old row is not confirmed gone', [ENTRY], [THERE], AFTER, false],
    ['of two old rows one is not confirmed gone', [ENTRY], [GONE, THERE], AFTER, false],
    ['of whom no old account row is known', [ENTRY], [], AFTER, false],
    ['by an export from before the erasure', [ENTRY], [GONE], EARLIER, false],
    ['by an export from the instant of the erasure', [ENTRY], [GONE], ERASED_AT, false],
    ['after another account was let in with it', [{ ...ENTRY, admitted: 'ff' }], [GONE], AFTER, false],
    [
      'after another account was let in with it, which was erased and is gone',
      [{ ...ENTRY, admitted: 'ff' }],
      [GONE, { subject: 2, row: 'ff', isGone: true }],
      AFTER,
      true,
    ],
    [
      'after another account was let in with it, which was erased and is not gone',
      [{ ...ENTRY, admitted: 'ff' }],
      [GONE, { subject: 2, row: 'ff', isGone: false }],
      AFTER,
      false,
    ],
    ['who is a child under a stop', [{ ...ENTRY, reason: 'parental-stop' }], [GONE], AFTER, false],
    [
      'and something of a second one, who is not gone',
      [ENTRY, { ...ENTRY, id: 2, subject: 2 }],
      [GONE, { subject: 2, row: 'bb', isGone: false }],
      AFTER,
      false,
    ],
    [
      'and something of a second one, who is gone too',
      [ENTRY, { ...ENTRY, id: 2, subject: 2 }],
      [GONE, { subject: 2, row: 'bb', isGone: true }],
      AFTER,
      true,
    ],
  ];

describe('a new account with something of an erased person', () => {
  it.each(SIGN_UPS)('%s', (_, entries, accounts, takenAt, isNew) => {
    expect(isNewSignUp(entries, accounts, takenAt)).toBe(isNew);
  });
});

const CATEGORY: Category = {
  name: 'log',
  onDelete: { subject: 'erase' },
  keep: [],
  purposes: [],
};
const COUNTED: Category = { ...CATEGORY, countBy: { by: ['hour'] } };
const KEPT: Category = { ...CATEGORY, onDelete: { subject: 'keep' } };
const STOP: GateEntry = { ...ENTRY, reason: 'parental-stop' };

const LINES: readonly (readonly [string, readonly GateEntry[], Category, LineVerdict])[] = [
  ['of nobody who is suppressed comes in', [], COUNTED, 'free'],
  ['of an erased person is counted where the policy counts', [ENTRY], COUNTED, 'counted'],
  ['of an erased person goes where it does not', [ENTRY], CATEGORY, 'out'],
  ['of an erased person stays where a deletion leaves it', [ENTRY], KEPT, 'free'],
  ['of a stopped child leaves nothing, not even a count', [ENTRY, STOP], COUNTED, 'out'],
  ['of a stopped child does not stay where a deletion would leave it', [STOP], KEPT, 'out'],
];

describe('a log line', () => {
  it.each(LINES)('%s', (_, entries, category, verdict) => {
    expect(judgeLine(entries, category)).toBe(verdict);
  });
});
