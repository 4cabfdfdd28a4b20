import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { ExitCode, UserError } from '../base/errors.ts';

/** The ledger key in force and the one a scrub is about to use; 64 hex digits each. */
export interface LedgerKeyPair {
  readonly current: string;
  readonly next: string | undefined;
}

/** What the secrets file holds; `ledger` names the ledger that it belongs to. */
export interface Secrets {
  readonly ledger: string;
  readonly hmac: Uint8Array;
  readonly signingSeed: Uint8Array;
}

// One sector, so that an overwrite in place is whole or not at all.
const SECTOR = 512;
const NO_KEY = '0'.repeat(64);
const KEY_FORM = /^dsr-key-1\n([0-9a-f]{64})\n([0-9a-f]{64})\n/;

export function newKey(): string {
  return randomBytes(32).toString('hex');
}

/** Reads `FILE.key`; refuses one that is missing, a link, somebody else's, or readable by others. */
export function readKeyFile(path: string): LedgerKeyPair {
  const match = KEY_FORM.exec(readGuarded(path, 'key file'));
  if (match === null) throw damagedFile('key-damaged', path, 'the key file is damaged');
  const [, current = '', next = NO_KEY] = match;
  return { current, next: next === NO_KEY ? undefined : next };
}

/** Creates the key file, or fails where one is. */
export function createKeyFile(path: string, key: string): void {
  createGuarded(path, renderKeys({ current: key, next: undefined }));
}

/** Overwrites the keys in place and waits for the disk: a rename would leave the old key on it. */
export function overwriteKeyFile(path: string, keys: LedgerKeyPair): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    writeSync(fd, renderKeys(keys), 0, 'latin1');
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function renderKeys(keys: LedgerKeyPair): string {
  return `dsr-key-1\n${keys.current}\n${keys.next ?? NO_KEY}\n`.padEnd(SECTOR, '\n');
}

/** Reads `FILE.secrets`, with the same refusals as the key file. */
export function readSecrets(path: string): Secrets {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readGuarded(path, 'secrets file'));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw damagedFile('secrets-damaged', path, 'the secrets file is damaged');
  }
  const { dsr_secrets: form, ledger, hmac, signing_seed: seed } = (parsed ?? {}) as Record<string, unknown>;
  if (form !== 1 || !isHex(ledger, 32) || !isHex(hmac, 64) || !isHex(seed, 64)) {
    throw damagedFile('secrets-damaged', path, 'the secrets file is damaged');
  }
  return { ledger, hmac: Buffer.from(hmac, 'hex'), signingSeed: Buffer.from(seed, 'hex') };
}

/** Makes the secrets of a new ledger. */
export function createSecrets(path: string, ledger: string): Secrets {
  const secrets = { ledger, hmac: randomBytes(32), signingSeed: randomBytes(32) };
  writeSecrets(path, secrets);
  return secrets;
}

/** Writes secrets into a new file, or fails where one is. */
export function writeSecrets(path: string, { ledger, hmac, signingSeed }: Secrets): void {
  const text = {
    dsr_secrets: 1,
    ledger,
    hmac: Buffer.from(hmac).toString('hex'),
    signing_seed: Buffer.from(signingSeed).toString('hex'),
  };
  createGuarded(path, `${JSON.stringify(text, undefined, 2)}\n`);
}

/** Whether a text is that many lower-case hex digits. */
export function isHex(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value);
}

function readGuarded(path: string, what: string): string {
  const fd = openGuarded(path, what);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw damagedFile('key-damaged', path, `the ${what} is not a plain file`);
    requireOwner(path, what, stat.uid, stat.mode);
    const buffer = Buffer.alloc(Math.min(stat.size, 4096));
    readSync(fd, buffer, 0, buffer.length, 0);
    return buffer.toString('latin1');
  } finally {
    closeSync(fd);
  }
}

function openGuarded(path: string, what: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') {
      throw new UserError('key-missing', `the ${what} ${basename(path)} is missing`, {
        exit: ExitCode.damaged,
        hint: `put back your own copy of it as ${path}; dsr never makes up a new one`,
        cause,
      });
    }
    throw damagedFile(
      'key-unreadable',
      path,
      `the ${what} ${basename(path)} cannot be read (${code ?? 'unknown'})`,
    );
  }
}

function requireOwner(path: string, what: string, owner: number, mode: number): void {
  const euid = process.geteuid?.();
  if (euid === undefined) return;
  if (owner !== euid && euid !== 0) {
    throw damagedFile('key-foreign-owner', path, `the ${what} ${basename(path)} belongs to another user`);
  }
  if ((mode & 0o077) !== 0) {
    throw new UserError('key-readable-by-others', `the ${what} ${basename(path)} is open to other users`, {
      exit: ExitCode.damaged,
      hint: `chmod 600 ${path}, and think of who may have read it`,
    });
  }
}

/** Creates a file of the owner's alone; leaves none where it cannot be written whole. */
function createGuarded(path: string, text: string): void {
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    fchmodSync(fd, 0o600);
    writeSync(fd, text, 0, 'latin1');
    fsyncSync(fd);
  } catch (cause) {
    rmSync(path, { force: true });
    throw cause;
  } finally {
    closeSync(fd);
  }
  syncFolder(dirname(path));
}

/** Makes names in a folder durable. */
export function syncFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function damagedFile(code: string, path: string, message: string): UserError {
  return new UserError(code, message, { exit: ExitCode.damaged, hint: `put back your own copy of ${path}` });
}
