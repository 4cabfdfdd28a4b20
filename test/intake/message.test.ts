import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { openingOfMessage } from '../../src/intake/message.ts';
import { agentKeys, drpMembers, signed } from './drp-message.ts';
import { policyOf } from './policy-of.ts';

const agent = agentKeys();
const policy = policyOf(
  `protocols: { drp: { business_id: EXAMPLE_BUSINESS, agents: { AGENT_1: { verify_key: "${agent.verifyKey}" } } } }\n`,
);
const arrival = {
  policy,
  now: '2026-01-05T09:00:00Z',
  bearer: undefined,
  regime: undefined,
  note: undefined,
};

function refusalOf(text: string, changes: Partial<Parameters<typeof openingOfMessage>[1]> = {}): UserError {
  try {
    openingOfMessage(text, { ...arrival, ...changes });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const drp = (changes: Readonly<Record<string, unknown>>) => signed(drpMembers(changes), agent.privateKey);

describe('what an agent asks for by the Data Rights Protocol', () => {
  test.each([
    ['sale:opt-out', 'opt-out', 'specific'],
    ['sale:opt-in', 'opt-in', 'specific'],
    ['deletion', 'delete', 'specific'],
    ['access', 'access', 'specific'],
    ['access:categories', 'access', 'categories'],
    ['access:specific', 'access', 'specific'],
  ])('%s is a request of the type %s, %s', (exercise, type, level) => {
    const opening = openingOfMessage(drp({ exercise }), arrival);
    expect(opening).toMatchObject({
      types: [type],
      level,
      requester: 'agent',
      regime: 'ccpa',
      channel: 'drp',
    });
  });

  test('keeps who the agent says they are, and finds them by e-mail and phone', () => {
    const { who, foreign } = openingOfMessage(drp({ phone_number: '+442071838750' }), arrival);
    expect(who).toEqual([
      { kind: 'email', value: 'ada@example.org' },
      { kind: 'phone', value: '+442071838750' },
    ]);
    expect(foreign).toMatchObject({
      protocol: 'drp',
      sender: 'AGENT_1',
      id: 'foo',
      details: {
        ownId: 'foo',
        claims: { name: 'Ada Lovelace', email_verified: true },
        callbacks: ['https://dsr-agent.example.com/update_status'],
        relationships: ['customer'],
      },
    });
  });

  test('is known by its signature where the agent gave it no id', () => {
    const { foreign } = openingOfMessage(drp({ 'agent-request-id': undefined }), arrival);
    expect(foreign?.id).toMatch(/^signature:[0-9a-f]{128}$/);
    expect(foreign?.details?.ownId).toBeUndefined();
  });

  test('is voluntary without a regime: whoever opens it names one, or the strictest runs', () => {
    expect(openingOfMessage(drp({ regime: undefined }), arrival).regime).toBeUndefined();
    expect(openingOfMessage(drp({ regime: undefined }), { ...arrival, regime: 'gdpr' }).regime).toBe('gdpr');
  });

  test.each([
    ['another regime', { regime: 'gdpr' }, 'unknown-regime', 4],
    ['another version', { 'drp.version': '0.9.4' }, 'drp-version', 4],
    ['a right that the protocol lacks', { exercise: 'correction' }, 'drp-exercise', 4],
    ['a right that every object has', { exercise: 'constructor' }, 'drp-exercise', 4],
    ['no right', { exercise: undefined }, 'drp-unreadable', 65],
    ['nobody named', { email: undefined }, 'no-identity', 4],
    ['an e-mail that is none', { email: 'ada' }, 'no-identity', 4],
    ['an id that is a number', { 'agent-request-id': 7 }, 'drp-unreadable', 65],
  ])('%s is refused', (_what, changes, code, exit) => {
    const refusal = refusalOf(drp(changes));
    expect(refusal).toMatchObject({ code, exit });
    expect(`${refusal.message} ${refusal.hint}`).not.toContain('ada');
  });

  test('without a signature, or without agents in the policy, it is refused', () => {
    expect(refusalOf(drpMembers())).toMatchObject({ code: 'drp-unsigned', exit: 4 });
    expect(refusalOf(drp({}), { policy: policyOf() })).toMatchObject({ code: 'drp-not-known', exit: 4 });
  });
});

const OPENDSR = {
  subject_request_id: 'a7551968-d5d6-44b2-9831-815ac9017798',
  regulation: 'gdpr',
  subject_request_type: 'erasure',
  submitted_time: '2026-01-04T23:30:00Z',
  subject_identities: [{ identity_type: 'email', identity_value: 'Ada@Example.org', identity_format: 'raw' }],
  api_version: '2.0',
  status_callback_urls: ['https://example-controller.com/opendsr/callbacks'],
};

const opendsr = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ ...OPENDSR, ...changes });
const identity = (type: string, value: string, format = 'raw') => ({
  subject_identities: [{ identity_type: type, identity_value: value, identity_format: format }],
});

