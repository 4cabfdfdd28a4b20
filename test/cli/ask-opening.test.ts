import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderDigest } from '../helpers/folder-digest.ts';
import { dsr } from '../helpers/program.ts';
import { makeService } from '../helpers/service.ts';
import { onTerminal, type Terminal } from '../helpers/terminal.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

let cwd: string;

beforeAll(async () => {
  cwd = await makeService();
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** The request that a terminal has opened. */
async function opened(terminal: Terminal): Promise<unknown> {
  const [name = ''] = terminal.stdout().split(' ');
  return JSON.parse((await dsr(['request', 'show', name, '--json'], { cwd })).stdout).request;
}

describe('dsr request open on a terminal', () => {
  test('asks for everything, says while one types what is wrong, and shows the due date before it acts', async () => {
    const terminal = onTerminal(['request', 'open'], cwd);
    await terminal.answer('What do they ask for?', DOWN + ENTER);
    await terminal.answer('Who?', 'ada');
    await terminal.answer('[write kind:value or S-000042', `\u0015email:ada@example.org${ENTER}`);
    await terminal.answer('Who asks?', ENTER);
    await terminal.answer('On which day did it come in? (2026-01-05)', '2026-02-30');
    await terminal.answer('[a day is written 2026-01-05] 2026-02-30', ENTER);
    await terminal.answer('> a day is written 2026-01-05', '\u00152026-01-06');
    await terminal.answer('[that is after today, 2026-01-05] 2026-01-06', '\u00152026-01-02');
    await terminal.answer('2026-01-02', ENTER);
    await terminal.answer('How did it come in?', DOWN + ENTER);
    await terminal.answer(
      'not known, so the strictest of the policy (gdpr: answer by 2026-02-02)',
      DOWN + ENTER,
    );
    await terminal.answer('answer by       2026-02-02', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stdout()).toMatch(/^R-000001 {2}delete {2}S-000001 {2}received {2}due 2026-02-02\n$/);
    const request = await opened(terminal);
    expect(request).not.toHaveProperty('regime_assumed');
    expect(request).toMatchObject({
      type: 'delete',
      received_on: '2026-01-02',
      channel: 'letter',
      regime: 'gdpr',
      requester: 'self',
    });
  });

  test('asks only for what the flags leave out', async () => {
    const flags = ['--received', '2026-01-04', '--channel', 'phone', '--regime', 'ccpa'];
    const terminal = onTerminal(['request', 'open', 'user_id:2', ...flags], cwd);
    await terminal.answer('What do they ask for?', ENTER);
    await terminal.answer('How much do they ask for?', DOWN + ENTER);
    await terminal.answer('Who asks?', DOWN + ENTER);
    await terminal.answer('Open this request?', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(await opened(terminal)).toMatchObject({
      type: 'access',
      level: 'categories',
      requester: 'agent',
      channel: 'phone',
      regime: 'ccpa',
    });
  });

  test('asks which of the four a parent chose, and which parent', async () => {
    const terminal = onTerminal(['request', 'open', '--type', 'parental-review'], cwd);
    await terminal.answer('Who?', `user_id:2${ENTER}`);
    await terminal.answer('What did the parent choose?', DOWN + DOWN + ENTER);
    await terminal.answer('Which parent?', `user_id:1${ENTER}`);
    await terminal.answer('On which day', ENTER);
    await terminal.answer('How did it come in?', DOWN.repeat(5) + ENTER);
    await terminal.answer('Which way?', `fax${ENTER}`);
    await terminal.answer('Whose law?', ENTER);
    await terminal.answer('asked by        parent', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(await opened(terminal)).toMatchObject({
      type: 'parental-review',
      action: 'delete',
      requester: 'parent',
      channel: 'fax',
      received_on: '2026-01-05',
      regime_assumed: true,
    });
  });

  test('an unclear mail may name nobody', async () => {
    const flags = [
      '--requester',
      'self',
      '--received',
      '2026-01-05',
      '--channel',
      'email',
      '--regime',
      'gdpr',
    ];
    const terminal = onTerminal(['request', 'open', ...flags], cwd);
    await terminal.answer('What do they ask for?', `\u001b[A${ENTER}`);
    await terminal.answer('or nobody where no one is named', `nobody${ENTER}`);
    await terminal.answer('about           nobody', `y${ENTER}`);
    expect(await terminal.exit).toBe(0);
    expect(await opened(terminal)).toMatchObject({ type: 'unclear', subject: null });
  });

  test('asks nothing where the flags say all that has no default', async () => {
    const terminal = onTerminal(['request', 'open', '--type', 'delete', 'user_id:1'], cwd);
    expect(await terminal.exit).toBe(0);
    expect(terminal.stderr()).not.toContain('?');
  });

  test.each([
    ['a summary that is not confirmed', ENTER, 4],
    ['Ctrl-C', CTRL_C, 130],
  ])('%s leaves nothing behind', async (_name, keys, exit) => {
    const before = await folderDigest(cwd);
    const again = onTerminal(
      ['request', 'open', '--type', 'opt-out', '--regime', 'ccpa', '--channel', 'email'],
      cwd,
    );
    await again.answer('Who?', `email:new@example.org${ENTER}`);
    await again.answer('Who asks?', ENTER);
    await again.answer('On which day', ENTER);
    await again.answer('Open this request?', keys);
    expect(await again.exit).toBe(exit);
    expect(await folderDigest(cwd)).toBe(before);
  });

  test.each([
    ['a day after today', ['--received', '2026-01-06'], 4],
    ['a law that is none', ['--regime', 'moon'], 2],
    ['an identifier that is none', ['nonsense'], 2],
    ['a type that is none', ['--type', 'moon'], 2],
    ['a flag of another type', ['--type', 'delete', '--level', 'categories'], 2],
    ['a day that is none', ['--received', 'x'], 2],
  ])('%s is refused before anything is asked', async (_name, flags, exit) => {
    const before = await folderDigest(cwd);
    const terminal = onTerminal(['request', 'open', ...flags], cwd);
    expect(await terminal.exit).toBe(exit);
    expect(terminal.stderr()).not.toContain('?');
    expect(await folderDigest(cwd)).toBe(before);
  });
});

test('dsr request deny asks for a reason that letters have words for, and for facts where the law wants them', async () => {
  const { stdout: headline } = await dsr(['request', 'open', '--type', 'delete', 'user_id:1'], { cwd });
  const name = headline.slice(0, 'R-000001'.length);
  const terminal = onTerminal(['request', 'deny', name], cwd);
  await terminal.answer('Why is it refused?', DOWN.repeat(3) + ENTER);
  await terminal.answer('The facts that show it', `three letters in one hand${ENTER}`);
  expect(await terminal.exit).toBe(0);
  const { stdout } = await dsr(['request', 'show', name, '--file', '--json'], { cwd });
  const shown = JSON.parse(stdout);
  expect(shown.history.at(-1)).toMatchObject({ move: 'deny', reason: 'suspected-fraud' });
  expect(shown.file.notes).toMatchObject([{ text: 'three letters in one hand' }]);
});

test('dsr request approve shows the plan and asks whether it is accepted', async () => {
  const { stdout: headline } = await dsr(['request', 'open', '--type', 'delete', 'user_id:3'], { cwd });
  const name = headline.slice(0, 'R-000001'.length);
  for (const argv of [
    ['verify', name, '--method', 'account'],
    ['plan', name],
  ])
    expect((await dsr(['request', ...argv], { cwd })).exit).toBe(0);
  const before = await folderDigest(cwd);
  const refused = onTerminal(['request', 'approve', name, '--actor', 'grace'], cwd);
  await refused.answer('Approve this plan of tester?', `n${ENTER}`);
  expect(await refused.exit).toBe(4);
  expect(refused.stderr()).toMatch(/erase +users/);
  expect(await folderDigest(cwd)).toBe(before);
  const terminal = onTerminal(['request', 'approve', name, '--actor', 'grace'], cwd);
  await terminal.answer('Approve this plan of tester?', `y${ENTER}`);
  expect(await terminal.exit).toBe(0);
  expect(terminal.stdout()).toContain('approved by grace, by declaration');
});

test('the desk asks for what its commands need: what an unclear mail is, which letter went and how', async () => {
  const { stdout: headline } = await dsr(['request', 'open', '--type', 'unclear', 'user_id:3'], { cwd });
  const name = headline.slice(0, 'R-000001'.length);
  const classified = onTerminal(['request', 'classify', name], cwd);
  await classified.answer('What do they ask for?', DOWN.repeat(8) + ENTER);
  expect(await classified.exit).toBe(0);
  expect(classified.stdout()).toContain('objection');
  const drafted = onTerminal(['request', 'letter', name], cwd);
  await drafted.answer('Which letter?', DOWN.repeat(6) + ENTER);
  expect(await drafted.exit).toBe(0);
  const sent = onTerminal(['request', 'sent', name], cwd);
  await sent.answer('Which letter?', DOWN.repeat(6) + ENTER);
  await sent.answer('How did it go?', ENTER);
  expect(await sent.exit).toBe(0);
  expect(sent.stdout()).toContain('closed');
});
