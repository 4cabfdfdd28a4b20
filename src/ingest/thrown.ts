import { UserError, type UserErrorOptions } from '../base/errors.ts';

/** A thrown error as plain data, on its way from a thread. */
export type ThrownData =
  | {
      readonly kind: 'user';
      readonly code: string;
      readonly message: string;
      readonly options: UserErrorOptions;
    }
  | { readonly kind: 'other'; readonly error: unknown };

export function thrownData(error: unknown): ThrownData {
  if (!(error instanceof UserError)) return { kind: 'other', error };
  const { code, message, hint, exit, problems, details } = error;
  return {
    kind: 'user',
    code,
    message,
    options: { ...(hint === undefined ? {} : { hint }), exit, problems, details },
  };
}

/** The error to throw again. */
export function thrownError(thrown: ThrownData): unknown {
  return thrown.kind === 'other' ? thrown.error : new UserError(thrown.code, thrown.message, thrown.options);
}
