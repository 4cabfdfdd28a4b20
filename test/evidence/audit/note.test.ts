import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  openCheckpoint,
  parseCheckpoint,
  renderCheckpoint,
  splitCheckpoints,
} from '../../../src/evidence/audit/checkpoint.ts';
import {
  noteKeyOf,
  openNote,
  parseNote,
  parseVkey,
  renderVkey,
  signNote,
} from '../../../src/evidence/audit/note.ts';
import { INTEROP } from './interop.ts';

const { signer, vkey, checkpoint } = INTEROP;
const key = parseVkey(vkey);
const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const FOO_NOTE =
  'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
const EACH_BYTE = Array.from({ length: 255 }, (_, index) => index + 1);
const EACH_BIT = [1, 2, 4, 8, 16, 32, 64, 128];

describe('public keys', () => {
  test('the key that Go makes of our seed, byte for byte', () => {
    expect(renderVkey(noteKeyOf(signer))).toBe(vkey);
  });

  test.each([
    ['of the documentation of Go', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['of the specification, with a plus in its base64', FOO],
    ['of our seed', vkey],
  ])('%s', (_name, text) => {
    expect(renderVkey(parseVkey(text))).toBe(text);
  });

  test.each([FOO, vkey])('each other byte in each place of %s is refused', (text) => {
    for (const changed of changesOf(text, EACH_BYTE)) expect(() => parseVkey(changed), changed).toThrow();
  });

  test.each([FOO, vkey])('each part of %s is refused', (text) => {
    for (let start = 0; start < text.length; start += 1)
      for (let end = start; end <= text.length; end += 1)
        if (end - start < text.length) expect(() => parseVkey(text.slice(start, end))).toThrow();
  });

  test.each([
    ['an id in capitals', FOO.replace('530d903a', '530D903A')],
    ['a key of another type', 'witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'],
    ['a line feed at the end', `${vkey}\n`],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(() => parseVkey(text)).toThrow('this is no public key of a signed note');
  });
});

describe('notes', () => {
  test('the checkpoint that Go signs with our seed, byte for byte', () => {
    expect(signNote(checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1), signer)).toBe(checkpoint);
  });

  test.each([
    ['each other byte in each place of our checkpoint', checkpoint, vkey, EACH_BYTE],
    ['each bit of the example of the specification', FOO_NOTE, FOO, EACH_BIT],
  ])('%s is refused', (_name, note, by, changes) => {
    const opener = parseVkey(by);
    expect(openNote(note, opener)).toBe(note.slice(0, note.indexOf('\n\n') + 1));
    for (const changed of changesOf(note, changes))
      expect(() => openNote(changed, opener), changed).toThrow();
  });

  test('each byte that is missing, and each that is put in, is refused', () => {
    for (let at = 0; at < checkpoint.length; at += 1) {
      expect(() => openNote(checkpoint.slice(0, at) + checkpoint.slice(at + 1), key)).toThrow();
      for (const more of ['\n', ' ', 'A', '=', '\u2014'])
        if (checkpoint[at] !== more)
          expect(() => openNote(checkpoint.slice(0, at) + more + checkpoint.slice(at), key)).toThrow();
    }
  });

  test('a signature by somebody else is left alone, and alone it is not enough', () => {
    const other = FOO_NOTE.slice(FOO_NOTE.lastIndexOf('\n\u2014') + 1);
    expect(openNote(checkpoint + other, key)).toBe(openNote(checkpoint, key));
    expect(() => openNote(FOO_NOTE, key)).toThrow('the note is not signed with this key');
  });

  test('a signature of the key that does not fit spoils the note, whatever fits beside it', () => {
    const line = checkpoint.slice(checkpoint.lastIndexOf('\n\u2014') + 1);
    const bad = signNote('something else\n', signer).split('\n\n')[1] ?? '';
    expect(() => openNote(checkpoint + bad, key)).toThrow('the signature does not fit the note');
    expect(openNote(checkpoint + line, key)).toBe(openNote(checkpoint, key));
  });

  test('of a hundred signatures at most', () => {
    const line = checkpoint.slice(checkpoint.lastIndexOf('\n\u2014') + 1);
    expect(openNote(checkpoint + line.repeat(99), key)).toBe(openNote(checkpoint, key));
    expect(() => openNote(checkpoint + line.repeat(100), key)).toThrow('this is no signed note');
  });

  test('any lines, signed and opened, come back', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (words, seed) => {
          const text = `${words.replace(/\p{Cc}/gu, '\n')}\n`;
          const by = { name: 'ledger', seed };
          expect(openNote(signNote(text, by), noteKeyOf(by))).toBe(text);
          expect(parseNote(signNote(text, by)).text).toBe(text);
        },
      ),
    );
  });

  test.each([
    ['no line feed at its end', 'a'],
    ['a tab', 'a\tb\n'],
    ['half a character', '\ud800\n'],
  ])('what has %s is not signed', (_name, text) => {
    expect(() => signNote(text, signer)).toThrow(RangeError);
  });
});

