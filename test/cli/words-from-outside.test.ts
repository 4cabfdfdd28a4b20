import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentifier } from '../../src/cli/identifier-argument.ts';
import type { Prompter } from '../../src/cli/prompter.ts';
import { StdinText } from '../../src/cli/stdin.ts';
import { readTextFile } from '../../src/cli/text-files.ts';

function stdin(bytes: string | Buffer): StdinText {
  return new StdinText(Readable.from([Buffer.from(bytes)]));
}

function answering(answer: string): Prompter {
  return {
    confirm: async () => true,
    input: async () => answer,
    secret: async () => answer,
    select: async (_question, choices) => choices.map((choice) => choice.value)[0] as never,
  };
}

describe('an identifier', () => {
  const table: readonly (readonly [string, string | undefined, string, string])[] = [
    ['is taken from the command line', 'user_id:42', '', 'user_id:42'],
    ['is read from standard input at -', '-', 'email:ada@example.org\n', 'email:ada@example.org'],
    ['may lack the line end there', '-', ' S-000042 ', 'S-000042'],
    ['may end in CRLF there', '-', 'user_id:42\r\n', 'user_id:42'],
    ['is asked for where it was left out', undefined, '', 'asked:1'],
  ];

  test.each(table)('%s', async (_name, given, input, expected) => {
    const context = { stdin: stdin(input), prompter: answering('asked:1') };
    expect(await readIdentifier(context, given)).toBe(expected);
  });

  test.each([
    ['no line', '', 'ID is missing on standard input'],
    ['an empty line', '\n', 'ID is missing on standard input'],
    ['two lines', 'user_id:1\nuser_id:2\n', 'standard input holds more than the one line for ID'],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0xff]), 'standard input is not UTF-8, for ID'],
    ['more than a MiB', 'x'.repeat(2 ** 20 + 1), 'standard input is too long for ID'],
  ])('is not %s', async (_name, input, message) => {
    const context = { stdin: stdin(input), prompter: answering('') };
    await expect(readIdentifier(context, '-')).rejects.toMatchObject({ code: 'usage', exit: 2, message });
  });
});

test('standard input answers one question only', async () => {
  const input = stdin('user_id:42\n');
  await input.readLine('ID');
  await expect(input.read('--note')).rejects.toThrow('ID and --note both read standard input');
});

describe('a text file', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dsr-text-'));
    writeFileSync(join(folder, 'good.yaml'), '\ufeffname: café\n');
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('name: café\n', 'latin1'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is read without its byte order mark', async () => {
    expect(await readTextFile(join(folder, 'good.yaml'), 'good.yaml')).toBe('name: café\n');
  });

  test.each([
    ['that is not UTF-8', 'latin1.yaml', 65, 'latin1.yaml is not UTF-8 text'],
    ['that is not there', 'none.yaml', 5, 'there is no file none.yaml'],
    ['that is a folder', '.', 65, '. cannot be read (EISDIR)'],
  ])('%s is refused', async (_name, name, exit, message) => {
    await expect(readTextFile(join(folder, name), name)).rejects.toMatchObject({ exit, message });
  });
});
