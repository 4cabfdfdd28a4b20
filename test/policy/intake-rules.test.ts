import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { policyOf } from '../intake/policy-of.ts';

function problemsOf(intake: string): readonly string[] {
  try {
    policyOf(intake);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  }
}

describe('the web form of a policy', () => {
  test('has columns for parts of a request and for kinds of identifiers', () => {
    expect(problemsOf('intake: { columns: { type: What, received: When, id: Who, email: Mail } }\n')).toEqual(
      [],
    );
  });

  test('has none for anything else', () => {
    expect(problemsOf('intake:\n  columns:\n    recieved: When\n    shoe_size: Shoe\n')).toEqual([
      '15:5: intake.columns: "recieved" is neither a part of a request nor a kind of identifier; did you mean "received"?',
      '16:5: intake.columns: "shoe_size" is neither a part of a request nor a kind of identifier',
    ]);
  });
});