describe('checkpoints', () => {
  test('are read as they are written', () => {
    const body = openCheckpoint(checkpoint, key);
    expect(body).toEqual({ origin: signer.name, size: 7, root: INTEROP.roots.at(-1) });
    expect(signNote(renderCheckpoint(body), signer)).toBe(checkpoint);
  });

  test.each([
    ['a leading zero', 'o\n07\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=\n'],
    ['a sign', 'o\n+7\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=\n'],
    ['a size past all counting', 'o\n99999999999999999999\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=\n'],
    ['a root cut short', 'o\n7\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZR\n'],
    ['no root', 'o\n7\n'],
    ['no origin', '\n7\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=\n'],
    ['one more line', 'o\n7\nWmH8K1T5z6cXdPJDIUPdQMbLKxGUf69lp9PaXLZRmcg=\nmore\n'],
  ])('with %s are refused', (_name, text) => {
    expect(() => parseCheckpoint(text)).toThrow('this is no checkpoint of a log');
  });

  test('of another log than the one that the key is for are refused', () => {
    const foreign = signNote(renderCheckpoint({ origin: 'other', size: 0, root: 'ab'.repeat(32) }), signer);
    expect(() => openCheckpoint(foreign, key)).toThrow('the checkpoint is of another log than its key');
  });

  test('several in one file are told apart', () => {
    const second = signNote(renderCheckpoint({ origin: 'b', size: 0, root: 'ab'.repeat(32) }), signer);
    const two = second + second.slice(second.lastIndexOf('\n\u2014') + 1);
    expect(splitCheckpoints(checkpoint + two + second)).toEqual([checkpoint, two, second]);
    expect(() => splitCheckpoints('')).toThrow('this is no checkpoint of a log');
  });
});

const TESSERA = resolve(import.meta.dirname, '../../../../shared/data/oracle-merkle/tessera-log');

describe.skipIf(!existsSync(TESSERA))('checkpoints of a log of Tessera (needs ../shared)', () => {
  const by = parseVkey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');
  const names = existsSync(TESSERA)
    ? readdirSync(`${TESSERA}/log`).filter((name) => /^checkpoint/.test(name))
    : [];

  test.each(names)('%s', (name) => {
    const note = readFileSync(`${TESSERA}/log/${name}`, 'utf8');
    const size = /\d+$/.exec(name)?.[0] ?? '15';
    expect(openCheckpoint(note, by)).toMatchObject({
      origin: 'example.com/log/testdata',
      size: Number(size),
    });
    expect(() => openCheckpoint(note.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`), by)).toThrow(
      'does not fit',
    );
  });
});

/** The text with single bytes changed, in each place by each of `by`, where that is UTF-8 at all. */
function* changesOf(text: string, by: readonly number[]): Generator<string> {
  const bytes = Buffer.from(text, 'utf8');
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const [at, byte] of bytes.entries()) {
    for (const bits of by) {
      bytes[at] = byte ^ bits;
      try {
        yield utf8.decode(bytes);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
    bytes[at] = byte;
  }
}
