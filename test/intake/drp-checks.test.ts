import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { checkDrp, DRP_CHECKS } from '../../src/intake/drp-checks.ts';
import { agentKeys, drpMembers, signed } from './drp-message.ts';

const agent = agentKeys();
const other = agentKeys();
const drp = {
  businessId: 'EXAMPLE_BUSINESS',
  agents: { AGENT_1: { verifyKey: agent.verifyKey }, AGENT_2: { verifyKey: other.verifyKey } },
};
const receiver = { drp, bearer: 'AGENT_1', now: '2026-01-05T09:00:00Z' };

function failureOf(text: string, changes: Partial<typeof receiver> | { bearer: undefined } = {}): UserError {
  try {
    checkDrp(text, { ...receiver, ...changes });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it passed');
}

describe('a request of the Data Rights Protocol', () => {
  test('passes all six checks, with or without the bearer named', () => {
    const text = signed(drpMembers(), agent.privateKey);
    expect(checkDrp(text, receiver).agent).toBe('AGENT_1');
    expect(checkDrp(`${text}\n`, { ...receiver, bearer: undefined }).members.exercise).toBe('deletion');
  });

  const sign = (changes: Readonly<Record<string, unknown>> = {}) =>
    signed(drpMembers(changes), agent.privateKey);
  const failing: readonly (readonly [string, string, string, number, string])[] = [
    ['text that is no base64', '***', 'drp-base64', 65, '2026-01-05T09:00:00Z'],
    ['nothing at all', '', 'drp-base64', 65, '2026-01-05T09:00:00Z'],
    [
      'base64 with a space in it',
      `${sign().slice(0, 8)} ${sign().slice(8)}`,
      'drp-base64',
      65,
      '2026-01-05T09:00:00Z',
    ],
    ['URL-safe base64', sign().replaceAll('=', '-'), 'drp-base64', 65, '2026-01-05T09:00:00Z'],
    [
      'less than a signature',
      Buffer.alloc(63).toString('base64'),
      'drp-signature',
      4,
      '2026-01-05T09:00:00Z',
    ],
    [
      'the key of another agent',
      signed(drpMembers(), other.privateKey),
      'drp-signature',
      4,
      '2026-01-05T09:00:00Z',
    ],
    ['no JSON', signed('hello', agent.privateKey), 'drp-agent-id', 65, '2026-01-05T09:00:00Z'],
    ['a list', signed('[]', agent.privateKey), 'drp-agent-id', 65, '2026-01-05T09:00:00Z'],
    [
      'a member that stands twice',
      signed(drpMembers().replace('"email":', '"email":"bea@example.org","email":'), agent.privateKey),
      'drp-agent-id',
      65,
      '2026-01-05T09:00:00Z',
    ],
    [
      'values nested without end',
      sign({ address: JSON.parse('['.repeat(2000) + ']'.repeat(2000)) }),
      'drp-agent-id',
      65,
      '2026-01-05T09:00:00Z',
    ],
    ['half a character', sign({ name: '\ud800' }), 'drp-agent-id', 65, '2026-01-05T09:00:00Z'],
    [
      'an end in a year of six digits',
      sign({ 'expires-at': '+275760-09-13T00:00:00Z' }),
      'drp-expires-at',
      65,
      '2026-01-05T09:00:00Z',
    ],
    ['another agent inside', sign({ 'agent-id': 'AGENT_2' }), 'drp-agent-id', 4, '2026-01-05T09:00:00Z'],
    ['no agent inside', sign({ 'agent-id': undefined }), 'drp-agent-id', 4, '2026-01-05T09:00:00Z'],
    ['another business', sign({ 'business-id': 'OTHER' }), 'drp-business-id', 4, '2026-01-05T09:00:00Z'],
    ['a time before it was issued', sign(), 'drp-issued-at', 4, '2026-01-05T08:58:59Z'],
    ['no time of issue', sign({ 'issued-at': undefined }), 'drp-issued-at', 65, '2026-01-05T09:00:00Z'],
    [
      'a time of issue without its zone',
      sign({ 'issued-at': '2026-01-05T08:59:00' }),
      'drp-issued-at',
      65,
      '2026-01-05T09:00:00Z',
    ],
    ['the second at which it ends', sign(), 'drp-expires-at', 4, '2026-01-05T09:09:00Z'],
    ['no end', sign({ 'expires-at': undefined }), 'drp-expires-at', 65, '2026-01-05T09:00:00Z'],
  ];
  test.each(failing)('%s is refused by the check that finds it', (_what, text, code, exit, now) => {
    const failure = failureOf(text, { now });
    expect(failure).toMatchObject({ code, exit });
    const check = code.replace('drp-', '');
    expect(failure.details).toMatchObject({
      check,
      step: DRP_CHECKS.map(String).indexOf(check) + 1,
    });
    expect(failure.message).not.toContain('ada');
  });

  test('an agent whom the policy does not know has no key', () => {
    const unknown = signed(drpMembers({ 'agent-id': 'AGENT_9' }), agent.privateKey);
    expect(failureOf(unknown, { bearer: undefined }).code).toBe('drp-signature');
    expect(failureOf(signed(drpMembers(), agent.privateKey), { bearer: 'toString' }).code).toBe(
      'drp-signature',
    );
  });

  test('of several faults the first in order is named', () => {
    const faults = {
      'agent-id': 'AGENT_2',
      'business-id': 'OTHER',
      'issued-at': '2027-01-01T00:00:00Z',
      'expires-at': '2020-01-01T00:00:00Z',
    };
    const order = Object.keys(faults) as (keyof typeof faults)[];
    for (const [index, name] of order.entries()) {
      const some = Object.fromEntries(order.slice(index).map((member) => [member, faults[member]]));
      expect(failureOf(sign(some)).code).toBe(`drp-${name}`);
      expect(failureOf(signed(drpMembers(some), other.privateKey)).code).toBe('drp-signature');
      expect(failureOf(`${sign(some)}!`).code).toBe('drp-base64');
    }
  });

  test('any byte that was changed on the way is found', () => {
    const bytes = Buffer.from(sign(), 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        expect(failureOf(changed.toString('base64')).code).toBe('drp-signature');
      }),
      { numRuns: 60 },
    );
  });

  test('any character that was changed on the way is found', () => {
    const text = sign();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'AZaz09+/=- '), (at, char) => {
        fc.pre(text[at] !== char);
        expect(['drp-base64', 'drp-signature']).toContain(
          failureOf(text.slice(0, at) + char + text.slice(at + 1)).code,
        );
      }),
      { numRuns: 60 },
    );
  });
});
