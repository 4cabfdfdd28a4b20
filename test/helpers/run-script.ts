import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { folderDigest } from './folder-digest.ts';
import { dsr, type Outcome } from './program.ts';
import { type Expectation, parseScript, type Script, type Step } from './script.ts';

const BIN = resolve(import.meta.dirname, '../../bin/dsr.js');

/** Runs a script in a folder of its own; throws with the line of the first thing that was not as expected. */
export async function runScript(text: string): Promise<void> {
  const script = parseScript(text);
  const folder = mkdtempSync(join(tmpdir(), 'dsr-script-'));
  try {
    await new ScriptRun(folder, script).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class ScriptRun {
  readonly #folder: string;
  readonly #script: Script;
  readonly #env: Record<string, string> = {};
  readonly #values = new Map<string, string>();
  #clock: string | undefined;

  constructor(folder: string, script: Script) {
    this.#folder = folder;
    this.#script = script;
  }

  async run(): Promise<void> {
    for (const [name, text] of this.#script.files) this.#write(name, text);
    for (const step of this.#script.steps) {
      if (step.words[0] === '$') await this.#command(step);
      else this.#prepare(step);
    }
  }

  #write(name: string, text: string): void {
    const path = join(this.#folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  #prepare(step: Step): void {
    const [verb, ...words] = step.words.map((word) => this.#substitute(word));
    const [first = '', second = ''] = words;
    const path = join(this.#folder, first);
    if (step.expectations.length > 0) throw this.#failure(step.line, 'only commands have expectations');
    if (verb === 'env') this.#setVariable(first);
    else if (verb === 'clock') this.#clock = first;
    else if (verb === 'copy') copyFileSync(path, join(this.#folder, second));
    else if (verb === 'remove') rmSync(path, { recursive: true });
    else if (verb === 'mkdir') mkdirSync(path);
    else if (verb === 'chmod') chmodSync(join(this.#folder, second), Number.parseInt(first, 8));
    else if (verb === 'append') appendFileSync(path, `${words.slice(1).join(' ')}\n`);
    else throw this.#failure(step.line, `no such step: ${verb}`);
  }

  #setVariable(assignment: string): void {
    const [name = '', ...value] = assignment.split('=');
    if (value.join('=') === '') delete this.#env[name];
    else this.#env[name] = value.join('=');
  }

  async #command(step: Step): Promise<void> {
    const before = step.expectations.some(({ text }) => text === 'unchanged')
      ? await this.#digest()
      : undefined;
    const outcome = await this.#call(step);
    const exit =
      step.expectations.find(({ text }) => text.startsWith('exit '))?.text.slice('exit '.length) ?? '0';
    if (String(outcome.exit) !== exit) {
      throw this.#failure(step.line, `exit ${outcome.exit}, expected ${exit}`, outcome);
    }
    for (const expectation of step.expectations) {
      if (expectation.sign === '=') this.#keep(expectation, outcome);
      else if (expectation.text !== 'unchanged') this.#check(expectation, outcome);
      else if ((await this.#digest()) !== before)
        throw this.#failure(expectation.line, 'something changed', outcome);
    }
  }

  async #call(step: Step): Promise<Outcome> {
    const [, program, ...rest] = step.words.map((word) => this.#substitute(word));
    const words = program === 'spawn' ? rest.slice(1) : rest;
    const redirect = words.indexOf('<');
    const input =
      redirect < 0 ? undefined : readFileSync(join(this.#folder, words[redirect + 1] ?? ''), 'utf8');
    const argv = redirect < 0 ? words : words.slice(0, redirect);
    if (program === 'spawn') return this.#spawn(argv, input);
    if (program !== 'dsr') throw this.#failure(step.line, `no such program: ${program}`);
    return dsr(argv, {
      cwd: this.#folder,
      env: this.#env,
      ...(input === undefined ? {} : { stdin: input }),
      ...(this.#clock === undefined ? {} : { now: this.#clock }),
    });
  }

  #spawn(argv: readonly string[], input = ''): Outcome {
    const options = { cwd: this.#folder, env: this.#env, input, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], options);
    return { exit: status ?? -1, stdout, stderr };
  }

  #keep(expectation: Expectation, outcome: Outcome): void {
    const [name = '', , , path = ''] = expectation.text.split(' ');
    const value = valueAt(documentOf(outcome), path);
    if (value === undefined) throw this.#failure(expectation.line, `no ${path} in the document`, outcome);
    this.#values.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }

  #check(expectation: Expectation, outcome: Outcome): void {
    const holds = this.#holds(this.#substitute(expectation.text), outcome, expectation.line);
    if (holds === (expectation.sign === '>')) return;
    throw this.#failure(expectation.line, `${expectation.sign} ${expectation.text}`, outcome);
  }

  #holds(text: string, outcome: Outcome, line: number): boolean {
    const [what = '', name = '', verb = ''] = text.split(' ');
    const rest = text.split(' ').slice(3).join(' ');
    if (what === 'exit') return true;
    if (what === 'stdout' || what === 'stderr') return textHolds(outcome[what], text.slice(what.length + 1));
    if (what === 'json') return jsonHolds(valueAt(documentOf(outcome), name), verb, rest);
    const path = join(this.#folder, name);
    if (what === 'exists') return existsSync(path);
    if (what === 'mode') return (statSync(path).mode & 0o777).toString(8) === verb;
    if (what === 'file') return textHolds(readFileSync(path, 'utf8'), text.split(' ').slice(2).join(' '));
    throw this.#failure(line, `no such expectation: ${what}`);
  }

  #digest(): Promise<string> {
    return folderDigest(this.#folder, this.#env.DSR_SECRETS_FILE);
  }

  #substitute(text: string): string {
    return text.replace(/\$([A-Z_]+)/g, (whole, name: string) => this.#values.get(name) ?? whole);
  }

  #failure(line: number, message: string, outcome?: Outcome): Error {
    const shown = outcome === undefined ? '' : `\nstdout:\n${outcome.stdout}\nstderr:\n${outcome.stderr}`;
    return new Error(`line ${line}: ${message}${shown}`);
  }
}

function textHolds(given: string, expected: string): boolean {
  if (expected === 'is empty') return given === '';
  if (expected.startsWith('contains ')) return hasWord(given, expected.slice('contains '.length));
  if (expected.startsWith('matches ')) return new RegExp(expected.slice('matches '.length), 'm').test(given);
  throw new Error(`no such expectation of a text: ${expected}`);
}

/** Digests and signatures, as hex or base64: by chance they hold any short word. */
const DIGESTS = /[\da-f]{32,}|[\w+/]{40,}={0,2}/g;

function hasWord(given: string, word: string): boolean {
  return (word.length < 8 ? given.replace(DIGESTS, '…') : given).includes(word);
}

function jsonHolds(value: unknown, verb: string, expected: string): boolean {
  if (verb === '') return value !== undefined;
  if (verb === 'is') return JSON.stringify(value) === JSON.stringify(JSON.parse(expected));
  if (verb === 'has') return Array.isArray(value) && value.length === Number(expected);
  if (verb === 'contains') return typeof value === 'string' && value.includes(expected);
  throw new Error(`no such expectation of JSON: ${verb}`);
}

function documentOf(outcome: Outcome): unknown {
  return JSON.parse(outcome.stdout === '' ? outcome.stderr : outcome.stdout);
}

/** The value at `.a.b[0].c`, or undefined. */
function valueAt(document: unknown, path: string): unknown {
  const parts = path.match(/[^.[\]]+/g) ?? [];
  return parts.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined,
    document,
  );
}
