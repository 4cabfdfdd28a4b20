import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { sshString } from '../../src/base/ssh-wire.ts';

/** An Ed25519 key of SSH that lives as long as its test. */
export interface SshSigner {
  /** The line of its `.pub` file. */
  readonly line: string;
  /** Signs as `ssh-keygen -Y sign -n NAMESPACE` does. */
  sign(text: string, namespace?: string): string;
}

/** A new key, so that tests sign where no ssh-keygen is installed. */
export function newSshSigner(): SshSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const type = sshString('ssh-ed25519');
  const blob = Buffer.concat([
    type,
    sshString(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)),
  ]);
  return {
    line: `ssh-ed25519 ${blob.toString('base64')} test`,
    sign: (text, namespace = 'dsr-approval') => armorOf(privateKey, blob, text, namespace),
  };
}

function armorOf(key: KeyObject, blob: Buffer, text: string, namespace: string): string {
  const digest = createHash('sha512').update(text).digest();
  const common = [sshString(namespace), sshString(''), sshString('sha512')];
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...common, sshString(digest)]);
  const value = Buffer.concat([sshString('ssh-ed25519'), sshString(sign(null, signed, key))]);
  const head = Buffer.concat([Buffer.from('SSHSIG'), Buffer.of(0, 0, 0, 1), sshString(blob)]);
  const body = Buffer.concat([head, ...common, sshString(value)]).toString('base64');
  const lines = body.match(/.{1,70}/g) ?? [];
  return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
}
