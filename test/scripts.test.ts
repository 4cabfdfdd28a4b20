import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runScript } from './helpers/run-script.ts';

const folder = join(import.meta.dirname, 'scripts');
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.script'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const isBuilt = existsSync(join(import.meta.dirname, '../dist/cli/main.js'));
const runnable = scripts.filter(({ text }) => isBuilt || !text.includes('$ spawn '));
const notBuilt = scripts.filter((script) => !runnable.includes(script));

test.concurrent.each(runnable)('$name', ({ text }) => runScript(text));

test.skipIf(isBuilt).each(notBuilt)('$name is left out until `npm run build`', () => {});

test('there are scripts', () => {
  expect(scripts.length).toBeGreaterThan(0);
});
