import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { mannerOf, type RawGlobals } from '../../src/cli/global-flags.ts';
import { readGlobals } from '../../src/cli/globals.ts';
import type { Io } from '../../src/cli/io.ts';
import { capture } from '../helpers/program.ts';

const nothing: RawGlobals = {
  ledger: undefined,
  json: false,
  asOf: undefined,
  actor: undefined,
  reason: undefined,
  note: undefined,
  yes: false,
  reveal: false,
  quiet: false,
  verbose: false,
  color: true,
};

function read(flags: Partial<RawGlobals>, env: Record<string, string> = {}) {
  const io: Io = {
    stdin: Readable.from([]),
    stdout: capture(),
    stderr: capture(),
    env,
    cwd: '/srv/dsr',
    now: () => new Date('2026-01-05T09:00:00Z'),
    login: () => 'ada',
  };
  return readGlobals({ ...nothing, ...flags }, io);
}

describe('the ledger', () => {
  test('is dsr.db in the current folder', () => {
    expect(read({}).ledger).toBe('/srv/dsr/dsr.db');
  });

  test('is named by DSR_LEDGER, and by --ledger before it', () => {
    expect(read({}, { DSR_LEDGER: '/a.db' }).ledger).toBe('/a.db');
    expect(read({ ledger: 'b.db' }, { DSR_LEDGER: '/a.db' }).ledger).toBe('/srv/dsr/b.db');
  });

  test('an empty variable counts as none', () => {
    expect(read({}, { DSR_LEDGER: '', DSR_NOW: '', DSR_ACTOR: '', DSR_SECRETS_FILE: '' })).toEqual(read({}));
  });

  test('has its secrets where DSR_SECRETS_FILE says', () => {
    expect(read({}).secrets).toBeUndefined();
    expect(read({}, { DSR_SECRETS_FILE: 'keys/s' }).secrets).toBe('/srv/dsr/keys/s');
  });
});

describe('the instant', () => {
  test('a date is its first instant', () => {
    expect(read({ asOf: '2026-11-22' }).asOf).toBe('2026-11-22T00:00:00Z');
  });

  test('--as-of wins over DSR_NOW', () => {
    expect(read({ asOf: '2026-11-22' }, { DSR_NOW: '2025-01-01' }).asOf).toBe('2026-11-22T00:00:00Z');
    expect(read({}, { DSR_NOW: '2025-01-01T10:00:00+02:00' }).asOf).toBe('2025-01-01T08:00:00Z');
  });

  test('the message names what was wrong, not what it held', () => {
    expect(() => read({ asOf: 'tomorrow' })).toThrow('--as-of is not a time');
    expect(() => read({}, { DSR_NOW: 'tomorrow' })).toThrow('DSR_NOW is not a time');
  });
});

describe('the actor', () => {
  test('is the login name', () => {
    expect(read({}).actor).toEqual({ name: 'ada', login: 'ada' });
  });

  test('is named by DSR_ACTOR, and by --actor before it; the login stays on record', () => {
    expect(read({}, { DSR_ACTOR: 'nightly' }).actor).toEqual({ name: 'nightly', login: 'ada' });
    expect(read({ actor: 'Grace' }, { DSR_ACTOR: 'nightly' }).actor).toEqual({ name: 'Grace', login: 'ada' });
  });

  test('under sudo who called it is on record', () => {
    expect(read({}, { SUDO_USER: 'grace' }).actor).toEqual({ name: 'ada', login: 'ada', sudo: 'grace' });
  });

  test.each(['a\nb', ' ', '\u202eevil', 'x'.repeat(65)])('is not %j', (name) => {
    expect(() => read({ actor: name })).toThrow('--actor is not a name');
  });
});

describe('the reason', () => {
  test.each(['a', 'customer-letter', '2026-7', 'x'.repeat(40)])('may be %s', (reason) => {
    expect(read({ reason }).reason).toBe(reason);
  });

  test.each(['Ada', 'two words', '-x', 'ada@example.org', 'x'.repeat(41)])('is no code: %s', (reason) => {
    expect(() => read({ reason })).toThrow('--reason is not a code');
  });
});

test('--quiet and --verbose exclude each other', () => {
  expect(() => read({ quiet: true, verbose: true })).toThrow('exclude each other');
});

test('DSR_DEBUG=1 is --verbose', () => {
  expect(read({}, { DSR_DEBUG: '1' }).verbose).toBe(true);
});

const colours: readonly (readonly [string, readonly string[], Record<string, string>, boolean, boolean])[] = [
  ['on a terminal', [], {}, true, true],
  ['not in a pipe', [], {}, false, false],
  ['not with --no-color', ['--no-color'], {}, true, false],
  ['not with NO_COLOR', [], { NO_COLOR: '1' }, true, false],
  ['with an empty NO_COLOR', [], { NO_COLOR: '' }, true, true],
  ['not on a dumb terminal', [], { TERM: 'dumb' }, true, false],
];

test.each(colours)('colour: %s', (_name, argv, env, terminal, expected) => {
  expect(mannerOf(argv, env, terminal).color).toBe(expected);
});

test('what stands after -- is no flag', () => {
  expect(mannerOf(['access', '--', '--json'], {}, false).json).toBe(false);
});
