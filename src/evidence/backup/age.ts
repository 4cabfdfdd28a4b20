import { Decrypter, Encrypter } from 'age-encryption';
import { ExitCode, UserError, usage } from '../../base/errors.ts';

/** Who can open a file: the holders of X25519 identities, or who knows the passphrase. */
export type AgeLock = { readonly recipients: readonly string[] } | { readonly passphrase: string };

/** What opens a file. */
export type AgeKey = { readonly identities: readonly string[] } | { readonly passphrase: string };

const IDENTITY = /^AGE-SECRET-KEY-1[0-9A-Z]+$/;

/** Seals a text in the age format (age-encryption.org/v1), as `age` itself opens it. */
export async function sealWithAge(text: string, lock: AgeLock): Promise<Uint8Array> {
  return encrypterFor(lock).encrypt(text);
}

/** Refuses a recipient that is none, before something is written for it. */
export function requireRecipients(lock: AgeLock): void {
  encrypterFor(lock);
}

function encrypterFor(lock: AgeLock): Encrypter {
  const encrypter = new Encrypter();
  if ('passphrase' in lock) encrypter.setPassphrase(lock.passphrase);
  else for (const [index, recipient] of lock.recipients.entries()) addRecipient(encrypter, recipient, index);
  return encrypter;
}

function addRecipient(encrypter: Encrypter, recipient: string, index: number): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    const mistake = usage(
      `recipient ${index + 1} is none of age`,
      'age-keygen makes an identity and prints its recipient: age1…',
    );
    throw Object.assign(mistake, { cause });
  }
}

/** Whether an age file opens with a passphrase; refuses what is none (exit 65). */
export function needsPassphrase(file: Uint8Array, name: string): boolean {
  const head = Buffer.from(file.subarray(0, 4096)).toString('latin1');
  if (head.startsWith('age-encryption.org/v1\n')) return head.includes('\n-> scrypt ');
  throw new UserError('keys-file-damaged', `${name} is no age file`, {
    exit: ExitCode.badInput,
    hint: 'it is the file that dsr backup wrote beside the backup',
  });
}

/** Opens an age file; a key that does not fit and a damaged file look the same from outside (exit 65). */
export async function openWithAge(file: Uint8Array, key: AgeKey, name: string): Promise<string> {
  const decrypter = new Decrypter();
  if ('passphrase' in key) decrypter.addPassphrase(key.passphrase);
  else for (const identity of key.identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(file, 'text');
  } catch (cause) {
    const what = 'passphrase' in key ? 'this passphrase' : 'this identity';
    throw new UserError('keys-not-opened', `${name} does not open with ${what}, or is damaged`, {
      exit: ExitCode.badInput,
      hint: 'look for another one, or for another copy of the file',
      cause,
    });
  }
}

/** The identities of a file as `age-keygen` writes it: one a line, with comments. */
export function parseIdentities(text: string, name: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length > 0 && identities.every((line) => IDENTITY.test(line))) return identities;
  throw new UserError('identity-unusable', `${name} holds no age identity`, {
    exit: ExitCode.badInput,
    hint: 'age-keygen -o FILE makes one; a line of it begins with AGE-SECRET-KEY-1',
  });
}
