/** Exit codes of every command, as published in `dsr help exit-codes`. */
export const ExitCode = {
  done: 0,
  fault: 1,
  usage: 2,
  partly: 3,
  refused: 4,
  notFound: 5,
  attention: 6,
  noLedger: 10,
  busy: 11,
  schema: 12,
  damaged: 20,
  badInput: 65,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** One problem in an input file; `line` and `column` count from 1. */
export interface Problem {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

export interface UserErrorOptions {
  readonly hint?: string;
  readonly exit?: ExitCode;
  /** All problems found, when there are several; the message then summarises them. */
  readonly problems?: readonly Problem[];
  /** Extra machine-readable facts for `--json`; never a personal value. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * An error that the user can act on. `code` is stable kebab-case; `message` starts lower case,
 * has no full stop and never holds a personal value. Anything else that is thrown is a bug.
 */
export class UserError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;
  readonly problems: readonly Problem[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = options.hint;
    this.exit = options.exit ?? ExitCode.refused;
    this.problems = options.problems ?? [];
    this.details = options.details ?? {};
  }
}

/** Bad input data: exit 65, with the places. */
export function badInput(code: string, message: string, options: UserErrorOptions = {}): UserError {
  return new UserError(code, message, { exit: ExitCode.badInput, ...options });
}

/** Refused by a rule: exit 4. */
export function refused(code: string, message: string, hint?: string): UserError {
  return new UserError(code, message, hint === undefined ? {} : { hint });
}

/** Wrong flags or arguments: exit 2. */
export function usage(message: string, hint?: string): UserError {
  return new UserError(
    'usage',
    message,
    hint === undefined ? { exit: ExitCode.usage } : { hint, exit: ExitCode.usage },
  );
}

/** Nothing there by that name: exit 5. */
export function notFound(code: string, message: string, hint?: string): UserError {
  return new UserError(
    code,
    message,
    hint === undefined ? { exit: ExitCode.notFound } : { hint, exit: ExitCode.notFound },
  );
}

export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}

/** `file:line:col: message`, leaving out what is not known. */
export function renderProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return place === '' ? problem.message : `${place}: ${problem.message}`;
}
