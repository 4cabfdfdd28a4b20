import { ExitCode, UserError } from '../../base/errors.ts';
import type { Instant } from '../../base/time.ts';
import { isHex, type Secrets } from '../../store/key-files.ts';
import type { AuditHead } from '../../store/store.ts';

/** What a restore needs beside the backup itself. */
export interface BackupKeys {
  readonly origin: string;
  readonly takenAt: Instant;
  /** The audit log that is in the backup. */
  readonly audit: AuditHead;
  /** Hex SHA-256 of the backup's bytes. */
  readonly sha256: string;
  /** The backup's own key, 64 hex digits. */
  readonly key: string;
  readonly secrets: Secrets;
}

/** The text that goes into `FILE.keys`, sealed with age. */
export function renderBackupKeys({ origin, takenAt, audit, sha256, key, secrets }: BackupKeys): string {
  const document = {
    dsr_backup: 1,
    ledger: secrets.ledger,
    origin,
    taken_at: takenAt,
    audit,
    sha256,
    key,
    hmac: Buffer.from(secrets.hmac).toString('hex'),
    signing_seed: Buffer.from(secrets.signingSeed).toString('hex'),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Reads the text that `renderBackupKeys` made. */
export function parseBackupKeys(text: string, name: string): BackupKeys {
  const { ledger, origin, taken_at, audit, sha256, key, hmac, signing_seed, dsr_backup } = membersOf(text);
  const head = (audit ?? {}) as Record<string, unknown>;
  const isWhole =
    dsr_backup === 1 &&
    typeof origin === 'string' &&
    typeof taken_at === 'string' &&
    isHex(ledger, 32) &&
    [sha256, key, hmac, signing_seed, head.root].every((value) => isHex(value, 64)) &&
    Number.isSafeInteger(head.size);
  if (!isWhole) {
    throw new UserError('keys-file-foreign', `${name} does not hold the keys of a dsr backup`, {
      exit: ExitCode.badInput,
      hint: 'it is the file that dsr backup wrote beside the backup',
    });
  }
  return {
    origin,
    takenAt: taken_at,
    audit: { size: Number(head.size), root: String(head.root) },
    sha256: String(sha256),
    key: String(key),
    secrets: {
      ledger,
      hmac: Buffer.from(String(hmac), 'hex'),
      signingSeed: Buffer.from(String(signing_seed), 'hex'),
    },
  };
}

function membersOf(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
