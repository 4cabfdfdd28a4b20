import { badInput, ExitCode, type Problem, renderProblem, UserError } from '../../../base/errors.ts';
import { policyDigest } from '../../../policy/digest.ts';
import type { CommandContext } from '../../context.ts';
import { defaultPolicyPath, readPolicyFile } from '../../policy-file.ts';

export interface CheckInput {
  readonly file: string | undefined;
}

/** The mistakes are the result, on stdout; that there are some is the error, on stderr. */
export async function run(context: CommandContext, input: CheckInput): Promise<ExitCode> {
  const { shown, digest, problems } = await check(context, input.file);
  const errors = problems.map(({ file, line, column, message }) => ({ file, line, column, message }));
  context.output.result({ file: shown, ok: errors.length === 0, digest, errors }, () =>
    errors.length === 0 ? `${shown}: no mistakes, ${digest}` : problems.map(renderProblem).join('\n'),
  );
  if (problems.length === 0) return ExitCode.done;
  throw badInput('policy-invalid', `${shown} is not a valid policy: ${countOf(problems)}`);
}

interface Checked {
  readonly shown: string;
  readonly digest: string | undefined;
  readonly problems: readonly Problem[];
}

async function check(context: CommandContext, named: string | undefined): Promise<Checked> {
  try {
    const { shown, text, files } = await readPolicyFile(context, named);
    return { shown, digest: policyDigest(text, files), problems: [] };
  } catch (error) {
    if (!(error instanceof UserError) || error.problems.length === 0) throw error;
    const shown = named ?? context.shown(defaultPolicyPath(context.globals));
    return { shown, digest: undefined, problems: error.problems };
  }
}

function countOf(problems: readonly Problem[]): string {
  return problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
}
