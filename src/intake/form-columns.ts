import { badInput, type Problem } from '../base/errors.ts';
import type { HeaderPlace } from '../formats/rows.ts';
import { kindOf } from '../policy/find.ts';
import { FORM_PARTS, type FormPart, type Policy, type WebForm } from '../policy/types.ts';

/** Where a row has what: index of the column. */
export interface FormColumns {
  readonly parts: ReadonlyMap<FormPart, number>;
  /** Kind of identifier → index. */
  readonly kinds: ReadonlyMap<string, number>;
}

/**
 * Finds the columns of a form's file: those that the policy's `intake` names, others being the form's own affair;
 * without `intake` those named like the flags and the kinds of identifiers, and then a column of any other name
 * is refused, because it may be one that was misspelt.
 */
export function findColumns(
  columns: readonly string[],
  policy: Policy,
  place: { readonly file: string; readonly header: HeaderPlace | undefined },
): FormColumns {
  const { intake } = policy;
  const named =
    intake === undefined ? namedLikeFlags(columns, policy) : namedByPolicy(columns, intake.columns);
  const problems = named.faults.map(({ index, message }) => problemAt(place, index, message));
  if (problems.length === 0) return splitColumns(named.found);
  throw badInput('form-columns', 'the columns of the file are not those of a form', {
    problems,
    hint: `a row has: ${FORM_PARTS.join(', ')}, or a kind of identifier; intake.columns of the policy names others`,
  });
}

interface NamedColumns {
  readonly found: ReadonlyMap<string, number>;
  readonly faults: readonly { readonly index: number; readonly message: string }[];
}

function namedLikeFlags(columns: readonly string[], policy: Policy): NamedColumns {
  const entries = columns.map((name, index) => ({ name, index }));
  const isKnown = ({ name }: { readonly name: string }) =>
    FORM_PARTS.some((part) => part === name) || kindOf(policy, name) !== undefined;
  const message = 'a column of this name is nothing that a request has';
  return {
    found: new Map(entries.filter(isKnown).map(({ name, index }) => [name, index])),
    faults: entries.filter((entry) => !isKnown(entry)).map(({ index }) => ({ index, message })),
  };
}

function namedByPolicy(columns: readonly string[], wanted: WebForm['columns']): NamedColumns {
  const entries = Object.entries(wanted).map(([what, column]) => ({ what, index: columns.indexOf(column) }));
  return {
    found: new Map(entries.map(({ what, index }) => [what, index])),
    faults: entries
      .filter(({ index }) => index < 0)
      .map(({ what }) => ({
        index: 0,
        message: `the column that intake.columns has for ${what} is not there`,
      })),
  };
}

function splitColumns(named: ReadonlyMap<string, number>): FormColumns {
  const parts = new Map<FormPart, number>();
  const kinds = new Map<string, number>();
  for (const [what, index] of named) {
    const part = FORM_PARTS.find((name) => name === what);
    if (part === undefined) kinds.set(what, index);
    else parts.set(part, index);
  }
  return { parts, kinds };
}

function problemAt(
  { file, header }: { readonly file: string; readonly header: HeaderPlace | undefined },
  index: number,
  message: string,
): Problem {
  return header === undefined
    ? { file, message }
    : { file, line: header.line, column: header.columnAt(index), message };
}
