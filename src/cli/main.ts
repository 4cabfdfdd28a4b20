import type { Command } from 'commander';
import { ExitCode } from '../base/errors.ts';
import { SECTIONS } from './commands.ts';
import { mannerOf } from './global-flags.ts';
import { completeIo, type Io, isTerminal, type Streams, type TextOutput } from './io.ts';
import {
  buildProgram,
  type Call,
  CommandLeftOut,
  findCommand,
  type Invoke,
  ShownInstead,
} from './program.ts';
import { programVersion } from './version.ts';

/** Runs one command line and returns its exit code; never ends the process. */
export async function main(argv: readonly string[], given: Streams & Partial<Io>): Promise<number> {
  const io = completeIo(given);
  try {
    return await runProgram(argv, io);
  } catch (error) {
    if (error instanceof ShownInstead) return ExitCode.done;
    const { reportError } = await import('./report-error.ts');
    return await reportError(error, io.stderr, mannerOf(argv, io.env, isTerminal(io.stderr)));
  }
}

async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exit: ExitCode = ExitCode.done;
  const program = programFor(io.stdout, async (call) => {
    exit = await runCall(call, io);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommandLeftOut) return runCall({ ...DESK, globals: error.globals }, io);
    throw error;
  }
}

/** What `dsr` alone does. */
const DESK: Omit<Call, 'globals'> = {
  name: 'dsr',
  run: async (context) => (await import('./commands/desk/desk.ts')).run(context),
  raw: { arguments: {}, flags: {} },
};

async function runCall(call: Call, io: Io): Promise<ExitCode> {
  const { RunContext } = await import('./context.ts');
  const context = new RunContext(call.globals, io, (words) => helpOf(words, io.stdout.columns));
  let exit: ExitCode;
  try {
    exit = await call.run(context, call.raw);
  } catch (error) {
    // The first error is the one to report.
    await context.close().catch(() => undefined);
    throw error;
  }
  await context.close();
  return exit;
}

function helpOf(words: readonly string[], columns: number | undefined): string | undefined {
  let help = '';
  const write = (text: string) => {
    help += text;
  };
  findCommand(
    programFor({ columns, write }, async () => undefined),
    words,
  )?.outputHelp();
  return help === '' ? undefined : help;
}

function programFor(stdout: TextOutput, invoke: Invoke): Command {
  return buildProgram({ version: programVersion(), stdout, sections: SECTIONS, invoke });
}
