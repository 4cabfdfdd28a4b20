import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { prompterFor } from '../../src/cli/prompter.ts';
import { capture } from '../helpers/program.ts';

function setUp(options: { stdin?: boolean; stderr?: boolean; yes?: boolean } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY: options.stdin ?? true });
  const stderr = capture(80, options.stderr ?? true);
  const stdout = capture();
  const io: Io = { stdin, stdout, stderr, env: {}, cwd: '/', now: () => new Date(0), login: () => 'ada' };
  return { stdin, stdout, stderr, prompter: prompterFor(io, options.yes ?? false) };
}

const who = { message: 'Who?', missing: 'ID' };

describe.each([
  ['stdin is no terminal', { stdin: false }],
  ['stderr is no terminal', { stderr: false }],
])('where %s', (_name, options) => {
  test('every question is refused and names what is missing', async () => {
    const { prompter, stderr } = setUp(options);
    await expect(prompter.confirm('Go on?')).rejects.toMatchObject({
      code: 'needs-answer',
      exit: 2,
      message: '--yes is missing, and nobody can be asked without a terminal',
    });
    await expect(prompter.input(who)).rejects.toMatchObject({ exit: 2, message: /^ID is missing/ });
    await expect(prompter.select(who, [])).rejects.toMatchObject({ exit: 2, hint: /^give ID/ });
    expect(stderr.text()).toBe('');
  });
});

describe('with --yes', () => {
  test('a confirmation is given, on a terminal or not', async () => {
    expect(await setUp({ yes: true }).prompter.confirm('Go on?')).toBe(true);
    expect(await setUp({ yes: true, stdin: false }).prompter.confirm('Go on?')).toBe(true);
  });

  test('what only a person can know is refused', async () => {
    const { prompter } = setUp({ yes: true });
    await expect(prompter.input(who)).rejects.toThrow('ID is missing, and with --yes nothing is asked');
  });
});

describe('on a terminal', () => {
  test('questions stand on stderr, safe, and the answer comes back trimmed', async () => {
    const { prompter, stdin, stdout, stderr } = setUp();
    const answer = prompter.input({ message: 'Who\u001b[2J?', missing: 'ID' });
    await type(stdin, ' email:ada@example.org \r');
    expect(await answer).toBe('email:ada@example.org');
    expect(stderr.text()).toContain('Who\\u{1b}[2J?');
    expect(stdout.text()).toBe('');
  });

  test('a wrong answer is asked again', async () => {
    const { prompter, stdin, stderr } = setUp();
    const answer = prompter.input(who, (words) => (words === 'a' ? 'not a' : undefined));
    await type(stdin, '\r');
    await type(stdin, 'a\r');
    await type(stdin, '\u007fb\r');
    expect(await answer).toBe('b');
    expect(stderr.text()).toMatch(/an answer is needed[\s\S]*not a/);
  });

  test('a confirmation is no unless yes is typed', async () => {
    const no = setUp();
    const refused = no.prompter.confirm('Erase?');
    await type(no.stdin, '\r');
    expect(await refused).toBe(false);
    const yes = setUp();
    const given = yes.prompter.confirm('Erase?');
    await type(yes.stdin, 'y\r');
    expect(await given).toBe(true);
  });

  test('a choice gives its value', async () => {
    const { prompter, stdin } = setUp();
    const chosen = prompter.select({ message: 'Which?', missing: '--type T' }, [
      { name: 'first', value: 1 },
      { name: 'second', value: 2 },
    ]);
    await type(stdin, '\u001b[B');
    await type(stdin, '\r');
    expect(await chosen).toBe(2);
  });

  test('Ctrl-C ends it', async () => {
    const { prompter, stdin } = setUp();
    const answer = prompter.input(who);
    const ended = expect(answer).rejects.toMatchObject({ name: 'ExitPromptError' });
    await type(stdin, '\u0003');
    await ended;
  });
});

/** Types after the prompt had time to be drawn. */
async function type(stdin: PassThrough, keys: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  stdin.write(keys);
}
