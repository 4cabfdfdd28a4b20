import { badInput, ExitCode, type Problem, renderProblem, UserError } from '../../../base/errors.ts';
import { policyDigest } from '../../../policy/digest.ts';
import { parsePolicy } from '../../../policy/parse.ts';
import type { CommandContext } from '../../context.ts';
import { type PolicyFile, readPolicyFile } from '../../policy-file.ts';

export interface CheckInput {
  readonly file: string | undefined;
}

/** The mistakes are the result, on stdout; that there are some is the error, on stderr. */
export async function run(context: CommandContext, input: CheckInput): Promise<ExitCode> {
  const file = await readPolicyFile(context, input.file);
  const problems = problemsOf(file);
  const digest = policyDigest(file.text);
  const errors = problems.map(({ line, column, message }) => ({ line, column, message }));
  context.output.result({ file: file.shown, ok: errors.length === 0, digest, errors }, () =>
    errors.length === 0 ? `${file.shown}: no mistakes, ${digest}` : problems.map(renderProblem).join('\n'),
  );
  if (problems.length === 0) return ExitCode.done;
  throw badInput('policy-invalid', `${file.shown} is not a valid policy: ${countOf(problems)}`);
}

function problemsOf(file: PolicyFile): readonly Problem[] {
  try {
    parsePolicy(file.text, file.shown);
    return [];
  } catch (error) {
    if (error instanceof UserError && error.problems.length > 0) return error.problems;
    throw error;
  }
}

function countOf(problems: readonly Problem[]): string {
  return problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
}
