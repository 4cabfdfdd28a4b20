import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SECTIONS } from '../../src/cli/commands.ts';
import type { CommandDefinition } from '../../src/cli/define.ts';
import { exitCodesOf } from '../../src/cli/exit-codes.ts';
import { buildProgram, type Call } from '../../src/cli/program.ts';
import { capture, dsr } from '../helpers/program.ts';
import { splitWords } from '../helpers/script.ts';

interface Listed {
  readonly path: string;
  readonly definition: CommandDefinition;
}

function listCommands(definitions: readonly CommandDefinition[], above = 'dsr'): readonly Listed[] {
  return definitions.flatMap((definition) => {
    const path = `${above} ${definition.name}`;
    return [{ path, definition }, ...listCommands(definition.subcommands, path)];
  });
}

const all = listCommands(SECTIONS.flatMap((section) => section.commands));
const runnable = all.filter(({ definition }) => definition.run !== undefined);

/** Understands a command line without running it. */
async function parse(argv: readonly string[]): Promise<Call> {
  const calls: Call[] = [];
  const program = buildProgram({
    version: '0',
    stdout: capture(),
    sections: SECTIONS,
    invoke: async (call) => {
      calls.push(call);
    },
  });
  await program.parseAsync([...argv], { from: 'user' });
  const [call] = calls;
  if (call === undefined) throw new Error('nothing was called');
  return call;
}

describe('every command', () => {
  test.each(all)('$path has a summary of one line', ({ definition }) => {
    expect(definition.summary).toMatch(/^[a-z][^\n]{9,79}[^.\n]$/);
  });

  test.each(runnable)('$path shows two or three examples that parse', async ({ path, definition }) => {
    expect(definition.examples.length).toBeGreaterThanOrEqual(2);
    expect(definition.examples.length).toBeLessThanOrEqual(3);
    for (const example of definition.examples) {
      const line = example.replace(/^.* \| /, '').replace(/ [<>] .*$/, '');
      expect(line.startsWith(path)).toBe(true);
      const [, ...argv] = splitWords(line);
      expect((await parse(argv)).run).toBe(definition.run);
    }
  });

  test.each(runnable)('$path says in its help how it can end', async ({ path, definition }) => {
    const { exit, stdout, stderr } = await dsr([...path.split(' ').slice(1), '--help']);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain(definition.summary.slice(0, 40));
    for (const example of definition.examples) expect(stdout).toContain(`  $ ${example}\n`);
    const codes = [...stdout.matchAll(/^ {2,4}(\d+) {2}/gm)].length;
    expect(codes).toBe(exitCodesOf(definition.exits).length);
  });
});

describe('global flags', () => {
  const expected = { ledger: 'a.db', json: true, reason: 'letter', color: false };

  test.each([
    [
      'before the command',
      ['--ledger', 'a.db', '--json', '--reason', 'letter', '--no-color', 'policy', 'list'],
    ],
    ['after it', ['policy', 'list', '--ledger', 'a.db', '--json', '--reason', 'letter', '--no-color']],
    ['on both sides', ['--ledger=a.db', 'policy', '--json', 'list', '--reason=letter', '--no-color']],
  ])('count %s', async (_name, argv) => {
    expect((await parse(argv)).globals).toMatchObject(expected);
  });

  test('are no flags after --', async () => {
    const call = await parse(['policy', 'check', '--', '--json']);
    expect(call.globals.json).toBe(false);
    expect(call.raw.arguments).toEqual({ file: '--json' });
  });
});

describe('a command line that is wrong', () => {
  const table: readonly (readonly [string, readonly string[], string, string])[] = [
    ['a slip in a command', ['polcy'], 'unknown command polcy', 'did you mean policy?'],
    ['a slip in a verb', ['policy', 'chekc'], 'unknown command chekc', 'did you mean check?'],
    ['a slip in a flag', ['imports', '--jsn'], 'unknown flag --jsn', 'did you mean --json?'],
    [
      'a noun without a verb',
      ['policy'],
      'dsr policy needs a command',
      'one of: check, apply, show, list, diff',
    ],
    ['a missing argument', ['imports', 'rejects'], 'IMPORT is missing', 'see `dsr imports rejects --help`'],
    ['a flag without its value', ['imports', '--ledger'], '--ledger lacks its FILE', 'see `dsr --help`'],
    [
      'a word too many',
      ['policy', 'list', 'x'],
      'too many arguments: 1 given, none expected',
      'see `dsr policy list --help`',
    ],
  ];

  test.each(table)('%s', async (_name, argv, message, hint) => {
    expect(await dsr(argv)).toEqual({
      exit: 2,
      stdout: '',
      stderr: `dsr: error: ${message}\ndsr: hint: ${hint}\n`,
    });
    const { stdout, stderr } = await dsr(['--json', ...argv]);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ schema_version: 1, error: { code: 'usage' } });
  });

  test.each([
    [['email:ada@example.org']],
    [['policy', 'email:ada@example.org']],
    [['policy', 'list', 'email:ada@example.org']],
    [['imports', '--email=ada@example.org']],
    [['imports', '--ada@example.org']],
    [['help', 'ada@example.org']],
    [['imports', '--reason', 'ada@example.org']],
    [['imports', '--as-of', 'ada@example.org']],
    [['imports', 'rejects', 'ada@example.org']],
    [['policy', 'show', 'ada@example.org', '--ledger', '/nowhere/dsr.db']],
  ])('%j: what was typed is not repeated, for it may be about a person', async (argv) => {
    const { exit, stdout, stderr } = await dsr(argv);
    expect(exit).not.toBe(0);
    expect(stdout + stderr).not.toContain('ada');
  });
});

test('dsr alone shows the help', async () => {
  const { exit, stdout, stderr } = await dsr([]);
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toBe((await dsr(['--help'])).stdout);
});

test('the help of the program loads neither driver nor parser, of other folders lists of words alone', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { main } = await import(${JSON.stringify(resolve('src/cli/main.ts'))});
    await main(['--help'], { stdin: process.stdin, stdout: { write() {} }, stderr: process.stderr, env: {} });
    const others = loaded.filter((url) => !/node:|[/]commander[/]|[/]src[/](cli|base)[/]/.test(url));
    console.log(others.map((url) => url.replace(/^.*[/]src[/]/, '')).sort().join(' '));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect([stdout, stderr]).toEqual([
    'letters/kinds.ts policy/types.ts requests/choices.ts requests/transitions.ts\n',
    '',
  ]);
});
