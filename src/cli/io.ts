import { userInfo } from 'node:os';

/** Where text goes; a terminal says so and knows its width. */
export interface TextOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export type TextInput = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };

/** The streams and the environment of one run of the program. */
export interface Streams {
  readonly stdin: TextInput;
  readonly stdout: TextOutput;
  /** Prompts are drawn here too. */
  readonly stderr: TextOutput & NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything of the outside world that the command line meets, so that a test can be one. */
export interface Io extends Streams {
  readonly cwd: string;
  readonly now: () => Date;
  /** Who is logged in, by the operating system's word. */
  readonly login: () => string;
}

/** Fills in what the caller left to the process. */
export function completeIo(given: Streams & Partial<Io>): Io {
  return { cwd: process.cwd(), now: () => new Date(), login: loginName, ...given };
}

export function isTerminal(stream: { readonly isTTY?: boolean | undefined }): boolean {
  return stream.isTTY === true;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return `uid-${process.getuid?.() ?? 0}`;
  }
}
