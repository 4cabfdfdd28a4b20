import { ExitCode, type Problem, UserError } from '../base/errors.ts';

/** An error as it is shown: nothing in it can be a personal value. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly problems: readonly Problem[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** Decides code, words and exit of anything that was thrown. */
export function classifyError(error: unknown): Failure {
  if (error instanceof UserError) return error;
  if (isInterruption(error)) return failure('interrupted', 'interrupted', ExitCode.interrupted);
  const name = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^SQLITE_[A-Z_]+$/.test(code)) return databaseFailure(name, code);
  if (/^E[A-Z0-9]+$/.test(code)) return systemFailure(error, code);
  return unexpected(name, code);
}

/** Whether a question was left by Ctrl-C. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}

function databaseFailure(name: string, code: string): Failure {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return failure(
      'ledger-busy',
      'another run holds the ledger',
      ExitCode.busy,
      'wait for it, then run this again',
    );
  }
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    const hint = 'restore a copy that verifies; do not go on with this file';
    return failure(
      'ledger-damaged',
      `the ledger is damaged, or its key does not open it (${code})`,
      ExitCode.damaged,
      hint,
    );
  }
  if (code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR')) {
    const hint =
      'see that the disk has free space and no faults, then run this again; what was begun is undone';
    return failure('disk-failed', `the disk did not take the ledger's data (${code})`, ExitCode.fault, hint);
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM')
    return failure(
      'ledger-not-writable',
      `the ledger or its folder may not be written to (${code})`,
      ExitCode.fault,
      'reading takes it too: see who owns the folder and its files, and run this as that user',
    );
  return unexpected(name, code);
}

const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'free some disk space, then run this again',
  EDQUOT: 'free some disk space, then run this again',
  EACCES: 'see who owns the files, and run this as that user',
  EPERM: 'see who owns the files, and run this as that user',
  EROFS: 'the file system is read-only',
};

function systemFailure(error: unknown, code: string): Failure {
  const call = error instanceof Error && 'syscall' in error ? ` from ${String(error.syscall)}` : '';
  return failure('system-error', `the system reports ${code}${call}`, ExitCode.fault, SYSTEM_HINTS[code]);
}

// The message of a fault may quote a value, so only its kind is shown.
function unexpected(name: string, code: string): Failure {
  const kind = [name, code].filter((word) => /^\w{1,60}$/.test(word)).join(' ');
  const hint =
    'this is a mistake in dsr: please report it, with what --verbose adds once it holds no personal data';
  return failure('unexpected-fault', `unexpected fault: ${kind}`, ExitCode.fault, hint);
}

function failure(code: string, message: string, exit: ExitCode, hint?: string): Failure {
  return { code, message, hint, exit, problems: [], details: {} };
}
