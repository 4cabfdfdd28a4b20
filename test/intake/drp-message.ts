import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** An agent's pair of keys, the public one as a directory lists it: 32 bytes in base64. */
export function agentKeys(): { readonly verifyKey: string; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { verifyKey: Buffer.from(x, 'base64url').toString('base64'), privateKey };
}

/** What libsodium's combined mode makes of a message, in base64. */
export function signed(message: string, privateKey: KeyObject): string {
  const bytes = Buffer.from(message, 'utf8');
  return Buffer.concat([sign(null, bytes, privateKey), bytes]).toString('base64');
}

/** A request for deletion as an agent sends it, some members changed or, where undefined, left out. */
export function drpMembers(changes: Readonly<Record<string, unknown>> = {}): string {
  const members = {
    'agent-id': 'AGENT_1',
    'business-id': 'EXAMPLE_BUSINESS',
    'issued-at': '2026-01-05T08:59:00Z',
    'expires-at': '2026-01-05T09:09:00Z',
    'agent-request-id': 'foo',
    'drp.version': '1.0',
    exercise: 'deletion',
    regime: 'ccpa',
    relationships: ['customer'],
    status_callback: 'https://dsr-agent.example.com/update_status',
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    email_verified: true,
  };
  return JSON.stringify({ ...members, ...changes });
}
