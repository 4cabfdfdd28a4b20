import { printable } from '../base/mask.ts';
import type { Instant } from '../base/time.ts';
import { isTerminal, type TextOutput } from './io.ts';
import { type Progress, TerminalProgress } from './progress.ts';
import { type Cell, renderTable } from './table.ts';

/** A JSON document without its `schema_version`; keys in snake_case, `undefined` members left out. */
export type JsonDocument = Readonly<Record<string, unknown>>;

export interface OutputOptions {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Everything a command says: its one result on stdout, all talk on stderr. */
export class Output {
  readonly #options: OutputOptions;
  readonly #warnings: string[] = [];
  #rehearsal = false;
  #progress: Progress | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Columns that a line of text may take: those of a terminal, and any number in a file or a pipe. */
  get width(): number {
    const { stdout } = this.#options;
    // A terminal that does not know its width says 0.
    return stdout.columns || (isTerminal(stdout) ? 80 : Number.POSITIVE_INFINITY);
  }

  /**
   * Prints the command's result: one JSON document, or text. Verbatim text goes out byte for byte
   * where no terminal reads it.
   */
  result(document: JsonDocument, render: () => string, verbatim = false): void {
    this.endProgress();
    const { json, stdout } = this.#options;
    if (json) {
      stdout.write(jsonText(this.#complete(document)));
      return;
    }
    const text = render();
    if (text === '') return;
    const ended = text.endsWith('\n') ? text : `${text}\n`;
    stdout.write(verbatim && !isTerminal(stdout) ? ended : safeLines(ended));
  }

  /** Prints a document whose every byte counts, as it stands; only a terminal gets safe lines. */
  exact(text: string): void {
    this.endProgress();
    const { stdout } = this.#options;
    stdout.write(isTerminal(stdout) ? safeLines(text) : text);
  }

  table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
    return renderTable(header, rows, this.width);
  }

  /** Talk that nobody needs in a script. */
  note(text: string): void {
    if (!this.#options.quiet) this.#say(text);
  }

  /** Talk for those who asked for more. */
  detail(text: string): void {
    if (this.#options.verbose) this.#say(text);
  }

  /** Something that the reader should know although the command goes on; in JSON part of the document. */
  warn(text: string): void {
    if (this.#options.json) this.#warnings.push(text);
    else this.#say(`dsr: warning: ${text}`);
  }

  /** Marks all that follows as coming from a rehearsal ledger. */
  markRehearsal(now: Instant): void {
    this.#rehearsal = true;
    this.note(`rehearsal ledger, as of ${now}`);
  }

  /** A single line that changes in place; silent where stderr is no terminal. */
  progress(): Progress {
    this.endProgress();
    const { json, quiet, stderr } = this.#options;
    this.#progress = new TerminalProgress(json || quiet || !isTerminal(stderr) ? undefined : stderr);
    return this.#progress;
  }

  endProgress(): void {
    this.#progress?.done();
    this.#progress = undefined;
  }

  #complete(document: JsonDocument): JsonDocument {
    return {
      schema_version: 1,
      ...(this.#rehearsal ? { rehearsal: true } : {}),
      ...document,
      ...(this.#warnings.length > 0 ? { warnings: this.#warnings } : {}),
    };
  }

  #say(text: string): void {
    if (this.#options.json) return;
    this.endProgress();
    this.#options.stderr.write(safeLines(`${text}\n`));
  }
}

const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** One JSON document, ending in a line feed; direction and control characters stand as `\uXXXX`. */
export function jsonText(document: JsonDocument): string {
  const text = JSON.stringify(document, undefined, 2);
  return `${text.replace(UNSAFE_IN_JSON, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Text whose lines are safe for a terminal. */
export function safeLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
