import { describe, expect, test } from 'vitest';
import { answerUrgency, urgencyOf, urgencyWords } from '../../src/cli/urgency.ts';
import { noticed } from '../../src/requests/moves.ts';
import type { Request } from '../../src/store/registers.ts';
import { aRequest } from '../helpers/request.ts';

const TODAY = '2026-01-10';

const table: readonly (readonly [string, Partial<Request>, string, string | undefined])[] = [
  ['a day that is over', { dueOn: '2026-01-09' }, 'overdue 1 day', 'answer'],
  ['today', { dueOn: '2026-01-10' }, 'today', 'answer'],
  ['this week', { dueOn: '2026-01-17' }, 'in 7 days', 'answer'],
  ['later', { dueOn: '2026-01-18' }, 'in 8 days', 'answer'],
  ['no day at all', { dueOn: undefined }, 'no date', 'answer'],
  [
    'an acknowledgement that is owed first',
    { dueOn: '2026-02-10', acknowledgeBy: '2026-01-09' },
    'overdue 1 day',
    'acknowledgement',
  ],
  [
    'an acknowledgement that was given',
    { dueOn: '2026-02-10', acknowledgeBy: '2026-01-09', clock: { acknowledgedOn: '2026-01-08', pauses: [] } },
    'in 31 days',
    'answer',
  ],
  [
    'a waiting time that is over is no delay',
    {
      state: 'waiting',
      dueOn: '2026-02-10',
      waiting: { since: '2026-01-06T00:00:00Z', until: '2026-01-09', plan: 'p', restriction: 1 },
    },
    'today',
    'end of waiting',
  ],
  [
    'an appeal',
    { state: 'appealed', appeal: { receivedOn: '2026-01-01', dueOn: '2026-03-02' } },
    'in 51 days',
    'appeal',
  ],
  ['nobody waits any more', { state: 'denied', dueOn: '2026-01-09' }, '', undefined],
];

describe('how soon somebody has to see to a request', () => {
  test.each(table)('%s', (_name, change, words, owed) => {
    const urgency = urgencyOf(noticed(aRequest(change)), TODAY);
    expect([urgencyWords(urgency), urgency.owed]).toEqual([words, owed]);
  });

  test('days left are those of the answer, whatever else is owed before', () => {
    const request = noticed(aRequest({ dueOn: '2026-02-10', acknowledgeBy: '2026-01-09' }));
    expect(urgencyWords(answerUrgency(request, TODAY))).toBe('in 31 days');
    expect(urgencyWords(answerUrgency({ ...request, state: 'closed' }, TODAY))).toBe('');
  });
});
