import { usage } from '../base/errors.ts';
import { accountSources } from '../policy/find.ts';
import type { Policy } from '../policy/types.ts';
import { columnOf, type DataPoint } from '../requests/verification/data-points.ts';
import { needOf } from '../requests/verification/need.ts';
import { isUsable } from '../requests/verification/proof.ts';
import type { Request } from '../store/registers.ts';
import type { CommandContext } from './context.ts';

const FORM = 'write name=value, such as email=ada@example.org';

/** The lines of every `--match`: as given, or with `-` from standard input. */
export async function readMatches(
  context: Pick<CommandContext, 'stdin'>,
  given: readonly string[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const words of given) {
    if (words !== '-') lines.push(words);
    else
      lines.push(
        ...(await context.stdin.read('--match')).split(/\r?\n/).filter((line) => line.trim() !== ''),
      );
  }
  return lines;
}

/** Data points that name something the map knows; says which of them prove nothing, for they will not count. */
export function parsePoints(
  context: CommandContext,
  lines: readonly string[],
  policy: Policy,
): readonly DataPoint[] {
  const points = lines.map(parsePoint);
  for (const { name } of points) {
    const columns = columnsMeant(name, policy);
    if (columns.length === 0)
      throw usage('--match names no data point', `those that count: ${usableNames(policy)}`);
    if (columns.some(({ isUsable }) => isUsable)) continue;
    context.output.warn(`${name} does not count as proof; those that do: ${usableNames(policy)}`);
  }
  return points;
}

function parsePoint(line: string): DataPoint {
  const equals = line.indexOf('=');
  if (equals < 1) throw usage('--match is not name=value', FORM);
  return { name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() };
}

/** Asks for as many data points as the request needs. */
export async function askPoints(
  { prompter }: Pick<CommandContext, 'prompter'>,
  request: Request,
  policy: Policy,
): Promise<readonly string[]> {
  const { points: needed } = needOf(request, policy);
  const lines: string[] = [];
  while (lines.length < needed) {
    const message = `Data point ${lines.length + 1} of ${needed}, as name=value (${usableNames(policy)})`;
    const question = { message, missing: '--match NAME=VALUE' };
    lines.push(await prompter.input(question, (words) => (words.indexOf('=') < 1 ? FORM : undefined)));
  }
  return lines;
}

function columnsMeant(name: string, policy: Policy): readonly { readonly isUsable: boolean }[] {
  return accountSources(policy).flatMap((source) => {
    const column = columnOf(name, source);
    return column === undefined ? [] : [{ isUsable: isUsable(column, source) }];
  });
}

function usableNames(policy: Policy): string {
  const names = accountSources(policy).flatMap((source) =>
    source.usable.filter((column) => isUsable(column, source)),
  );
  return names.length === 0 ? 'the policy has none' : [...new Set(names)].join(', ');
}
