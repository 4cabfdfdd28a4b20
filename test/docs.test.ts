import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOPICS } from '../src/cli/commands/help/topics.ts';
import { sessionOf, sourceFiles, withGeneratedBlocks } from './helpers/readme.ts';
import { runScript } from './helpers/run-script.ts';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const map = readFileSync(join(SRC, 'README.md'), 'utf8');
const sources = sourceFiles();
const documents: readonly (readonly [string, string])[] = [
  ['README.md', readme],
  ['src/README.md', map],
];

// `npm run docs` is this test with --update.
test.each(documents)('%s has each generated part as the program has it', async (name, text) => {
  expect(text).toContain('<!-- generated:');
  await expect(withGeneratedBlocks(text)).toMatchFileSnapshot(join(ROOT, name));
});

describe('README.md', () => {
  test('shows a session that runs as it stands there, to the end that it promises', async () => {
    const session = sessionOf(readme);
    expect(session).toContain('-- dsr.yaml --');
    const lines = session.split('\n').flatMap((line) => [line, ...expectedOf(line)]);
    expect(lines.filter((line) => line.startsWith('> '))).toHaveLength(Object.keys(EXPECTED).length);
    await runScript(lines.join('\n'));
  });

  test('shows a cron line that runs', async () => {
    const [, variable = '', words = ''] = /^[\d* ]+ (DSR_LEDGER)=\S+ \S*\/dsr (.+)$/m.exec(readme) ?? [];
    const script = [
      'mkdir srv',
      '$ dsr init --ledger srv/dsr.db',
      `env ${variable}=srv/dsr.db`,
      `$ dsr ${words}`,
    ];
    await runScript([...script, '> stdout contains nothing was due', '> stderr is empty'].join('\n'));
  });

  test('links to what is there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
    const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => `#${slug(title)}`);
    expect(links.filter((link) => !anchors.includes(link) && !existsSync(join(ROOT, link)))).toEqual([]);
  });
});

test.each(documents)('%s names only files and scripts that are there', (_name, text) => {
  const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
  const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const paths = [...text.matchAll(/`((?:src|test|fixtures|bin)\/[\w./-]*)`/g)].map(([, path = '']) => path);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

describe('src/README.md', () => {
  test('names each folder', () => {
    const folders = [...new Set(sources.map((name) => name.split('/')[0]))];
    expect(folders.filter((name) => !map.includes(`\`${name}/\``))).toEqual([]);
  });

  test('names only files that are there, and no lines', () => {
    const known = new Set(
      sources.flatMap((name) => [name, `${dirname(name)}/`, `${dirname(dirname(name))}/`]),
    );
    const named = [...map.matchAll(/`([a-z-]+\/[a-z/-]*(?:\.ts)?)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !known.has(path))).toEqual([]);
    expect(map).not.toMatch(/\.ts:\d|lines? \d/);
  });
});

test('each environment variable that the program reads is explained', () => {
  const read = sources.flatMap((name) =>
    [...readFileSync(join(SRC, name), 'utf8').matchAll(/\benv\.([A-Z][A-Z_]+)/g)].map(
      ([, variable = '']) => variable,
    ),
  );
  const explained = TOPICS.get('environment')?.text() ?? '';
  expect(read).toContain('DSR_LEDGER');
  expect(read.filter((variable) => variable !== 'TERM' && !explained.includes(variable))).toEqual([]);
});

const EXPECTED: Readonly<Record<string, string>> = {
  ingest: 'stdout contains access_log',
  'subject find': 'stdout contains a…@example.org',
  'access email:ada@example.org': 'exists packages/R-000001/data.json',
  edit: 'stdout contains changed here, ordered upstream',
  delete: 'stdout contains only id, paid_on, payer, amount',
  'work list': 'stdout contains keep-fields',
  'purge --dry-run': 'stdout contains expired',
  'purge --yes': 'stdout contains the ledger was scrubbed',
  'report all': 'exists reports/deletions.csv',
  'audit verify': 'stdout contains as it was written',
  'request deadline': 'stdout contains GDPR Art. 12(3)',
  'access --request R-000004': 'exists packages/R-000004/data.json',
  'request letter': 'stdout contains We have complied with your request',
  'request list': 'stdout contains R-000005',
  'report metrics': 'exists metrics.csv',
};

/** What the README's command is to come to, as a line of a script. */
function expectedOf(line: string): readonly string[] {
  return Object.entries(EXPECTED)
    .filter(([command]) => line.startsWith(`$ dsr ${command} `) || line === `$ dsr ${command}`)
    .map(([, expectation]) => `> ${expectation}`);
}

/** The anchor that GitHub makes of a title. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
