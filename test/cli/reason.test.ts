import { expect, test } from 'vitest';
import type { Globals } from '../../src/cli/globals.ts';
import type { Check, Prompter, Question } from '../../src/cli/prompter.ts';
import { requireReason, revealReason } from '../../src/cli/reason.ts';

const asked: Question[] = [];
const checks: (Check | undefined)[] = [];

const prompter: Prompter = {
  confirm: async () => false,
  select: async () => Promise.reject(new Error('nothing to select')),
  secret: async () => Promise.reject(new Error('nothing secret to ask')),
  input: async (question, check) => {
    asked.push(question);
    checks.push(check);
    return 'typed';
  },
};

function context(given: { reason?: string; reveal?: boolean }) {
  const globals: Globals = {
    ledger: '/dsr.db',
    secrets: undefined,
    json: false,
    asOf: undefined,
    actor: { name: 'ada', login: 'ada' },
    note: undefined,
    yes: false,
    quiet: false,
    verbose: false,
    color: false,
    reason: given.reason,
    reveal: given.reveal ?? false,
  };
  return { globals, prompter };
}

test('a reason that was given is not asked for', async () => {
  expect(await requireReason(context({ reason: 'letter' }))).toBe('letter');
  expect(asked).toEqual([]);
});

test('a missing one is asked for until it is a code', async () => {
  expect(await requireReason(context({}))).toBe('typed');
  expect(asked.at(-1)).toMatchObject({ missing: '--reason CODE' });
  expect(checks.at(-1)?.('letter')).toBeUndefined();
  expect(checks.at(-1)?.('Ada wrote')).toMatch(/^a code like/);
});

test('unmasked values need a reason, masked ones none', async () => {
  expect(await revealReason(context({}))).toBeUndefined();
  expect(await revealReason(context({ reveal: true, reason: 'letter' }))).toBe('letter');
  expect(await revealReason(context({ reveal: true }))).toBe('typed');
});
