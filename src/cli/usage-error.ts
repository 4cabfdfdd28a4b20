import type { Command, CommanderError } from 'commander';
import { type UserError, usage } from '../base/errors.ts';

/**
 * Says in our words what commander found wrong. Its own words repeat what was typed, which may be a
 * personal value and would then stand in the log of a cron job.
 */
export function usageErrorOf(error: CommanderError, command: Command): UserError {
  return usage(messageOf(error, command), hintOf(error, command));
}

function messageOf(error: CommanderError, command: Command): string {
  switch (error.code) {
    case 'commander.unknownCommand':
      return unknownWord('command', command.args[0]);
    case 'commander.unknownOption':
      return unknownWord('flag', /unknown option '([^'=]*)/.exec(error.message)?.[1]);
    case 'commander.excessArguments':
      return excessArguments(command);
    case 'commander.missingArgument':
      return `${/argument '([^']+)'/.exec(error.message)?.[1] ?? 'an argument'} is missing`;
    case 'commander.optionMissingArgument':
      return missingValue(error.message);
    case 'commander.invalidArgument':
      return invalidChoice(error.message);
    default:
      // What is left names flags and arguments only, never their values.
      return error.message.replace(/^error: /, '').replaceAll("'", '');
  }
}

function unknownWord(what: string, word: string | undefined): string {
  return word !== undefined && /^(--?)?[a-z][a-z-]{0,30}$/.test(word)
    ? `unknown ${what} ${word}`
    : `unknown ${what}`;
}

function excessArguments(command: Command): string {
  const most = command.registeredArguments.length;
  const expected = most === 0 ? 'none' : most === 1 ? 'one' : `at most ${most}`;
  return `too many arguments: ${command.args.length} given, ${expected} expected`;
}

function missingValue(message: string): string {
  const [, flag = 'a flag', value = 'value'] = /option '([^ ']+)(?: <([^>]+)>)?/.exec(message) ?? [];
  return `${flag} lacks its ${value}`;
}

function invalidChoice(message: string): string {
  const flag = /option '([^' ]+)/.exec(message)?.[1] ?? 'an argument';
  const choices = /Allowed choices are (.*)\.$/.exec(message)?.[1];
  return choices === undefined
    ? `${flag} has a value that does not fit`
    : `${flag} must be one of: ${choices}`;
}

function hintOf(error: CommanderError, command: Command): string {
  const suggestion = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
  if (suggestion !== undefined) return `did you mean ${suggestion}?`;
  return `see \`${pathOf(command)} --help\``;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
