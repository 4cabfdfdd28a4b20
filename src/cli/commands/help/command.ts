import { command, words } from '../../define.ts';

export const help = command({
  name: 'help',
  summary: 'explain a topic or a command',
  arguments: {
    topic: words(
      'exit-codes, identifiers, environment, policy, staff, certificate, letters, or the words of a command',
    ),
  },
  examples: ['dsr help exit-codes', 'dsr help policy apply', 'dsr help letters refusal'],
  exits: [],
  body: () => import('./help.ts'),
});
