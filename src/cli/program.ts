import { Command, Option, type OutputConfiguration } from 'commander';
import { usage } from '../base/errors.ts';
import type { Argument, CommandDefinition, Flag, RawInput, RunCommand } from './define.ts';
import { exitCodesOf, renderExitCodes } from './exit-codes.ts';
import { GLOBAL_FLAGS, type RawGlobals } from './global-flags.ts';
import type { TextOutput } from './io.ts';
import { usageErrorOf } from './usage-error.ts';

/** One command line, understood. */
export interface Call {
  readonly name: string;
  readonly run: RunCommand;
  readonly raw: RawInput;
  readonly globals: RawGlobals;
}

export type Invoke = (call: Call) => Promise<void>;

export interface ProgramOptions {
  readonly version: string;
  readonly stdout: TextOutput;
  readonly sections: readonly Section[];
  readonly invoke: Invoke;
}

/** Commands under one heading of `dsr --help`. */
export interface Section {
  readonly title: string;
  readonly commands: readonly CommandDefinition[];
}

/** Help or the version was printed instead of running a command. */
export class ShownInstead extends Error {}

/** `dsr` alone: no command was given, and no word that could be one. */
export class CommandLeftOut extends Error {
  readonly globals: RawGlobals;

  constructor(globals: RawGlobals) {
    super('no command');
    this.globals = globals;
  }
}

/** Builds the whole tree; nothing of any command's body is loaded. */
export function buildProgram(options: ProgramOptions): Command {
  const program = new Command('dsr')
    .description('carries out data-subject requests against a local ledger of exports')
    .version(options.version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput(outputOf(options.stdout))
    .addHelpText(
      'after',
      '\nWithout a command, dsr shows what is due. Help on a command: dsr COMMAND --help. Topics: dsr help\n',
    );
  onExit(program);
  for (const flag of Object.values(GLOBAL_FLAGS)) program.addOption(optionOf(flag));
  for (const section of options.sections) {
    for (const definition of section.commands) {
      addCommand(program, definition, options.invoke).helpGroup(`${section.title}:`);
    }
  }
  return program;
}

/** Finds a command by its words: `policy`, `check`. */
export function findCommand(program: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (parent, word) => parent?.commands.find((child) => child.name() === word),
    program,
  );
}

function addCommand(parent: Command, definition: CommandDefinition, invoke: Invoke): Command {
  const command = parent.command(definition.name).description(definition.summary);
  onExit(command);
  for (const [key, argument] of Object.entries(definition.arguments)) {
    command.argument(argumentSyntax(key, argument), argument.summary);
  }
  const flags = Object.entries(definition.flags).map(([key, flag]) => ({ key, option: optionOf(flag) }));
  for (const { option } of flags) command.addOption(option);
  for (const child of definition.subcommands) addCommand(command, child, invoke);
  const { run } = definition;
  if (run === undefined) return command;
  return command.addHelpText('after', afterHelp(definition)).action(async () => {
    const given = command.opts();
    const raw = {
      arguments: Object.fromEntries(
        Object.keys(definition.arguments).map((key, index) => [key, command.processedArgs[index]]),
      ),
      flags: Object.fromEntries(flags.map(({ key, option }) => [key, given[option.attributeName()]])),
    };
    await invoke({ name: definition.name, run, raw, globals: globalsOf(command) });
  });
}

function argumentSyntax(key: string, argument: Argument<unknown>): string {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter}`).toUpperCase();
  if (argument.kind === 'many') return `<${name}...>`;
  if (argument.kind === 'any') return `[${name}...]`;
  return argument.kind === 'required' ? `<${name}>` : `[${name}]`;
}

function optionOf(flag: Flag<unknown>): Option {
  const option = new Option(flag.syntax, flag.summary);
  if (flag.choices !== undefined) option.choices(flag.choices);
  if (flag.repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function globalsOf(command: Command): RawGlobals {
  const given = command.optsWithGlobals();
  const entries = Object.entries(GLOBAL_FLAGS).map(([key, flag]) => [key, flag.read(given[key])]);
  return Object.fromEntries(entries) as RawGlobals;
}

function afterHelp(definition: CommandDefinition): string {
  const examples = definition.examples.map((example) => `  $ ${example}`).join('\n');
  const codes = renderExitCodes(exitCodesOf(definition.exits));
  return `\nExamples:\n${examples}\n\nExit codes:\n${codes}\n\nFlags for every command (--ledger, --json, --as-of …): dsr --help\n`;
}

function outputOf(stdout: TextOutput): OutputConfiguration {
  return {
    writeOut: (words) => stdout.write(words),
    // Errors are shown in one place, report-error.ts.
    writeErr: () => undefined,
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(stdout.columns ?? 80, 110),
    getErrHelpWidth: () => 80,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

function onExit(command: Command): void {
  command.exitOverride((error) => {
    if (error.code === 'commander.help') showMissingCommand(command);
    if (error.exitCode === 0) throw new ShownInstead();
    throw usageErrorOf(error, command);
  });
}

/** `dsr` alone asks what is due; `dsr policy` alone is a command that lacks its verb. */
function showMissingCommand(command: Command): never {
  if (command.parent === null) throw new CommandLeftOut(globalsOf(command));
  const names = command.commands.map((child) => child.name()).join(', ');
  throw usage(`dsr ${command.name()} needs a command`, `one of: ${names}`);
}
