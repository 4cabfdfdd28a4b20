import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Seals a text under a key of 32 bytes: base64 of nonce, ciphertext and tag (AES-256-GCM). What it is
 * sealed for goes in as `about`: it opens for nothing else.
 */
export function sealText(key: Uint8Array, text: string, about: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about, 'utf8'));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
}

/** Opens what `sealText` sealed for the same thing; throws where key, thing or a byte is another. */
export function openSealed(key: Uint8Array, sealed: string, about: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE + TAG) throw new RangeError('a sealed text is cut short');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE))
    .setAAD(Buffer.from(about, 'utf8'))
    .setAuthTag(bytes.subarray(bytes.length - TAG));
  const body = bytes.subarray(NONCE, bytes.length - TAG);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
