import { describe, expect, test } from 'vitest';
import { badInput, ExitCode, refused, UserError } from '../../src/base/errors.ts';
import { EXIT_MEANINGS, weightiestExit } from '../../src/cli/exit-codes.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { capture } from '../helpers/program.ts';

async function report(error: unknown, manner: { json?: boolean; verbose?: boolean; color?: boolean } = {}) {
  const stderr = capture();
  const exit = await reportError(error, stderr, { json: false, verbose: false, color: false, ...manner });
  return { exit, text: stderr.text() };
}

function coded(code: string, message = 'near "ada@example.org"', more: object = {}): Error {
  return Object.assign(new Error(message), { code, ...more });
}

test('an error of the user is shown with its hint', async () => {
  const { exit, text } = await report(
    refused('hold-in-force', 'a hold is in force', 'dsr hold list shows it'),
  );
  expect(exit).toBe(4);
  expect(text).toBe('dsr: error: a hold is in force\ndsr: hint: dsr hold list shows it\n');
});

test('problems are listed with their places, twenty at most', async () => {
  const problems = Array.from({ length: 33 }, (_, i) => ({
    file: 'a.csv',
    line: i + 1,
    column: 2,
    message: 'bad',
  }));
  const { exit, text } = await report(badInput('bad-rows', 'a.csv has 33 problems', { problems }));
  expect(exit).toBe(65);
  const lines = text.trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual(['dsr: error: a.csv has 33 problems', 'a.csv:1:2: bad']);
  expect(lines.slice(-2)).toEqual(['a.csv:20:2: bad', '… and 13 more']);
});

test('the JSON twin has all problems and details', async () => {
  const problems = Array.from({ length: 33 }, (_, i) => ({ line: i + 1, message: 'bad' }));
  const error = badInput('bad-rows', 'a.csv has 33 problems', { problems, details: { rows: 33 } });
  const { text } = await report(error, { json: true });
  expect(JSON.parse(text)).toEqual({
    schema_version: 1,
    error: {
      code: 'bad-rows',
      message: 'a.csv has 33 problems',
      hint: null,
      problems,
      details: { rows: 33 },
    },
  });
});

test('what a file name holds cannot steer the terminal', async () => {
  const { text } = await report(badInput('no-file', 'there is no file a\u001b[2J', { hint: 'b\r' }));
  expect(text).toBe('dsr: error: there is no file a\\u{1b}[2J\ndsr: hint: b\\u{d}\n');
});

test('colour is only in the prefix and only where it is wanted', async () => {
  const { text } = await report(refused('no', 'no'), { color: true });
  expect(text).toMatch(/^\u001b\[\d+m.*dsr: error:.*\u001b\[\d+m no\n$/);
});

describe('errors that are not the user’s', () => {
  const table: readonly (readonly [string, Error, number, RegExp])[] = [
    ['a busy ledger is 11', coded('SQLITE_BUSY'), 11, /another run holds the ledger/],
    ['a busy snapshot is 11', coded('SQLITE_BUSY_SNAPSHOT'), 11, /another run holds the ledger/],
    ['a foreign file is 20', coded('SQLITE_NOTADB'), 20, /damaged.*SQLITE_NOTADB/],
    ['a corrupt page is 20', coded('SQLITE_CORRUPT_INDEX'), 20, /damaged/],
    ['a full disk is 1 and speaks of space', coded('SQLITE_FULL'), 1, /SQLITE_FULL.*\n.*free space/],
    ['a disk fault is 1', coded('SQLITE_IOERR_FSYNC'), 1, /SQLITE_IOERR_FSYNC/],
    ['a read-only folder is 1', coded('SQLITE_READONLY_DIRECTORY'), 1, /may not be written to.*\n.*who owns/],
    ['a file that nobody may open is 1', coded('SQLITE_CANTOPEN'), 1, /may not be written to/],
    [
      'a full disk under a report is 1',
      coded('ENOSPC', 'x', { syscall: 'write' }),
      1,
      /ENOSPC from write\n.*disk space/,
    ],
    [
      'a constraint is a fault, with its kind',
      coded('SQLITE_CONSTRAINT_CHECK'),
      1,
      /unexpected fault: Error SQLITE_CONSTRAINT_CHECK\n.*report/,
    ],
    [
      'a mistake in the program is a fault',
      new TypeError('cannot read ada@example.org'),
      1,
      /unexpected fault: TypeError\n/,
    ],
    [
      'Ctrl-C in a prompt is 130',
      Object.assign(new Error('x'), { name: 'ExitPromptError' }),
      130,
      /interrupted/,
    ],
  ];

  test.each(table)('%s', async (_name, error, exit, message) => {
    const shown = await report(error);
    expect(shown.exit).toBe(exit);
    expect(shown.text).toMatch(message);
    expect(shown.text).not.toContain('ada@example.org');
  });

  test('even something that is no error is reported', async () => {
    expect(await report('boom ada@example.org')).toEqual({
      exit: 1,
      text: expect.stringMatching(/^dsr: error: unexpected fault: string\n/),
    });
  });

  test('--verbose adds the trace with its causes', async () => {
    const error = new UserError('no', 'no way', { cause: new RangeError('the depth') });
    const { text } = await report(error, { verbose: true });
    expect(text).toMatch(/no way[\s\S]*errors\.test\.ts[\s\S]*caused by RangeError: the depth/);
  });
});

test('every exit code has its meaning, and no other', () => {
  expect(Object.keys(EXIT_MEANINGS).sort()).toEqual(Object.keys(ExitCode).sort());
});

test.each([
  ['nothing is done', [], 0],
  ['attention weighs more than done', [0, 6, 0], 6],
  ['a part that failed more than attention', [6, 3], 3],
  ['bad input more than that', [3, 65, 6], 65],
  ['damage most', [65, 20, 0], 20],
] as const)('of several exits %s', (_name, exits, expected) => {
  expect(weightiestExit(exits)).toBe(expected);
});
