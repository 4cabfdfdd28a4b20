import { PassThrough } from 'node:stream';
import { main } from '../../src/cli/main.ts';
import { capture } from './program.ts';

/** A run of the program on a terminal, in this process. */
export interface Terminal {
  /** Waits for words on stderr after those waited for before, then types. */
  answer(question: string, keys: string): Promise<void>;
  readonly exit: Promise<number>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

const PATIENCE_MS = 10_000;

/** Starts a command line on a terminal, as the login `tester`. */
export function onTerminal(argv: readonly string[], cwd: string): Terminal {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stdout = capture(100);
  const stderr = capture(100, true);
  // A prompt ends every stream but the process's own.
  stderr.end = () => stderr;
  const exit = main(argv, {
    stdin,
    stdout,
    stderr,
    env: {},
    cwd,
    now: () => new Date('2026-01-05T09:00:00Z'),
    login: () => 'tester',
  });
  let seen = 0;
  const answer = async (question: string, keys: string): Promise<void> => {
    const until = Date.now() + PATIENCE_MS;
    while (!stderr.text().slice(seen).includes(question)) {
      if (Date.now() > until) throw new Error(`not asked: ${question}\n${stderr.text()}`);
      await pause(20);
    }
    // The prompt listens once it is drawn.
    await pause(50);
    seen = stderr.text().length;
    stdin.write(keys);
  };
  return { answer, exit, stdout: stdout.text, stderr: stderr.text };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
