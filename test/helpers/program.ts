import { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

/** How one call of the program is set up; everything else is as on a quiet server. */
export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly columns?: number;
  readonly now?: string;
}

/** What a call left behind. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, without a terminal, as the login `tester`. */
export async function dsr(argv: readonly string[], options: CallOptions = {}): Promise<Outcome> {
  const stdout = capture(options.columns);
  const stderr = capture(options.columns);
  const exit = await main(argv, {
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    now: () => new Date(options.now ?? '2026-01-05T09:00:00Z'),
    login: () => 'tester',
  });
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

/** A stream that keeps what is written to it. */
export function capture(columns?: number, isTTY = false) {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  return Object.assign(stream, { isTTY, columns, text: () => written });
}
