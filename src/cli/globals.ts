import { resolve } from 'node:path';
import { usage } from '../base/errors.ts';
import { type Instant, parseInstant } from '../base/time.ts';
import type { Actor } from '../store/store.ts';
import { mayColor, type RawGlobals } from './global-flags.ts';
import type { Io } from './io.ts';
import { parseReason } from './reason.ts';

/** The global flags and their environment variables, judged. */
export interface Globals {
  /** Absolute path of the ledger. */
  readonly ledger: string;
  /** Absolute path of the secrets file, where it is not beside the ledger. */
  readonly secrets: string | undefined;
  readonly json: boolean;
  readonly asOf: Instant | undefined;
  readonly actor: Actor;
  readonly reason: string | undefined;
  /** Staff's own words, or `-` for standard input. */
  readonly note: string | undefined;
  readonly yes: boolean;
  /** Read it through `revealReason`, which sees to the reason. */
  readonly reveal: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Flags win over the environment; what is empty counts as not given. */
export function readGlobals(raw: RawGlobals, io: Io): Globals {
  if (raw.quiet && raw.verbose) throw usage('--quiet and --verbose exclude each other');
  const secrets = given(undefined, io.env.DSR_SECRETS_FILE);
  return {
    ledger: resolve(io.cwd, given(raw.ledger, io.env.DSR_LEDGER) ?? 'dsr.db'),
    secrets: secrets === undefined ? undefined : resolve(io.cwd, secrets),
    json: raw.json,
    asOf: readAsOf(raw.asOf, io.env.DSR_NOW),
    actor: readActor(raw.actor, io),
    reason: readReason(raw.reason),
    note: given(raw.note, undefined),
    yes: raw.yes,
    reveal: raw.reveal,
    quiet: raw.quiet,
    verbose: raw.verbose || io.env.DSR_DEBUG === '1',
    color: raw.color && mayColor(io.env),
  };
}

function given(flag: string | undefined, variable: string | undefined): string | undefined {
  if (flag !== undefined && flag !== '') return flag;
  return flag === undefined && variable !== '' ? variable : undefined;
}

function readAsOf(flag: string | undefined, variable: string | undefined): Instant | undefined {
  const words = given(flag, variable);
  return words === undefined ? undefined : parseInstant(words, flag === undefined ? 'DSR_NOW' : '--as-of');
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,63}$/u;

function readActor(flag: string | undefined, io: Io): Actor {
  const login = io.login();
  const name = given(flag, io.env.DSR_ACTOR) ?? login;
  if (!NAME.test(name)) {
    const source = name === flag ? '--actor' : name === io.env.DSR_ACTOR ? 'DSR_ACTOR' : 'the login name';
    throw usage(`${source} is not a name`, 'give --actor: up to 64 letters, digits, spaces and . _ @ + -');
  }
  const sudo = io.env.SUDO_USER;
  return sudo !== undefined && NAME.test(sudo) ? { name, login, sudo } : { name, login };
}

function readReason(flag: string | undefined): string | undefined {
  const words = given(flag, undefined);
  return words === undefined ? undefined : parseReason(words);
}
