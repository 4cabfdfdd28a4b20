import { UserError } from '../base/errors.ts';
import { type Io, isTerminal } from './io.ts';
import { safeLines } from './output.ts';
import { cut } from './table.ts';

/** A question to whoever sits at the terminal. */
export interface Question {
  readonly message: string;
  /** What gives the answer without a prompt: `--reason CODE`, `ID`. */
  readonly missing: string;
  /** The answer where Enter alone is pressed. */
  readonly preset?: string;
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
  /** What stands for it once it is chosen; its name where this is left out. */
  readonly short?: string;
}

/** What is wrong with the words typed, or undefined where nothing is. */
export type Check = (words: string) => string | undefined;

/** Asks people; where nobody may be asked it refuses and names what is missing. */
export interface Prompter {
  /** True without asking where `--yes` was given. */
  confirm(message: string): Promise<boolean>;
  /** The words typed, trimmed; says while they are typed what `check` finds wrong, and takes none that are. */
  input(question: Question, check?: Check): Promise<string>;
  /** As `input`, without showing what is typed and without trimming it. */
  secret(question: Question, check?: Check): Promise<string>;
  /** One of the choices; the first stands ready. */
  select<T>(question: Question, choices: readonly Choice<T>[]): Promise<T>;
}

/** The prompter that fits: only a terminal that was not told `--yes` is asked. */
export function prompterFor(io: Io, yes: boolean): Prompter {
  return mayAsk(io, yes) ? new TerminalPrompter(io) : new Refuser(yes);
}

/** Choices that are shown at once: as many as fit a small window. */
const PAGE = 15;

/** Columns that a choice leaves to the pointer before it. */
const POINTER = 3;

/** Whether somebody is there who may be asked. */
export function mayAsk(io: Io, yes: boolean): boolean {
  return !yes && isTerminal(io.stdin) && isTerminal(io.stderr);
}

class Refuser implements Prompter {
  readonly #yes: boolean;

  constructor(yes: boolean) {
    this.#yes = yes;
  }

  async confirm(): Promise<boolean> {
    if (this.#yes) return true;
    throw needsAnswer('--yes', false);
  }

  async input(question: Question): Promise<string> {
    throw needsAnswer(question.missing, this.#yes);
  }

  async secret(question: Question): Promise<string> {
    throw needsAnswer(question.missing, this.#yes);
  }

  async select<T>(question: Question): Promise<T> {
    throw needsAnswer(question.missing, this.#yes);
  }
}

/** What is missing where nobody may be asked for it: exit 2. */
export function needsAnswer(missing: string, yes: boolean): UserError {
  const why = yes ? 'with --yes nothing is asked' : 'nobody can be asked without a terminal';
  return new UserError('needs-answer', `${missing} is missing, and ${why}`, {
    exit: 2,
    hint: `give ${missing}, or run it on a terminal`,
  });
}

/** Shows before what is typed what is wrong with it so far: after it, the cursor would stand in the wrong place. */
function sayingWrong(check: Check): (words: string, flags: { readonly isFinal?: boolean }) => string {
  return (words, { isFinal = false }) => {
    const wrong = isFinal || words.trim() === '' ? undefined : check(words.trim());
    return wrong === undefined ? words : `[${safeLines(wrong)}] ${words}`;
  };
}

/** Asks through inquirer, on stderr, so that stdout stays the result's. */
class TerminalPrompter implements Prompter {
  readonly #io: Io;

  constructor(io: Io) {
    this.#io = io;
  }

  async confirm(message: string): Promise<boolean> {
    const prompt = await this.#prompt();
    const answers = await prompt([
      { type: 'confirm', name: 'answer', message: safeLines(message), default: false },
    ]);
    return answers.answer;
  }

  async input(question: Question, check: Check = () => undefined): Promise<string> {
    const prompt = await this.#prompt();
    const validate = (words: string) =>
      words.trim() === '' ? 'an answer is needed' : (check(words.trim()) ?? true);
    const message = safeLines(question.message);
    const preset = question.preset === undefined ? {} : { default: question.preset };
    const answers = await prompt([
      { type: 'input', name: 'answer', message, validate, transformer: sayingWrong(check), ...preset },
    ]);
    return answers.answer.trim();
  }

  async secret(question: Question, check: Check = () => undefined): Promise<string> {
    const prompt = await this.#prompt();
    const validate = (words: string) => check(words) ?? true;
    const answers = await prompt([
      { type: 'password', name: 'answer', message: safeLines(question.message), mask: true, validate },
    ]);
    return answers.answer;
  }

  async select<T>(question: Question, choices: readonly Choice<T>[]): Promise<T> {
    const prompt = await this.#prompt();
    const room = (this.#io.stderr.columns || 80) - POINTER;
    const shown = choices.map(({ name, short = name }, value) => ({
      name: cut(safeLines(name), room),
      short: safeLines(short),
      value,
    }));
    const answers = await prompt([
      {
        type: 'select',
        name: 'answer',
        message: safeLines(question.message),
        choices: shown,
        pageSize: PAGE,
      },
    ]);
    const chosen = choices[answers.answer];
    if (chosen === undefined) throw new Error('the prompt gave no choice');
    return chosen.value;
  }

  async #prompt() {
    const { createPromptModule } = await import('inquirer');
    return createPromptModule({ input: this.#io.stdin, output: this.#io.stderr });
  }
}
