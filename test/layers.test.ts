import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'dsr-layers-'));
  cpSync(join(root, 'biome.json'), join(tree, 'biome.json'));
});

afterEach(() => {
  rmSync(tree, { recursive: true, force: true });
});

test('a tree that keeps to the layers passes', () => {
  expect(
    lint({
      'src/cli/main.ts': uses('commander', '../policy/load.ts', '../store/sqlite/open.ts'),
      'src/evidence/prove/pages.ts': uses('node:fs', '../../people/digests.ts'),
      'src/evidence/audit/verify.ts':
        "import type { Reader } from '../../store/store.ts';\nexport type A = Reader;\n",
      'src/formats/csv.ts': uses('node:fs'),
      'src/policy/load.ts': uses('node:fs'),
      'src/rights/access.ts': uses('../store/store.ts'),
      'src/store/sqlite/open.ts': uses('better-sqlite3', '../store.ts'),
      'src/store/store.ts': uses('../base/time.ts'),
    }),
  ).toEqual({ status: 0, rules: [] });
});

const layers: readonly (readonly [string, string, string])[] = [
  ['nobody imports the command line', 'src/ingest/load.ts', '../cli/main.ts'],
  ['only the command line prompts', 'src/requests/intake.ts', 'inquirer'],
  ['only the command line parses flags', 'src/evidence/audit.ts', 'commander'],
  ['only the command line has colours', 'src/store/ledger.ts', 'chalk'],
  ['only store/sqlite knows the driver', 'src/ingest/load.ts', 'better-sqlite3'],
  ['the rest of the store does not', 'src/store/ledger.ts', 'better-sqlite3'],
  ['the store does not know who uses it', 'src/store/sqlite/rows.ts', '../../rights/delete.ts'],
  ['a planner works on the Store interface', 'src/rights/delete.ts', '../store/sqlite/rows.ts'],
  ['a planner reads no file', 'src/rights/delete.ts', 'node:fs'],
  ['a deadline reads no file', 'src/law/deadline.ts', 'node:fs/promises'],
  ['a letter reads no file', 'src/letters/letter.ts', 'node:fs'],
  ['a work order reads no file', 'src/duties/outbox.ts', 'node:fs'],
  ['the prover has a reader of its own', 'src/evidence/prove/pages.ts', '../../store/shelf.ts'],
  ['the prover knows no driver', 'src/evidence/prove/pages.ts', 'better-sqlite3'],
  ['the verifier has a canonical form of its own', 'src/evidence/audit/leaf-form.ts', '../../base/json.ts'],
  ['the verifier has a tree of its own', 'src/evidence/audit/verify.ts', '../../store/sqlite/audit.ts'],
];

test.each(layers)('%s', (_rule, file, imported) => {
  expect(lint({ [file]: uses(imported) })).toEqual({
    status: 1,
    rules: ['lint/style/noRestrictedImports'],
  });
});

test('a cycle of imports is caught', () => {
  expect(
    lint({ 'src/people/resolve.ts': uses('./link.ts'), 'src/people/link.ts': uses('./resolve.ts') }),
  ).toEqual({ status: 1, rules: ['lint/suspicious/noImportCycles'] });
});

test('a promise that nobody waits for is caught', () => {
  const source = 'async function save(): Promise<void> {}\nexport function close(): void {\n  save();\n}\n';
  expect(lint({ 'src/ingest/load.ts': source })).toEqual({
    status: 1,
    rules: ['lint/nursery/noFloatingPromises'],
  });
});

/** Source text that imports a name from each module and does no other wrong. */
function uses(...modules: readonly string[]): string {
  const imports = modules.map((name, index) => `import { a as a${index} } from '${name}';\n`);
  return `${imports.join('')}export const a = [${modules.map((_, index) => `a${index}`).join(', ')}];\n`;
}

/** Writes the files into the tree, lints it, and returns the broken rules, each once. */
function lint(files: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'lint', '--error-on-warnings', '--reporter=json'], {
    cwd: tree,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { category: string }[] };
  return { status: run.status, rules: [...new Set(diagnostics.map((found) => found.category))] };
}
