import { printable } from '../base/mask.ts';
import type { Instant } from '../base/time.ts';
import { isTerminal, type TextOutput } from './io.ts';
import { LocalTime } from './local-time.ts';
import { type Progress, TerminalProgress } from './progress.ts';
import { type Cell, type Column, renderTable } from './table.ts';

/** A JSON document without its `schema_version`; keys in snake_case, `undefined` members left out. */
export type JsonDocument = Readonly<Record<string, unknown>>;

export interface OutputOptions {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Everything a command says: its one result on stdout, all talk on stderr. */
export class Output {
  readonly #options: OutputOptions;
  readonly #warnings: string[] = [];
  #rehearsal = false;
  #clock = new LocalTime('UTC');
  #progress: Progress | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** The clock by which text shows instants: that of the controller, once its ledger is open. */
  get clock(): LocalTime {
    return this.#clock;
  }

  showTimesIn(zone: string): void {
    this.#clock = new LocalTime(zone);
  }

  /** Columns that a line of text may take: those of a terminal, and any number in a file or a pipe. */
  get width(): number {
    const { stdout } = this.#options;
    // A terminal that does not know its width says 0.
    return stdout.columns || (isTerminal(stdout) ? 80 : Number.POSITIVE_INFINITY);
  }

  /** Whether the result is text that a terminal shows in colours. */
  get mayPaint(): boolean {
    const { stdout, color, json } = this.#options;
    return color && !json && isTerminal(stdout);
  }

  /**
   * Prints the command's result: one JSON document, or text. Verbatim text goes out byte for byte
   * where no terminal reads it.
   */
  result(document: JsonDocument, render: () => string, verbatim = false): void {
    const text = this.#textOf(document, render);
    if (text !== undefined)
      this.#options.stdout.write(verbatim && !isTerminal(this.#options.stdout) ? text : safeLines(text));
  }

  /** As `result`, with lines that a terminal shows in colours; what `paint` is given is safe already. */
  painted(document: JsonDocument, render: () => string, paint: (line: string) => string): void {
    const text = this.#textOf(document, render);
    if (text === undefined) return;
    const lines = safeLines(text).split('\n');
    this.#options.stdout.write((this.mayPaint ? lines.map(paint) : lines).join('\n'));
  }

  /** Prints a document whose every byte counts, as it stands; only a terminal gets safe lines. */
  exact(text: string): void {
    this.endProgress();
    const { stdout } = this.#options;
    stdout.write(isTerminal(stdout) ? safeLines(text) : text);
  }

  table(header: readonly (string | Column)[], rows: readonly (readonly Cell[])[]): string {
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
    this.note(`rehearsal ledger, as of ${this.clock.words(now)}`);
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

  /** The text of a result, ended by a line feed; undefined where the result was printed as JSON, or is empty. */
  #textOf(document: JsonDocument, render: () => string): string | undefined {
    this.endProgress();
    if (this.#options.json) {
      this.#options.stdout.write(jsonText(this.#complete(document)));
      return undefined;
    }
    const text = render();
    if (text === '') return undefined;
    return text.endsWith('\n') ? text : `${text}\n`;
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
