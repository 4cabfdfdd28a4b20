import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { fromStrictBase64, SshReader } from './ssh-wire.ts';

/** The kinds of SSH keys whose signatures dsr verifies. */
const SSH_KEY_TYPES = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
] as const;

/** The name of such a kind, as keys and signatures write it. */
export type SshKeyType = (typeof SSH_KEY_TYPES)[number];

/** A public key of SSH. */
export interface SshKey {
  readonly type: SshKeyType;
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/** RSA keys shorter than this prove little (NIST SP 800-131A). */
const LEAST_RSA_BITS = 2048;

/** The key of one line of a `.pub` file, or why it cannot be used, in words without the line. */
export function parseSshKeyLine(line: string): SshKey | string {
  const [type = '', text = ''] = line.trim().split(/ +/);
  if (type.startsWith('sk-')) return 'keys of security tokens (sk-…) are not supported';
  const blob = fromStrictBase64(text);
  const key = blob === undefined ? undefined : parseSshKey(blob);
  if (key === undefined || key.type !== type) return 'this is not a public key of SSH';
  const bits = key.key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < LEAST_RSA_BITS)
    return `an RSA key of fewer than ${LEAST_RSA_BITS} bits proves too little`;
  return key;
}

/** The key of a blob (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4); undefined where it is of no kind that is known. */
function parseSshKey(blob: Buffer): SshKey | undefined {
  try {
    const reader = new SshReader(blob);
    const name = reader.text();
    const type = SSH_KEY_TYPES.find((known) => known === name);
    if (type === undefined) return undefined;
    const jwk = jwkOf(type, reader);
    if (!reader.isAtEnd) return undefined;
    return {
      type,
      blob,
      key: createPublicKey({ format: 'jwk', key: jwk }),
      fingerprint: fingerprintOf(blob),
    };
  } catch {
    // Bytes that end early, and points that lie on no curve.
    return undefined;
  }
}

function jwkOf(type: SshKeyType, reader: SshReader): JsonWebKey {
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: reader.string().toString('base64url') };
  if (type === 'ssh-rsa') {
    const e = reader.mpint().toString('base64url');
    return { kty: 'RSA', e, n: reader.mpint().toString('base64url') };
  }
  const curve = reader.text();
  if (`ecdsa-sha2-${curve}` !== type) throw new RangeError('the key names another curve');
  const point = reader.string();
  const half = (point.length - 1) / 2;
  if (point[0] !== 4) throw new RangeError('only uncompressed points are known');
  const part = (from: number) => point.subarray(from, from + half).toString('base64url');
  return { kty: 'EC', crv: `P-${curve.slice('nistp'.length)}`, x: part(1), y: part(1 + half) };
}

function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
