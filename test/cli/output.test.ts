import { expect, test } from 'vitest';
import { Output } from '../../src/cli/output.ts';
import { capture } from '../helpers/program.ts';

function setUp(options: { json?: boolean; quiet?: boolean; verbose?: boolean; terminal?: boolean } = {}) {
  const { json = false, quiet = false, verbose = false, terminal = false } = options;
  const stdout = capture(undefined, terminal);
  const stderr = capture(undefined, terminal);
  return { stdout, stderr, output: new Output({ stdout, stderr, json, quiet, verbose, color: false }) };
}

test('text goes to stdout and talk to stderr', () => {
  const { output, stdout, stderr } = setUp();
  output.note('loading');
  output.result({ id: 1 }, () => 'import 1');
  expect([stdout.text(), stderr.text()]).toEqual(['import 1\n', 'loading\n']);
});

test('a JSON run prints one document that begins with its version, and nothing else', () => {
  const { output, stdout, stderr } = setUp({ json: true });
  output.note('loading');
  output.warn('the export is old');
  output.result({ id: 1, left_out: undefined }, () => 'import 1');
  expect(stdout.text()).toBe(
    '{\n  "schema_version": 1,\n  "id": 1,\n  "warnings": [\n    "the export is old"\n  ]\n}\n',
  );
  expect(stderr.text()).toBe('');
});

test('JSON keeps every character and shows none that steers a terminal', () => {
  const { output, stdout } = setUp({ json: true });
  const name = 'a\u009b2J\u202eb\u200dc\ufeff\ud800\u0007é李🦊';
  output.result({ name }, () => '');
  expect(stdout.text()).toMatch(/^[\n -~é李🦊]+$/u);
  expect(JSON.parse(stdout.text())).toEqual({ schema_version: 1, name });
});

test('text that came from elsewhere cannot steer the terminal, on either stream', () => {
  const { output, stdout, stderr } = setUp();
  output.note('note \u001b[31m');
  output.warn('warn \u0007');
  output.result({}, () => 'one\rtwo\nthree\u202e');
  expect(stdout.text()).toBe('one\\u{d}two\nthree\\u{202e}\n');
  expect(stderr.text()).toBe('note \\u{1b}[31m\ndsr: warning: warn \\u{7}\n');
});

test('verbatim text stays as it is in a pipe, but not on a terminal', () => {
  const pipe = setUp();
  pipe.output.result({}, () => 'a\tb\n', true);
  expect(pipe.stdout.text()).toBe('a\tb\n');
  const terminal = setUp({ terminal: true });
  terminal.output.result({}, () => 'a\tb\n', true);
  expect(terminal.stdout.text()).toBe('a\\u{9}b\n');
});

test('--quiet drops notes and keeps warnings', () => {
  const { output, stderr } = setUp({ quiet: true });
  output.note('loading');
  output.markRehearsal('2026-01-05T00:00:00Z');
  output.warn('the export is old');
  expect(stderr.text()).toBe('dsr: warning: the export is old\n');
});

test('details are for --verbose', () => {
  const plain = setUp();
  plain.output.detail('3 blocks');
  expect(plain.stderr.text()).toBe('');
  const verbose = setUp({ verbose: true });
  verbose.output.detail('3 blocks');
  expect(verbose.stderr.text()).toBe('3 blocks\n');
});

test('a rehearsal ledger is marked in text and in JSON', () => {
  const text = setUp();
  text.output.markRehearsal('2026-01-05T00:00:00Z');
  expect(text.stderr.text()).toBe('rehearsal ledger, as of 2026-01-05 00:00 UTC\n');
  const json = setUp({ json: true });
  json.output.markRehearsal('2026-01-05T00:00:00Z');
  json.output.result({ id: 1 }, () => '');
  expect(JSON.parse(json.stdout.text())).toEqual({ schema_version: 1, rehearsal: true, id: 1 });
});

test('progress is one line on a terminal, drawn rarely, and gone before the result', () => {
  const { output, stderr } = setUp({ terminal: true });
  const progress = output.progress();
  for (let rows = 0; rows < 1000; rows += 1) progress.update(`${rows} rows\u0007`);
  output.result({}, () => 'done');
  expect(stderr.text()).toBe('\r\u001b[K0 rows\\u{7}\r\u001b[K');
});

test.each([
  ['without a terminal', { terminal: false }],
  ['with --quiet', { terminal: true, quiet: true }],
  ['with --json', { terminal: true, json: true }],
])('no progress %s', (_name, options) => {
  const { output, stderr } = setUp(options);
  output.progress().update('1 row');
  output.endProgress();
  expect(stderr.text()).toBe('');
});
