import { describe, expect, test } from 'vitest';
import { drpStatus } from '../../src/intake/drp-status.ts';
import { opendsrReceipt, opendsrStatus } from '../../src/intake/opendsr-status.ts';
import { drpRequestId, requestOfDrpId } from '../../src/intake/request-id.ts';
import type { Request, RequestOutcome } from '../../src/store/registers.ts';
import { aRequest as plainRequest } from '../helpers/request.ts';

const line = (to: Request['state'], reason?: string) => ({
  at: '2026-01-06T10:00:00Z',
  actor: 'desk',
  from: undefined,
  to,
  reason,
});

function aRequest(changes: Partial<Request> = {}): Request {
  const history = [line(changes.state ?? 'received')];
  const opened = { receivedOn: '2026-01-05', dueOn: '2026-02-19', openedAt: '2026-01-05T09:00:00Z' };
  return plainRequest({ ...opened, regime: 'ccpa', type: 'delete', requester: 'agent', history, ...changes });
}

function outcomeOf(changes: Partial<RequestOutcome> = {}): RequestOutcome {
  const applied = [
    { source: 'users', category: 'account', action: 'erase', count: 2, basis: undefined, until: undefined },
  ];
  return {
    at: '2026-01-06T10:00:00Z',
    applied,
    remains: [],
    artifacts: [],
    orders: 0,
    bytes: 'proven',
    ...changes,
  };
}

const REMAINS = {
  source: 'payments',
  category: 'payments',
  count: 3,
  fields: ['amount'],
  basis: 'legal-obligation: tax',
  until: '2033-12-31',
};

const STATES: readonly (readonly [string, Partial<Request>, string, string | undefined, string])[] = [
  ['received', {}, 'open', undefined, 'pending'],
  ['acknowledged', { state: 'acknowledged' }, 'in_progress', undefined, 'in_progress'],
  [
    'awaiting proof',
    { state: 'awaiting-verification' },
    'in_progress',
    'need_user_verification',
    'in_progress',
  ],
  ['planned', { state: 'planned' }, 'in_progress', undefined, 'in_progress'],
  ['waiting', { state: 'waiting' }, 'in_progress', undefined, 'in_progress'],
  ['applied', { state: 'applied', outcome: outcomeOf() }, 'in_progress', undefined, 'in_progress'],
  ['ordered', { state: 'ordered-upstream', outcome: outcomeOf() }, 'in_progress', undefined, 'in_progress'],
  ['closed', { state: 'closed', outcome: outcomeOf() }, 'fulfilled', undefined, 'completed'],
  [
    'answered by hand',
    { state: 'closed', answered: { at: '2026-01-06T10:00:00Z', extent: 'whole' } },
    'fulfilled',
    undefined,
    'completed',
  ],
  [
    'done in part',
    { state: 'closed', outcome: outcomeOf({ remains: [REMAINS] }) },
    'fulfilled',
    undefined,
    'completed',
  ],
  [
    'nothing held of somebody known',
    { state: 'closed', outcome: outcomeOf({ applied: [], nothingHeld: [] }) },
    'fulfilled',
    undefined,
    'completed',
  ],
  [
    'nothing held of nobody known',
    { state: 'closed', subject: undefined, outcome: outcomeOf({ applied: [], nothingHeld: [] }) },
    'denied',
    'no_match',
    'completed',
  ],
  ['withdrawn', { state: 'withdrawn' }, 'revoked', undefined, 'cancelled'],
  ['lapsed', { state: 'expired' }, 'expired', undefined, 'cancelled'],
  ['under appeal', { state: 'appealed' }, 'in_progress', undefined, 'in_progress'],
  ...(
    [
      ['identity-not-verified', 'insuf_verification'],
      ['no-authority', 'insuf_verification'],
      ['no-match', 'no_match'],
      ['suspected-fraud', 'suspected_fraud'],
      ['too-many-requests', 'too_many_requests'],
      ['outside-regime', 'outside_jurisdiction'],
      ['exempt', 'claim_not_covered'],
      ['something-of-our-own', 'other'],
    ] as const
  ).map(
    ([reason, theirs]) =>
      [
        `denied for ${reason}`,
        { state: 'denied' as const, history: [line('denied', reason)] },
        'denied',
        theirs,
        'cancelled',
      ] as const,
  ),
];

const frame = { details: { ownId: 'foo' }, zone: 'America/Los_Angeles', contact: 'privacy@example.org' };

describe('where a request stands, in the words of others', () => {
  test.each(STATES)('%s', (_what, changes, drp, reason, opendsr) => {
    const request = aRequest(changes);
    expect(drpStatus('id', { ...frame, request })).toMatchObject({ status: drp });
    expect(drpStatus('id', { ...frame, request }).reason).toBe(reason);
    expect(opendsrStatus({ ...frame, request, controllerId: 'us' }).request_status).toBe(opendsr);
  });

  test('a DRP status object has the members of §3.03', () => {
    expect(JSON.parse(JSON.stringify(drpStatus('id', { ...frame, request: aRequest() })))).toEqual({
      request_id: 'id',
      agent_request_id: 'foo',
      received_at: '2026-01-05T09:00:00Z',
      expected_by: '2026-02-20T07:59:59Z',
      status: 'open',
    });
  });

  test('an extension is a new day with its reason', () => {
    const clock = { pauses: [], extension: { noticeOn: '2026-02-01', reason: 'complexity' } };
    const request = aRequest({ state: 'verified', dueOn: '2026-04-05', clock });
    expect(drpStatus('id', { ...frame, request })).toMatchObject({
      expected_by: '2026-04-06T06:59:59Z',
      processing_details: 'extended: complexity',
    });
  });

  test('what stays is said item by item', () => {
    const request = aRequest({ state: 'closed', outcome: outcomeOf({ remains: [REMAINS] }) });
    const words = 'payments: 3 (legal-obligation: tax, until 2033-12-31)';
    expect(drpStatus('id', { ...frame, request }).processing_details).toContain(words);
    expect(opendsrStatus({ ...frame, request, controllerId: 'us' })).toMatchObject({
      results_count: 2,
      extensions: { dsr: { outcome: 'in-part', remains: [words] } },
    });
  });

  test('the OpenDSR receipt holds nothing of what was sent', () => {
    const receipt = opendsrReceipt({ ...frame, request: aRequest(), controllerId: 'us' });
    expect(receipt).toEqual({
      controller_id: 'us',
      expected_completion_time: '2026-02-20T07:59:59Z',
      received_time: '2026-01-05T09:00:00Z',
      subject_request_id: 'foo',
    });
  });
});

describe('the id under which an agent asks', () => {
  const keys = { suppression: Buffer.alloc(32, 1) };

  test.each([1, 7, 4096, 0xffffffff])('is a UUID that leads back to request %i', (id) => {
    const text = drpRequestId(keys, id);
    expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(requestOfDrpId(keys, text)).toBe(id);
  });

  test('is not guessed, and not of another ledger', () => {
    const text = drpRequestId(keys, 7);
    expect(requestOfDrpId(keys, text.replace(/^00000007/, '00000008'))).toBeUndefined();
    expect(requestOfDrpId({ suppression: Buffer.alloc(32, 2) }, text)).toBeUndefined();
    expect(requestOfDrpId(keys, 'R-000007')).toBeUndefined();
  });
});
