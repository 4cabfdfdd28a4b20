import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ExitCode } from '../../src/base/errors.ts';
import { TOPICS } from '../../src/cli/commands/help/topics.ts';
import { SECTIONS } from '../../src/cli/commands.ts';
import type { Argument, CommandDefinition } from '../../src/cli/define.ts';
import { EXIT_MEANINGS, type ExitName } from '../../src/cli/exit-codes.ts';

const SRC = resolve(import.meta.dirname, '../../src');
const BLOCK = /(<!-- generated:([a-z-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

const GENERATED: Readonly<Record<string, () => string>> = {
  commands: renderCommands,
  'exit-codes': renderExitCodes,
  environment: () => `\`\`\`\n${TOPICS.get('environment')?.text()}\n\`\`\``,
  imports: renderImports,
};

/** A document with each generated block as the program has it now. */
export function withGeneratedBlocks(document: string): string {
  return document.replace(BLOCK, (_whole, start: string, name: string, end: string) => {
    const render = GENERATED[name];
    if (render === undefined) throw new Error(`nothing generates ${name}`);
    return `${start}\n${render()}\n\n${end}`;
  });
}

/** The source files, by their path below src/. */
export function sourceFiles(): readonly string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
}

/** The examples of the README as a script: its `$ dsr` lines, and the files that it names. */
export function sessionOf(readme: string): string {
  const consoles = [...readme.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const files = [...readme.matchAll(/^<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)^```$/gm)];
  return [...consoles, ...files.map(([, name, text]) => `-- ${name} --\n${text}`)].join('');
}

function renderCommands(): string {
  const lines = SECTIONS.flatMap(({ title, commands }) => [
    `| **${title}** | |`,
    ...commands.flatMap((definition) => commandLines(definition, 'dsr')),
  ]);
  return ['| command | does |', '|---|---|', ...lines].join('\n');
}

function commandLines(definition: CommandDefinition, before: string): string[] {
  const words = `${before} ${definition.name}`;
  const own =
    definition.run === undefined ? [] : [`| \`${usageOf(words, definition)}\` | ${definition.summary} |`];
  return [...own, ...definition.subcommands.flatMap((child) => commandLines(child, words))];
}

function usageOf(words: string, definition: CommandDefinition): string {
  return [words, ...Object.entries(definition.arguments).map(([name, kind]) => argument(name, kind))].join(
    ' ',
  );
}

function argument(name: string, { kind }: Argument<unknown>): string {
  const shown = `${name.toUpperCase()}${kind === 'many' || kind === 'any' ? '…' : ''}`;
  return kind === 'required' || kind === 'many' ? shown : `[${shown}]`;
}

function renderExitCodes(): string {
  const lines = (Object.keys(EXIT_MEANINGS) as ExitName[]).map(
    (name) => `| ${ExitCode[name]} | ${EXIT_MEANINGS[name]} |`,
  );
  return ['| code | means |', '|---|---|', ...lines].join('\n');
}

/** Which folder imports which, types left out; everybody may import base. */
function renderImports(): string {
  const pairs = sourceFiles().flatMap((file) =>
    importsOf(file).map((to) => [folderOf(file), folderOf(to)] as const),
  );
  const folders = [...new Set(sourceFiles().map(folderOf))].sort();
  const lines = folders.map((folder) => {
    const known = pairs
      .filter(([from, to]) => from === folder && to !== folder && to !== 'base')
      .map(([, to]) => to);
    return `| \`${folder}/\` | ${[...new Set(known)].sort().join(', ')} |`;
  });
  return ['| folder | imports |', '|---|---|', ...lines].join('\n');
}

const IMPORT = /^import (?!type )[^;]*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, fixed, lazy]) => join(dirname(file), fixed ?? lazy ?? ''));
}

const folderOf = (file: string) => file.split('/')[0] ?? '';
