import type { ExitCode } from '../base/errors.ts';
import type { CommandContext } from './context.ts';
import type { ExitName } from './exit-codes.ts';

/** A positional argument; its key in the definition, in capitals, is its name in the help. */
export interface Argument<V> {
  readonly kind: 'required' | 'optional' | 'many' | 'any';
  readonly summary: string;
  readonly read: (raw: unknown) => V;
}

/** A flag of one command; `syntax` as commander writes it: `--policy <FILE>`. */
export interface Flag<V> {
  readonly syntax: string;
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  readonly read: (raw: unknown) => V;
}

type Arguments = Readonly<Record<string, Argument<unknown>>>;
type Flags = Readonly<Record<string, Flag<unknown>>>;
type ValueOf<T> = T extends { readonly read: (raw: unknown) => infer V } ? V : never;

/** What a command's body receives: one member per argument and flag. */
export type Input<A extends Arguments, F extends Flags> = {
  readonly [K in keyof A]: ValueOf<A[K]>;
} & { readonly [K in keyof F]: ValueOf<F[K]> };

type Body<I> = () => Promise<{ readonly run: (context: CommandContext, input: I) => Promise<ExitCode> }>;

/** The raw words of one call, by the keys of the definition. */
export interface RawInput {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** One command as the program tree holds it: all of its help, and a body that is loaded when called. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  readonly arguments: Arguments;
  readonly flags: Flags;
  readonly examples: readonly string[];
  readonly exits: readonly ExitName[];
  readonly subcommands: readonly CommandDefinition[];
  /** Nouns that only gather their verbs have none. */
  readonly run: RunCommand | undefined;
}

/** Loads the body and runs it. */
export type RunCommand = (context: CommandContext, raw: RawInput) => Promise<ExitCode>;

interface CommandSpec<A extends Arguments, F extends Flags> {
  readonly name: string;
  /** One line, lower case, no full stop. */
  readonly summary: string;
  readonly arguments?: A;
  readonly flags?: F;
  readonly examples: readonly string[];
  /** Beside those that every command can end with. */
  readonly exits: readonly ExitName[];
  readonly subcommands?: readonly CommandDefinition[];
  readonly body: Body<Input<A, F>>;
}

/** Defines a command; the compiler checks that its body takes just what its flags and arguments give. */
export function command<A extends Arguments = Record<never, never>, F extends Flags = Record<never, never>>(
  spec: CommandSpec<A, F>,
): CommandDefinition {
  const { body, ...rest } = spec;
  const argumentsOf = spec.arguments ?? ({} as A);
  const flagsOf = spec.flags ?? ({} as F);
  const run: RunCommand = async (context, raw) => {
    const values = { ...readAll(argumentsOf, raw.arguments), ...readAll(flagsOf, raw.flags) };
    return (await body()).run(context, values as Input<A, F>);
  };
  return { subcommands: [], ...rest, arguments: argumentsOf, flags: flagsOf, run };
}

/** Defines a noun that only gathers its verbs. */
export function group(
  name: string,
  summary: string,
  subcommands: readonly CommandDefinition[],
): CommandDefinition {
  return { name, summary, arguments: {}, flags: {}, examples: [], exits: [], subcommands, run: undefined };
}

export function required(summary: string): Argument<string> {
  return { kind: 'required', summary, read: (raw) => readText(raw) ?? '' };
}

export function optional(summary: string): Argument<string | undefined> {
  return { kind: 'optional', summary, read: readText };
}

/** One word or more. */
export function many(summary: string): Argument<readonly string[]> {
  return { kind: 'many', summary, read: readList };
}

/** Any number of words, none included. */
export function words(summary: string): Argument<readonly string[]> {
  return { kind: 'any', summary, read: readList };
}

export function text(syntax: string, summary: string): Flag<string | undefined> {
  return { syntax, summary, read: readText };
}

export function on(syntax: string, summary: string): Flag<boolean> {
  return { syntax, summary, read: (raw) => raw === true };
}

/** A flag that may be given several times; the values in their order. */
export function list(syntax: string, summary: string): Flag<readonly string[]> {
  return { syntax, summary, repeatable: true, read: readList };
}

export function choice<const T extends string>(
  syntax: string,
  summary: string,
  choices: readonly T[],
): Flag<T | undefined> {
  return { syntax, summary, choices, read: (raw) => choices.find((item) => item === raw) };
}

function readText(raw: unknown): string | undefined {
  return typeof raw === 'string' ? raw : undefined;
}

function readList(raw: unknown): readonly string[] {
  return Array.isArray(raw) ? raw.filter((item) => typeof item === 'string') : [];
}

function readAll(
  specs: Readonly<Record<string, { readonly read: (raw: unknown) => unknown }>>,
  raw: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.read(raw[key])]));
}
