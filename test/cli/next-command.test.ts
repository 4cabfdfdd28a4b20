import { describe, expect, test } from 'vitest';
import { SECTIONS } from '../../src/cli/commands.ts';
import { verbsFor } from '../../src/cli/move-commands.ts';
import { nextCommand, nextWords } from '../../src/cli/next-command.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { REQUEST_TYPES } from '../../src/policy/types.ts';
import { isUnanswered } from '../../src/requests/due.ts';
import { isEnded, REQUEST_STATES } from '../../src/requests/transitions.ts';
import type { Request, RequestStep } from '../../src/store/registers.ts';
import { capture } from '../helpers/program.ts';
import { aRequest } from '../helpers/request.ts';
import { splitWords } from '../helpers/script.ts';

const requestGroup = SECTIONS.flatMap(({ commands }) => commands).find(({ name }) => name === 'request');

/** Whether a command line is understood, without running it. */
async function parses(line: string): Promise<boolean> {
  let called = false;
  const program = buildProgram({
    version: '0',
    stdout: capture(),
    sections: SECTIONS,
    invoke: async () => {
      called = true;
    },
  });
  await program.parseAsync(splitWords(line).slice(1), { from: 'user' });
  return called;
}

const DRAFTED: RequestStep = {
  at: '2026-01-06T09:00:00Z',
  actor: 'grace',
  move: 'letter',
  from: 'verified',
  to: 'verified',
  reason: 'routine',
};

const next: readonly (readonly [string, Partial<Request>, string | undefined])[] = [
  ['a request that came in is verified', {}, 'dsr request verify R-000007'],
  [
    'an acknowledgement that is owed comes first',
    { acknowledgeBy: '2026-01-20' },
    'dsr request ack R-000007',
  ],
  [
    'an opt-out asks for no proof, and is answered by a letter',
    { type: 'opt-out', state: 'verified' },
    'dsr request letter R-000007 --kind answer',
  ],
  [
    'a letter that was drafted is sent',
    { type: 'opt-out', state: 'verified', history: [DRAFTED] },
    'dsr request sent R-000007 --as answer',
  ],
  ['what is unclear is classified', { type: 'unclear' }, 'dsr request classify R-000007'],
  [
    'a clock that stands still waits for them',
    {
      state: 'awaiting-verification',
      clock: { pauses: [{ cause: 'identity', from: '2026-01-06' }] },
    },
    'dsr request resume R-000007 # once they have written',
  ],
  [
    'a try that was not enough is made again',
    { state: 'awaiting-verification' },
    'dsr request verify R-000007',
  ],
  ['what is verified is planned', { state: 'verified' }, 'dsr request plan R-000007'],
  ['portability is planned', { type: 'portability', state: 'verified' }, 'dsr request plan R-000007'],
  [
    'what staff do by hand is answered',
    { type: 'objection', state: 'verified' },
    'dsr request letter R-000007 --kind answer',
  ],
  [
    'a waiting time ends by itself',
    {
      state: 'waiting',
      waiting: { since: '2026-01-05T09:00:00Z', until: '2026-01-08', plan: 'sha256:00', restriction: 1 },
    },
    'dsr request run R-000007 # once 2026-01-08 is over',
  ],
  [
    'an appeal is decided',
    { state: 'appealed' },
    'dsr request appeal R-000007 --decide HOW # granted or upheld',
  ],
  ['a refusal is the end', { state: 'denied' }, undefined],
];

describe('the next command', () => {
  test.each(next)('%s', (_name, change, expected) => {
    expect(nextCommand(aRequest(change))).toBe(expected);
  });

  test('is there for every type in every state in which somebody waits, and is one that exists', async () => {
    const lines = REQUEST_TYPES.flatMap((type) =>
      REQUEST_STATES.filter((state) => !isEnded(state)).map((state) =>
        nextCommand(aRequest({ type, state })),
      ),
    );
    expect(lines).not.toContain(undefined);
    for (const line of new Set(lines)) {
      const [words = ''] = (line ?? '').split(' # ');
      expect([line, await parses(words.replace('HOW', 'granted'))]).toEqual([line, true]);
    }
  });

  test('names the approval where the policy asks for a second person', () => {
    const policy = { fourEyes: { types: ['delete'], signed: false } };
    const planned = aRequest({ type: 'delete', state: 'planned', plan: 'sha256:00' });
    expect(nextCommand(planned, policy)).toBe('dsr request approve R-000007 # by somebody else');
    expect(nextCommand(aRequest({ state: 'planned' }), policy)).toBe('dsr request run R-000007');
  });

  test('stands in short beside the request', () => {
    expect(nextWords(aRequest())).toBe('verify');
    expect(nextWords(aRequest({ state: 'ordered-upstream' }))).toBe('work list');
    expect(nextWords(aRequest({ state: 'closed' }))).toBeUndefined();
  });
});

describe('the verbs that a request may have', () => {
  const names = requestGroup?.subcommands.map(({ name }) => name) ?? [];

  test.each(REQUEST_STATES)('are commands that exist: %s', (state) => {
    const verbs = verbsFor(aRequest({ state }));
    expect(names).toEqual(expect.arrayContaining([...verbs]));
    expect(new Set(verbs).size).toBe(verbs.length);
    if (isUnanswered(aRequest({ state }))) expect(verbs).toContain('sent');
  });

  test('leave out what is done already, or is none of the type', () => {
    const done = aRequest({
      clock: {
        acknowledgedOn: '2026-01-06',
        pauses: [{ cause: 'fee', from: '2026-01-06' }],
        extension: { noticeOn: '2026-01-07', reason: 'complexity' },
      },
    });
    for (const verb of ['ack', 'pause', 'extend', 'classify']) expect(verbsFor(done)).not.toContain(verb);
    expect(verbsFor(done)).toContain('resume');
    expect(verbsFor(aRequest({ type: 'unclear' }))).toContain('classify');
  });
});
