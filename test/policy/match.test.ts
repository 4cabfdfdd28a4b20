import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob, sourceForFile, takenAtFromName } from '../../src/policy/match.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { SKETCH } from './policy-texts.ts';

describe('matchesGlob', () => {
  it.each([
    ['users*.csv', 'users.csv', true],
    ['users*.csv', 'users-2026-11-22.csv', true],
    ['users*.csv', 'users.csv.gz', true],
    ['users*.csv', 'users.csv.bak', false],
    ['users*.csv', 'Users.csv', false],
    ['users*.csv', 'old-users.csv', false],
    ['users.csv.gz', 'users.csv', false],
    ['users.csv.gz', 'users.csv.gz', true],
    ['access.log?', 'access.log1', true],
    ['access.log?', 'access.log', false],
    ['*', '.hidden', true],
    ['a[1].csv', 'a[1].csv', true],
    ['a[1].csv', 'a1.csv', false],
    ['a.csv', 'abcsv', false],
    ['?.csv', '😀.csv', true],
    ['*.gz', 'a.gz', true],
    ['', 'a', false],
  ])('%s with %s: %s', (glob, name, expected) => {
    expect(matchesGlob(glob, name)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const word = fc
      .array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 8 })
      .map((chars) => chars.join(''));
    const name = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 10 }).map((chars) => chars.join(''));
    fc.assert(
      fc.property(word, name, (glob, text) => {
        const expression = new RegExp(
          `^${glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`,
        );
        expect(matchesGlob(glob, text)).toBe(expression.test(text));
      }),
    );
  });

  it('comes to an end with many stars', () => {
    expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(255))).toBe(false);
  });
});

describe('sourceForFile', () => {
  const policy = parsePolicy(
    SKETCH.replace('"messages*.ndjson"', '["messages*.ndjson", "users*.log"]'),
    'dsr.yaml',
  );

  it.each([
    ['users-2026.csv', ['users']],
    ['messages.ndjson.gz', ['messages']],
    ['users.log', ['messages']],
    ['access.log.1', ['access_log']],
    ['notes.txt', []],
  ])('%s', (name, sources) => {
    expect(sourceForFile(policy, name).map((source) => source.name)).toEqual(sources);
  });
});

describe('takenAtFromName', () => {
  it.each([
    ['users-YYYY-MM-DD.csv', 'users-2026-11-22.csv', '2026-11-22T00:00:00Z'],
    ['users-YYYY-MM-DD.csv', 'users-2026-11-22.csv.gz', '2026-11-22T00:00:00Z'],
    ['users-YYYY-MM-DD.csv', 'users-2026-1-22.csv', undefined],
    ['users-YYYY-MM-DD.csv', 'users-2026-02-30.csv', undefined],
    ['users-YYYY-MM-DD.csv', 'members-2026-11-22.csv', undefined],
    ['users-YYYY-MM-DD.csv', 'users-2026-11-22xcsv', undefined],
    ['access.log-YYYYMMDD', 'access.log-20261122', '2026-11-22T00:00:00Z'],
    ['comments-MM_YYYY_MM_DD.csv', 'comments-MM_2026_11_22.csv', '2026-11-22T00:00:00Z'],
    ['messages-YYYYMMDD-HHmmss.ndjson', 'messages-20261122-140509.ndjson', '2026-11-22T14:05:09Z'],
    ['messages-YYYYMMDD-HHmm.ndjson', 'messages-20261122-1405.ndjson', '2026-11-22T14:05:00Z'],
    ['dump_YYYY-MM-DDTHH:mm:ssZ.json', 'dump_2026-11-22T14:05:09Z.json', '2026-11-22T14:05:09Z'],
    ['dump_YYYY-MM-DD HH.mm.json', 'dump_2026-11-22 25.00.json', undefined],
    ['*-YYYYMMDD-part?.csv', 'x(1)-20261122-part7.csv', '2026-11-22T00:00:00Z'],
  ])('%s reads %s as %s', (takenAt, name, expected) => {
    expect(takenAtFromName({ takenAt }, name)).toBe(expected);
  });

  it('knows nothing without a pattern', () => {
    expect(takenAtFromName({}, 'users-2026-11-22.csv')).toBeUndefined();
  });
});
