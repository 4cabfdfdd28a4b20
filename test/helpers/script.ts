/**
 * Whole sessions as text. A script is a list of lines, then the files it starts with:
 *
 *     # a comment
 *     env DSR_NOW=2026-01-05T09:00:00Z      for all later commands; `env NAME=` removes it
 *     clock 2026-02-01T00:00:00Z            what the clock shows from here on
 *     copy FROM TO · remove PATH · mkdir PATH · chmod MODE PATH · append PATH TEXT
 *     $ dsr request open --type access - < who.txt     in this process, in the script's own folder
 *     $ spawn dsr --version                 as a process of its own, from dist/
 *     > exit 4                              without this line 0 is expected
 *     > stdout contains TEXT                also `stderr`, `matches REGEX`, `is empty`; `!` denies
 *     > json .request.id is "R-000001"      also `has N` for a list; `! json .error` for absence
 *     > file PATH contains TEXT · > exists PATH · ! exists PATH · > mode PATH 600
 *     > unchanged                           files and ledger say what they said before the command
 *     $ID = json .request.id                used as $ID from here on
 *     -- users.csv --
 *     id,email
 *
 * JSON is read from stdout, or from stderr where stdout is empty.
 */

/** A command with what is expected of it, or a step that prepares something. */
export interface Step {
  readonly line: number;
  readonly words: readonly string[];
  readonly expectations: readonly Expectation[];
}

export interface Expectation {
  readonly line: number;
  /** `>` expects, `!` denies, `=` keeps a value under a name. */
  readonly sign: '>' | '!' | '=';
  readonly text: string;
}

export interface Script {
  readonly steps: readonly Step[];
  readonly files: ReadonlyMap<string, string>;
}

/** Reads a script; throws with the line where it is not one. */
export function parseScript(text: string): Script {
  const [body = '', ...sections] = text.split(/^-- (.+) --\n/m);
  const files = new Map<string, string>();
  for (let i = 0; i + 1 < sections.length; i += 2) files.set(sections[i] ?? '', sections[i + 1] ?? '');
  return { steps: parseSteps(body.split('\n')), files };
}

function parseSteps(lines: readonly string[]): readonly Step[] {
  const steps: (Step & { readonly expectations: Expectation[] })[] = [];
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim();
    if (text === '' || text.startsWith('#')) continue;
    const expectation = parseExpectation(text, index + 1);
    if (expectation === undefined) {
      steps.push({ line: index + 1, words: splitWords(text), expectations: [] });
    } else if (steps.length === 0) {
      throw new Error(`line ${index + 1}: nothing was run that this could expect of`);
    } else {
      steps.at(-1)?.expectations.push(expectation);
    }
  }
  return steps;
}

function parseExpectation(text: string, line: number): Expectation | undefined {
  if (text.startsWith('> ')) return { line, sign: '>', text: text.slice(2) };
  if (text.startsWith('! ')) return { line, sign: '!', text: text.slice(2) };
  return /^\$[A-Z_]+ = json /.test(text) ? { line, sign: '=', text: text.slice(1) } : undefined;
}

/** Words between spaces; quotes of either kind keep spaces. */
export function splitWords(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}
