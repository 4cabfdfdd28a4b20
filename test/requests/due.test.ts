import { describe, expect, it } from 'vitest';
import { attentionOf, isOverdue, isUnanswered, pausedSince } from '../../src/requests/due.ts';
import { moved } from '../../src/requests/moves.ts';
import type { RequestMove } from '../../src/requests/transitions.ts';
import type { Request } from '../../src/store/registers.ts';

const ledger = { now: '2026-03-10T09:00:00Z', actor: { name: 'grace', login: 'grace' } };

const OPEN: Request = {
  id: 1,
  state: 'received',
  subject: 1,
  type: 'access',
  regime: 'gdpr',
  channel: undefined,
  requester: 'self',
  receivedOn: '2026-03-05',
  dueOn: '2026-04-07',
  openedAt: '2026-03-05T09:00:00Z',
  verification: { verified: false, method: undefined, matched: 0, needed: 0, tries: 0 },
  asked: undefined,
  parental: undefined,
  level: 'specific',
  plan: undefined,
  approval: undefined,
  history: [],
  notes: [],
  outcome: undefined,
};

const ANSWERED = { at: '2026-03-20T09:00:00Z', extent: 'whole' } as const;
const IDENTITY = { cause: 'identity', from: '2026-03-10' } as const;

function carried(request: Request, ...moves: readonly RequestMove[]): Request {
  return moves.reduce((one, move) => moved(one, move, ledger), request);
}

describe('what is overdue', () => {
  it.each<[string, Partial<Request>, boolean]>([
    ['an open request after its day', {}, true],
    ['one that is answered', { answered: ANSWERED }, false],
    ['one that is denied', { state: 'denied' }, false],
    ['one whose clock stands still', { clock: { pauses: [IDENTITY] } }, false],
    ['one whose clock runs again', { clock: { pauses: [{ ...IDENTITY, to: '2026-03-12' }] } }, true],
    ['one that no law names a day for', { dueOn: undefined }, false],
    ['one whose receipt was to be confirmed', { dueOn: undefined, acknowledgeBy: '2026-04-01' }, true],
    [
      'one whose receipt was confirmed',
      {
        dueOn: undefined,
        acknowledgeBy: '2026-04-01',
        clock: { pauses: [], acknowledgedOn: '2026-04-09' },
      },
      false,
    ],
    [
      'one that was opened again after its answer',
      { answered: ANSWERED, reopened: true, state: 'verified' },
      true,
    ],
    [
      'an appeal within its time',
      { state: 'appealed', answered: ANSWERED, appeal: { receivedOn: '2026-04-06', dueOn: '2026-06-05' } },
      false,
    ],
    [
      'an appeal after it',
      { state: 'appealed', appeal: { receivedOn: '2026-02-01', dueOn: '2026-04-02' } },
      true,
    ],
  ])('%s: %o', (_, with_, overdue) => {
    const request = { ...OPEN, ...with_ };
    expect(isOverdue(request, '2026-04-08')).toBe(overdue);
    expect(isOverdue(request, '2026-04-01')).toBe(false);
  });
});

describe('the day by which somebody looks at it', () => {
  it.each<[string, Partial<Request>, string | undefined]>([
    ['is that of the answer', {}, '2026-04-07'],
    ['is that of the acknowledgement before it', { acknowledgeBy: '2026-03-19' }, '2026-03-19'],
    [
      'is that of the answer once it is acknowledged',
      { acknowledgeBy: '2026-03-19', clock: { pauses: [], acknowledgedOn: '2026-03-18' } },
      '2026-04-07',
    ],
    [
      'is that until which a proof is awaited while the clock stands still',
      {
        clock: { pauses: [IDENTITY], asked: [{ cause: 'identity', on: '2026-03-10', until: '2026-04-20' }] },
      },
      '2026-04-20',
    ],
    ['is that of the answer where no such day was named', { clock: { pauses: [IDENTITY] } }, '2026-04-07'],
    ['is none where it is ended', { state: 'closed', answered: ANSWERED }, undefined],
  ])('%s', (_, with_, day) => {
    expect(attentionOf({ ...OPEN, ...with_ })).toBe(day);
  });
});

describe('a request that is opened again', () => {
  it('waits for an answer until it has one', () => {
    const denied = carried(OPEN, 'deny');
    const again = carried({ ...denied, answered: ANSWERED }, 'reopen');
    expect([isUnanswered(denied), isUnanswered(again)]).toEqual([false, true]);
    expect(again.attentionOn).toBe('2026-04-07');
    expect(carried(again, 'answer')).toMatchObject({ state: 'closed', reopened: undefined });
  });

  it('stays unverified where nobody was verified before', () => {
    expect(carried(OPEN, 'answer', 'reopen').state).toBe('received');
    expect(carried(OPEN, 'deny', 'appeal', 'grant').state).toBe('received');
  });
});

describe('since when a clock stands still', () => {
  it('is the first day of the pauses that run', () => {
    const pauses = [
      { ...IDENTITY, to: '2026-03-12' },
      { cause: 'clarification', from: '2026-03-14' },
      { cause: 'identity', from: '2026-03-15' },
    ] as const;
    expect(pausedSince({ clock: { pauses } })).toBe('2026-03-14');
    expect(pausedSince({ clock: undefined })).toBeUndefined();
  });
});
