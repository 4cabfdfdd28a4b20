import { type ExitCode, type Problem, renderProblem } from '../base/errors.ts';
import { classifyError, type Failure } from './failure.ts';
import type { Manner } from './global-flags.ts';
import type { TextOutput } from './io.ts';
import { jsonText, safeLines } from './output.ts';

const MOST_PROBLEMS = 20;

/** Shows an error on stderr, in words or as one JSON document, and returns the exit code; the one place for it. */
export async function reportError(error: unknown, stderr: TextOutput, manner: Manner): Promise<ExitCode> {
  const failure = classifyError(error);
  if (manner.json) stderr.write(jsonText({ schema_version: 1, error: errorMembers(failure) }));
  else stderr.write(await renderFailure(failure, manner));
  if (manner.verbose) stderr.write(safeLines(`${traceOf(error)}\n`));
  return failure.exit;
}

function errorMembers(failure: Failure): Record<string, unknown> {
  const { code, message, hint, problems, details } = failure;
  return {
    code,
    message,
    hint: hint ?? null,
    ...(problems.length > 0 ? { problems } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

async function renderFailure(failure: Failure, manner: Manner): Promise<string> {
  const paint = await painter(manner.color);
  const lines = [
    `${paint('dsr: error:')} ${safeLines(failure.message)}`,
    ...renderProblems(failure.problems),
    ...(failure.hint === undefined ? [] : [`dsr: hint: ${safeLines(failure.hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `file:line:col: message` lines, at most twenty and then how many more. */
export function renderProblems(problems: readonly Problem[]): readonly string[] {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => safeLines(renderProblem(problem)));
  const more = problems.length - shown.length;
  return more > 0 ? [...shown, `… and ${more} more`] : shown;
}

async function painter(color: boolean): Promise<(words: string) => string> {
  if (!color) return (words) => words;
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 }).red.bold;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const trace = error.stack ?? error.name;
  return error.cause === undefined ? trace : `${trace}\ncaused by ${traceOf(error.cause)}`;
}