describe('an OpenDSR request', () => {
  test.each([
    ['access', 'access'],
    ['portability', 'portability'],
    ['erasure', 'delete'],
  ])('for %s is a request of the type %s', (asked, type) => {
    expect(openingOfMessage(opendsr({ subject_request_type: asked }), arrival).types).toEqual([type]);
  });

  test('was received on the day of the zone on which the person asked', () => {
    const opening = openingOfMessage(opendsr(), arrival);
    expect(opening).toMatchObject({
      receivedOn: '2026-01-05',
      regime: 'gdpr',
      who: [{ kind: 'email', value: 'ada@example.org' }],
    });
    expect(opening.foreign).toMatchObject({ id: OPENDSR.subject_request_id, details: { apiVersion: '2.0' } });
  });

  test('may name a customer by the id of the controller', () => {
    expect(openingOfMessage(opendsr(identity('controller_customer_id', '42')), arrival).who).toEqual([
      { kind: 'user_id', value: '42' },
    ]);
  });

  test.each([
    ['no regulation', { regulation: undefined }, 'opendsr-unreadable', 65],
    ['another regulation', { regulation: 'lgpd' }, 'unknown-regime', 4],
    [
      'an id in capitals',
      { subject_request_id: OPENDSR.subject_request_id.toUpperCase() },
      'opendsr-unreadable',
      65,
    ],
    [
      'an id of version 1',
      { subject_request_id: 'a7551968-d5d6-14b2-9831-815ac9017798' },
      'opendsr-unreadable',
      65,
    ],
    ['no id', { subject_request_id: undefined }, 'opendsr-unreadable', 65],
    ['a type that it lacks', { subject_request_type: 'rectification' }, 'opendsr-unreadable', 65],
    ['a day in place of a time', { submitted_time: '2026-01-04' }, 'opendsr-unreadable', 65],
    ['identities that are no list', { subject_identities: {} }, 'opendsr-unreadable', 65],
    ['no identities', { subject_identities: [] }, 'no-identity', 4],
    ['an identity that the policy lacks', identity('android_id', '38400000'), 'no-identity', 4],
    ['a hashed identity', identity('email', 'ab'.repeat(32), 'sha256'), 'identity-hashed', 4],
  ])('with %s is refused', (_what, changes, code, exit) => {
    expect(refusalOf(opendsr(changes))).toMatchObject({ code, exit });
  });

  test('without a regulation goes by the regime that is said beside it', () => {
    expect(openingOfMessage(opendsr({ regulation: undefined }), { ...arrival, regime: 'ccpa' }).regime).toBe(
      'ccpa',
    );
  });
});

test.each([
  ['not JSON', '{"a": ', 'message-unreadable'],
  ['JSON of something else', '{"a": 1}', 'message-unreadable'],
  ['a member that stands twice', `{"regulation":"ccpa",${opendsr().slice(1)}`, 'message-unreadable'],
  ['values nested without end', `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`, 'message-unreadable'],
  ['more than a request can be', opendsr({ extensions: 'x'.repeat(1 << 20) }), 'message-unreadable'],
  ['a year of six digits', opendsr({ submitted_time: '+012026-01-04T23:30:00Z' }), 'opendsr-unreadable'],
])('%s is refused', (_what, text, code) => {
  expect(refusalOf(text)).toMatchObject({ code, exit: 65 });
});

const SHAPES = resolve(import.meta.dirname, '../../../shared/data/oracle-privacy-protocols/derived');

describe.skipIf(!existsSync(SHAPES))(
  'the examples that the specifications print (shared/data is there)',
  () => {
    const shape = (name: string) => readFileSync(join(SHAPES, name), 'utf8');

    test('the request in the README of OpenDSR is taken', () => {
      const opening = openingOfMessage(shape('opendsr-README-00.valid.json'), arrival);
      expect(opening).toMatchObject({ types: ['delete'], receivedOn: '2018-10-02', regime: 'gdpr' });
    });

    test('the one in its specification is no JSON, and mended it lacks the regulation that is required', () => {
      const printed = shape('opendsr-specification-05.asprinted.json');
      expect(refusalOf(printed).code).toBe('message-unreadable');
      const mended = printed.replace('"123456",', '"123456"');
      expect(refusalOf(mended).message).toContain('regulation is missing');
      expect(openingOfMessage(mended, { ...arrival, regime: 'gdpr' }).types).toEqual(['delete']);
    });

    test('no other example is taken for a request', () => {
      const others = ['opendsr-specification-06', 'opendsr-specification-09', 'drp-data-rights-protocol-05'];
      for (const name of others) expect(refusalOf(shape(`${name}.valid.json`)).exit).toBe(65);
      expect(refusalOf(shape('drp-data-rights-protocol-02.valid.json')).code).toBe('drp-unsigned');
    });
  },
);
