import { ExitCode, usage } from '../../../base/errors.ts';
import type { CommandContext } from '../../context.ts';
import { EXIT_MEANINGS } from '../../exit-codes.ts';
import { letterKindTopic } from './letters-topic.ts';
import { TOPICS } from './topics.ts';

export interface HelpInput {
  readonly topic: readonly string[];
}

export async function run(context: CommandContext, input: HelpInput): Promise<ExitCode> {
  const topic = input.topic.join(' ');
  const text = topic === '' ? renderTopics() : helpOn(context, input.topic);
  if (text === undefined) throw unknownTopic(topic);
  const document = { topic, text, ...(topic === 'exit-codes' ? { exit_codes: exitCodes() } : {}) };
  context.output.result(document, () => text);
  return ExitCode.done;
}

function helpOn(context: CommandContext, words: readonly string[]): string | undefined {
  return TOPICS.get(words.join(' '))?.text() ?? letterKindTopic(words) ?? context.helpOf(words);
}

function exitCodes(): readonly Record<string, unknown>[] {
  return Object.entries(EXIT_MEANINGS).map(([name, meaning]) => ({
    code: ExitCode[name as keyof typeof ExitCode],
    meaning,
  }));
}

function renderTopics(): string {
  const names = [...TOPICS.keys()];
  const width = Math.max(...names.map((name) => name.length));
  const lines = [...TOPICS].map(([name, topic]) => `  ${name.padEnd(width)}  ${topic.summary}`);
  return [
    'Topics:',
    ...lines,
    '',
    'dsr help TOPIC explains one; dsr help COMMAND a command; dsr --help lists those.',
  ].join('\n');
}

function unknownTopic(topic: string): Error {
  const known = `topics: ${[...TOPICS.keys()].join(', ')}; or a command of dsr --help`;
  return usage(/^[a-z -]{1,40}$/.test(topic) ? `no help on ${topic}` : 'no help on that', known);
}
