import { createPublicKey, verify } from 'node:crypto';
import { ExitCode, UserError } from '../base/errors.ts';
import { epochOf, type Instant } from '../base/time.ts';
import type { Protocols } from '../policy/types.ts';
import { parseForeignInstant } from './instant.ts';
import { type Members, parseMembers } from './members.ts';

/** What the Data Rights Protocol 1.0 has a receiver look at, in this order (§3.07). */
export const DRP_CHECKS = [
  'base64',
  'signature',
  'agent-id',
  'business-id',
  'issued-at',
  'expires-at',
] as const;

/** One of them. */
export type DrpCheck = (typeof DRP_CHECKS)[number];

/** A message that has passed all six checks. */
export interface CheckedDrp {
  readonly agent: string;
  readonly members: Members;
  /** Hex of the signature, by which a message without an id of its own is known again. */
  readonly signature: string;
}

/** Who looks at it: as whom we are known, whom we know, and who the bearer of the token was, where that is known. */
export interface DrpReceiver {
  readonly drp: NonNullable<Protocols['drp']>;
  /** Undefined: the agent that the message names is looked up. */
  readonly bearer: string | undefined;
  readonly now: Instant;
}

const SIGNATURE_BYTES = 64;

/** Opens a signed message (libsodium's combined mode in base64); the first check that fails names itself. */
export function checkDrp(text: string, { drp, bearer, now }: DrpReceiver): CheckedDrp {
  const bytes = decodeBase64(text.replace(/[\r\n]+$/, ''));
  const agent = bearer ?? agentNamedIn(bytes);
  requireSignature(bytes, agent === undefined ? undefined : keyOf(drp, agent));
  const members = membersOf(bytes);
  if (agent === undefined || members['agent-id'] !== agent)
    throw failed('agent-id', 'it is another agent than the one who sent it');
  if (members['business-id'] !== drp.businessId)
    throw failed('business-id', 'it is meant for another business');
  if (epochOf(instantIn(members, 'issued-at')) > epochOf(now))
    throw failed('issued-at', 'it was issued in the future');
  if (epochOf(instantIn(members, 'expires-at')) <= epochOf(now))
    throw failed('expires-at', 'it is stale: its time is over', ExitCode.refused, 'the agent sends it again');
  return { agent, members, signature: bytes.subarray(0, SIGNATURE_BYTES).toString('hex') };
}

function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Buffer passes over whatever is not base64; what it gives back must be the very same text.
  if (bytes.length > 0 && bytes.toString('base64') === text) return bytes;
  throw failed('base64', 'it does not decode', ExitCode.badInput, 'a request is base64 as text/plain');
}

/** The agent that an unchecked message names: good for nothing but finding the key that decides. */
function agentNamedIn(bytes: Buffer): string | undefined {
  try {
    const agent = membersOf(bytes)['agent-id'];
    return typeof agent === 'string' ? agent : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function membersOf(bytes: Buffer): Members {
  const fault = (message: string) => failed('agent-id', `of what was signed: ${message}`, ExitCode.badInput);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(SIGNATURE_BYTES));
  } catch {
    throw fault('it is not UTF-8');
  }
  return parseMembers(text, fault);
}

function keyOf({ agents }: NonNullable<Protocols['drp']>, agent: string): string | undefined {
  return Object.hasOwn(agents, agent) ? agents[agent]?.verifyKey : undefined;
}

function requireSignature(bytes: Buffer, key: string | undefined): void {
  if (key === undefined) throw failed('signature', 'the policy has no key of the agent who sent it');
  const x = key.replace(/=$/, '').replaceAll('+', '-').replaceAll('/', '_');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signature = bytes.subarray(0, SIGNATURE_BYTES);
  const message = bytes.subarray(SIGNATURE_BYTES);
  const isGenuine = signature.length === SIGNATURE_BYTES && verify(null, message, publicKey, signature);
  if (!isGenuine) throw failed('signature', 'it was not signed with the key of the agent who sent it');
}

function instantIn(members: Members, check: 'issued-at' | 'expires-at'): Instant {
  const unreadable = () => failed(check, 'it is not a time with its zone', ExitCode.badInput);
  const value = members[check];
  if (typeof value !== 'string') throw unreadable();
  return parseForeignInstant(value, check, unreadable);
}

function failed(
  check: DrpCheck,
  message: string,
  exit: UserError['exit'] = ExitCode.refused,
  hint = 'nothing was stored',
): UserError {
  const step = DRP_CHECKS.indexOf(check) + 1;
  const words = `check ${step} of ${DRP_CHECKS.length}, ${check}: ${message}`;
  const code = exit === ExitCode.badInput ? '400' : '403';
  const details = { check, step, response: { code, message: words, fatal: true } };
  return new UserError(`drp-${check}`, words, { exit, hint, details });
}
