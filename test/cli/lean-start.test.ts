import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../src');

/** What is loaded to say what is due, before any `import()`. */
const STARTED = [
  'cli/main.ts',
  'cli/context.ts',
  'store/open.ts',
  'cli/commands/desk/desk.ts',
  'cli/commands/request/list.ts',
];

const STATIC = /^(?:import|export) (?!type )(?:[^'"]*? from )?'([^']+)';$/gms;

/** Every package that files load at once, and what they load. */
function packagesFrom(starts: readonly string[]): readonly string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const todo = starts.map((file) => join(ROOT, file));
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [statement, name = ''] of readFileSync(file, 'utf8').matchAll(STATIC)) {
      if (/^import \{(?:\s*type \w+,?)+\s*\}/.test(statement)) continue;
      if (name.startsWith('.')) todo.push(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return [...packages].sort();
}

test('what is due is said without the parser of policies, the calendar and the telephone book', () => {
  expect(packagesFrom(['policy/parse.ts'])).toEqual(expect.arrayContaining(['yaml', 'zod']));
  expect(packagesFrom(STARTED)).toEqual(['better-sqlite3', 'commander']);
});
