import { createHash, verify } from 'node:crypto';
import type { SshKey, SshKeyType } from '../../base/ssh-key.ts';
import { fromStrictBase64, SshReader, sshString } from '../../base/ssh-wire.ts';

/** A signature as `ssh-keygen -Y sign` makes it (OpenSSH PROTOCOL.sshsig). */
export interface SshSignature {
  /** Blob of the public key that it says it was made with. */
  readonly key: Buffer;
  readonly namespace: string;
  readonly hash: 'sha256' | 'sha512';
  /** How the key was used: `ssh-ed25519`, `rsa-sha2-512`, … */
  readonly algorithm: string;
  readonly value: Buffer;
}

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\r?\n([\s\S]*?)\r?\n-----END SSH SIGNATURE-----(?:\r?\n)?$/;

const MAGIC = 'SSHSIG';

/** The signature in an armored text; undefined where the text is not exactly one. */
export function parseSshSignature(armor: string): SshSignature | undefined {
  const body = ARMOR.exec(armor)?.[1];
  const bytes = body === undefined ? undefined : fromStrictBase64(body.split(/\r?\n/).join(''));
  if (bytes === undefined) return undefined;
  try {
    return readSignature(bytes);
  } catch {
    // The bytes end early.
    return undefined;
  }
}

function readSignature(bytes: Buffer): SshSignature | undefined {
  const reader = new SshReader(bytes);
  if (reader.bytes(MAGIC.length).toString('latin1') !== MAGIC || reader.uint32() !== 1) return undefined;
  const key = reader.string();
  const namespace = reader.string().toString('utf8');
  const reserved = reader.string();
  const hash = reader.text();
  const inner = new SshReader(reader.string());
  const algorithm = inner.text();
  const value = inner.string();
  const isWhole = reader.isAtEnd && inner.isAtEnd && reserved.length === 0;
  if (!isWhole || (hash !== 'sha256' && hash !== 'sha512')) return undefined;
  return { key, namespace, hash, algorithm, value };
}

/** Whether a signature over a message was made with a key, in a namespace. */
export function isSignedWith(
  { type, key, blob }: SshKey,
  signature: SshSignature,
  message: Uint8Array,
  namespace: string,
): boolean {
  if (!blob.equals(signature.key) || signature.namespace !== namespace) return false;
  const digest = createHash(signature.hash).update(message).digest();
  const signed = Buffer.concat([
    Buffer.from(MAGIC),
    ...[namespace, '', signature.hash, digest].map((part) => sshString(part)),
  ]);
  const manner = MANNERS[type].find(({ algorithm }) => algorithm === signature.algorithm);
  if (manner === undefined) return false;
  const { hash, width } = manner;
  const value = width === undefined ? signature.value : pointPair(signature.value, width);
  if (value === undefined) return false;
  return verify(hash, signed, width === undefined ? key : { key, dsaEncoding: 'ieee-p1363' }, value);
}

interface Manner {
  readonly algorithm: string;
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** Bytes of each half of an ECDSA signature. */
  readonly width?: number;
}

const MANNERS: Readonly<Record<SshKeyType, readonly Manner[]>> = {
  'ssh-ed25519': [{ algorithm: 'ssh-ed25519', hash: null }],
  // SHA-1 (`ssh-rsa`) is not among them: PROTOCOL.sshsig forbids it.
  'ssh-rsa': [
    { algorithm: 'rsa-sha2-256', hash: 'sha256' },
    { algorithm: 'rsa-sha2-512', hash: 'sha512' },
  ],
  'ecdsa-sha2-nistp256': [{ algorithm: 'ecdsa-sha2-nistp256', hash: 'sha256', width: 32 }],
  'ecdsa-sha2-nistp384': [{ algorithm: 'ecdsa-sha2-nistp384', hash: 'sha384', width: 48 }],
  'ecdsa-sha2-nistp521': [{ algorithm: 'ecdsa-sha2-nistp521', hash: 'sha512', width: 66 }],
};

/** The two numbers of an ECDSA signature (RFC 5656 §3.1.2), each as wide as the curve. */
function pointPair(value: Buffer, width: number): Buffer | undefined {
  try {
    const reader = new SshReader(value);
    const halves = [reader.mpint(), reader.mpint()];
    if (!reader.isAtEnd || halves.some(({ length }) => length > width)) return undefined;
    return Buffer.concat(halves.flatMap((half) => [Buffer.alloc(width - half.length), half]));
  } catch {
    return undefined;
  }
}
