import type { Output } from './output.ts';

/**
 * Colours lines by the words that say how soon: overdue red, today and this week yellow. The words stay,
 * so that nothing is said by colour alone.
 */
export async function painterOf(output: Output): Promise<(line: string) => string> {
  if (!output.mayPaint) return (line) => line;
  const { Chalk } = await import('chalk');
  const { red, yellow } = new Chalk({ level: 1 });
  return (line) => {
    if (OVERDUE.test(line)) return red(line);
    return SOON.test(line) ? yellow(line) : line;
  };
}

const OVERDUE = /(?:^| {2})overdue \d+ days?(?: {2}|$)/;
const SOON = /(?:^| {2})(?:today|in [1-7] days?)(?: {2}|$)/;
