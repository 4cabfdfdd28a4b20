import { describe, expect, test } from 'vitest';
import { runScript } from './run-script.ts';
import { splitWords } from './script.ts';

describe('a script that expects wrongly fails, with its line', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['an exit code', '$ dsr nonsense\n> exit 3', 'line 1: exit 2, expected 3'],
    ['an exit code that was left out', '\n$ dsr nonsense', 'line 2: exit 2, expected 0'],
    ['a text', '$ dsr help\n> stdout contains nonsense', 'line 2: > stdout contains nonsense'],
    ['no such text', '$ dsr help\n! stdout contains Topics', 'line 2: ! stdout contains Topics'],
    ['a pattern', '$ dsr help\n> stdout matches ^topics', 'line 2: > stdout matches ^topics'],
    ['silence', '$ dsr help\n> stdout is empty', 'line 2: > stdout is empty'],
    ['a value', '$ dsr help --json\n> json .schema_version is 2', 'line 2: > json .schema_version is 2'],
    ['a member', '$ dsr help --json\n> json .nonsense', 'line 2: > json .nonsense'],
    ['a file', '$ dsr help\n> exists dsr.db', 'line 2: > exists dsr.db'],
    ['that nothing changed', '$ dsr init\n> unchanged', 'line 2: something changed'],
    ['a step that is none', 'nonsense', 'line 1: no such step: nonsense'],
    ['an expectation that is none', '$ dsr help\n> nonsense', 'line 2: no such expectation: nonsense'],
    ['an expectation of nothing', '> exit 0', 'line 1: nothing was run'],
  ];

  test.each(table)('%s', async (_name, script, message) => {
    await expect(runScript(script)).rejects.toThrow(message);
  });
});

test('the ledger counts, not only the files beside it', async () => {
  const change =
    'copy dsr.yaml new.yaml\nappend new.yaml # changed\n$ dsr policy apply new.yaml\n> unchanged';
  await expect(runScript(`$ dsr init\n${change}`)).rejects.toThrow('line 5: something changed');
});

test('values are kept, files are there, variables hold, input comes from a file', async () => {
  await runScript(
    [
      'env DSR_ACTOR=nightly',
      '$ dsr init --json < input.txt',
      '$VERSION = json .policy_version',
      '$ dsr policy show $VERSION --json',
      '> json .version is $VERSION',
      '> file input.txt contains hello',
      '-- input.txt --',
      'hello',
      '',
    ].join('\n'),
  );
});

test('words are split at spaces outside quotes', () => {
  expect(splitWords(`a "b c" d'e f'g ""`)).toEqual(['a', 'b c', 'de fg', '']);
});
