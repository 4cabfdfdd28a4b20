import { badInput, renderProblem, type UserError } from '../base/errors.ts';

/** Where in an input file something is wrong; `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Refuses a whole input file: exit 65, the message begins with `file:line:col`. */
export function badFile(code: string, place: Place, message: string, hint?: string): UserError {
  const details = { ...place };
  return badInput(
    code,
    renderProblem({ ...place, message }),
    hint === undefined ? { details } : { details, hint },
  );
}
