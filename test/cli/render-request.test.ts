import { expect, test } from 'vitest';
import { Output } from '../../src/cli/output.ts';
import { type RequestFile, renderRequest } from '../../src/cli/render-request.ts';
import { widthOf } from '../../src/cli/table.ts';
import type { Explained } from '../../src/requests/clock/clock.ts';
import type { Letter, Request } from '../../src/store/registers.ts';
import { capture } from '../helpers/program.ts';
import { aRequest } from '../helpers/request.ts';

const DEADLINE: Explained = {
  regime: 'gdpr',
  dueOn: '2026-02-12',
  unsuspendedDueOn: '2026-02-05',
  acknowledgeBy: undefined,
  extensionNoticeBy: undefined,
  extendableTo: undefined,
  clock: undefined,
  steps: [],
  pausedSince: '2026-01-08',
  dueIfResumedToday: '2026-02-13',
  appeal: undefined,
  reaskFrom: undefined,
};

const at = '2026-01-05T23:30:00Z';

const FULL: Request = aRequest({
  type: 'delete',
  state: 'waiting',
  channel: 'letter',
  dueOn: '2026-02-12',
  acknowledgeBy: '2026-01-20',
  assignee: 'grace',
  bundle: 6,
  foreign: { protocol: 'drp', sender: 'CR_AA', asked: '00' },
  clock: {
    acknowledgedOn: '2026-01-06',
    pauses: [
      { cause: 'clarification', from: '2026-01-06', to: '2026-01-07' },
      { cause: 'identity', from: '2026-01-08' },
    ],
    extension: { noticeOn: '2026-01-09', reason: 'complexity' },
  },
  verification: { verified: true, method: 'data-points', matched: 3, needed: 3, tries: 1 },
  documents: [{ at, actor: 'grace', kind: 'signed-permission' }],
  waiting: { since: at, until: '2026-01-12', plan: 'sha256:00', restriction: 1 },
  disputes: [
    {
      at,
      actor: 'grace',
      source: 'users',
      fields: ['city', 'zip'],
      restriction: 2,
      endedAt: '2026-01-07T10:00:00Z',
    },
  ],
  statements: [{ at, actor: 'grace', text: 'I never lived there.' }],
  burden: { at, actor: 'grace', finding: 'excessive', fee: 'EUR 15' },
  notes: [{ at, actor: 'grace', text: 'called twice' }],
  history: [{ at, actor: 'grace', move: undefined, from: undefined, to: 'received', reason: undefined }],
});

const LETTER = {
  id: 41,
  kind: 'acknowledgement',
  at,
  actor: 'grace',
  text: 'Dear reader',
  sha256: '00',
  facts: '00',
  sentOn: '2026-01-06',
  channel: 'email',
};

const FILE: RequestFile = {
  request: FULL,
  deadline: DEADLINE,
  orders: [],
  letters: [{ ...LETTER, state: 'sent', subject: 1, request: 7 } satisfies Letter],
  today: '2026-01-10',
  claims: undefined,
  next: 'dsr request run R-000007',
};

function shown(columns: number, file: RequestFile = FILE, withFile = false): readonly string[] {
  const streams = { stdout: capture(columns), stderr: capture() };
  const output = new Output({ ...streams, json: false, quiet: false, verbose: false, color: false });
  output.showTimesIn('Europe/Berlin');
  return renderRequest(output, file, { withFile, reveal: false }).split('\n');
}

test.each([
  'received       2026-01-05 by letter from self, regime gdpr',
  'came by        drp from CR_AA',
  'assigned to    grace',
  'same mail as   R-000006',
  'answer by      2026-02-12, stands still; 2026-02-05 without the pauses; 2026-02-13 if what is awaited came today',
  'acknowledged   on 2026-01-06, owed by 2026-01-20',
  'paused         for clarification from 2026-01-06 to 2026-01-07',
  'paused         for identity from 2026-01-08 on',
  'extended       on 2026-01-09, complexity',
  'verified       by data-points, 3 of 3',
  'seen           signed-permission, 2026-01-06 00:30 Europe/Berlin by grace',
  'waiting        until 2026-01-12; dsr request stop ends it before',
  'disputed       users: city, zip, since 2026-01-06 00:30 Europe/Berlin, settled 2026-01-07 11:00 Europe/Berlin',
  'burden         excessive, EUR 15',
  'next           dsr request run R-000007',
])('a request is shown with all that belongs to it: %s', (line) => {
  expect(shown(200)).toContain(line);
});

test('letters, history and the verbs that are possible follow', () => {
  const lines = shown(300).map((line) => line.split(/ {2,}/));
  expect(lines).toContainEqual(['letter', 'kind', 'drafted (Europe/Berlin)', 'sent', 'by']);
  expect(lines).toContainEqual(['', '1', 'acknowledgement', '2026-01-06 00:30', '2026-01-06', 'email']);
  expect(lines).toContainEqual(['2026-01-06 00:30', 'grace', 'received']);
  expect(shown(300).at(-1)).toMatch(/^possible .*\bstop\b.* \(dsr request VERB R-000007\)$/);
});

test('words stand only in the file', () => {
  expect(shown(200).join('\n')).not.toMatch(/called twice|never lived/);
  const file = shown(200, FILE, true).join('\n');
  expect(file).toContain('2026-01-06 00:30 Europe/Berlin grace: called twice');
  expect(file).toContain('statement, noted by grace: I never lived there.');
});

test('an appeal, and an answer by hand, say how they stand', () => {
  const appeal = { receivedOn: '2026-01-08', dueOn: '2026-03-09' };
  const appealed = { ...FILE, request: aRequest({ state: 'appealed', appeal }) };
  expect(shown(200, appealed)).toContain('appeal         of 2026-01-08, to be decided by 2026-03-09');
  const answered = {
    ...FILE,
    request: aRequest({ state: 'closed', answered: { at, extent: 'part' } }),
    next: undefined,
  };
  const lines = shown(200, answered);
  expect(lines).toContain('answered       2026-01-06 00:30 Europe/Berlin by hand, in part');
  expect(lines.some((line) => line.startsWith('next'))).toBe(false);
});

test.each([60, 80, 120])('no line is longer than a window of %i columns', (columns) => {
  for (const line of shown(columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
});
