import { relative, resolve } from 'node:path';
import { type Instant, instantOf } from '../base/time.ts';
import type { PolicyFiles } from '../policy/types.ts';
import type { Ledger } from '../store/ledger.ts';
import type { Actor } from '../store/store.ts';
import type { RawGlobals } from './global-flags.ts';
import { type Globals, readGlobals } from './globals.ts';
import type { Io } from './io.ts';
import { Output } from './output.ts';
import { type Prompter, prompterFor } from './prompter.ts';
import { StdinText } from './stdin.ts';

/** All that a command's body works with; made once per run, closed at its end whatever happens. */
export interface CommandContext {
  readonly io: Io;
  readonly globals: Globals;
  readonly output: Output;
  readonly prompter: Prompter;
  readonly stdin: StdinText;
  readonly actor: Actor;
  /** The instant of the whole run: `--as-of`, or the clock's whole second. */
  readonly now: Instant;
  /** A path as the user wrote it, made absolute. */
  path(words: string): string;
  /** A path as the user would write it: relative where it lies below the current folder. */
  shown(path: string): string;
  /** Opens the ledger; refuses `write` under `--as-of` unless it is a rehearsal ledger. Once per run. */
  openLedger(mode: 'read' | 'write'): Promise<Ledger>;
  /** Creates the ledger with its keys and the first policy version; a rehearsal ledger under `--as-of`. */
  createLedger(policy: FirstPolicy): Promise<Ledger>;
  /** The help of a command, by its words. */
  helpOf(words: readonly string[]): string | undefined;
  /** Staff's own words: `--note TEXT`, or with `-` what standard input holds. */
  note(): Promise<string | undefined>;
}

/** The policy that a ledger starts with. */
export interface FirstPolicy {
  readonly shown: string;
  readonly text: string;
  readonly files: PolicyFiles;
}

type HelpOf = CommandContext['helpOf'];

export class RunContext implements CommandContext {
  readonly io: Io;
  readonly globals: Globals;
  readonly output: Output;
  readonly prompter: Prompter;
  readonly stdin: StdinText;
  readonly now: Instant;
  readonly helpOf: HelpOf;
  #ledger: Ledger | undefined;

  constructor(raw: RawGlobals, io: Io, helpOf: HelpOf) {
    this.io = io;
    this.helpOf = helpOf;
    this.globals = readGlobals(raw, io);
    this.output = new Output({ stdout: io.stdout, stderr: io.stderr, ...this.globals });
    this.prompter = prompterFor(io, this.globals.yes);
    this.stdin = new StdinText(io.stdin);
    this.now = this.globals.asOf ?? instantOf(Math.floor(io.now().getTime() / 1000));
  }

  get actor(): Actor {
    return this.globals.actor;
  }

  path(words: string): string {
    return resolve(this.io.cwd, words);
  }

  shown(path: string): string {
    const below = relative(this.io.cwd, path);
    return below === '' || below.startsWith('..') ? path : below;
  }

  async openLedger(mode: 'read' | 'write'): Promise<Ledger> {
    if (this.#ledger !== undefined) throw new Error('a command opens the ledger once');
    const { ledgerFiles, openLedger } = await import('../store/open.ts');
    this.#ledger = await openLedger({
      files: ledgerFiles(this.globals.ledger, this.globals.secrets),
      actor: this.actor,
      now: this.now,
      reason: this.globals.reason,
      asOf: this.globals.asOf !== undefined,
      write: mode === 'write',
    });
    this.#introduce(this.#ledger);
    return this.#ledger;
  }

  async createLedger(policy: FirstPolicy): Promise<Ledger> {
    const { initLedger, ledgerFiles } = await import('../store/open.ts');
    this.#ledger = await initLedger({
      files: ledgerFiles(this.globals.ledger, this.globals.secrets),
      policyText: policy.text,
      policyFile: policy.shown,
      policyFiles: policy.files,
      actor: this.actor,
      now: this.now,
      rehearsal: this.globals.asOf !== undefined,
    });
    this.#introduce(this.#ledger);
    return this.#ledger;
  }

  async note(): Promise<string | undefined> {
    return this.globals.note === '-' ? (await this.stdin.read('--note')).trim() : this.globals.note;
  }

  async close(): Promise<void> {
    this.output.endProgress();
    await this.#ledger?.store.close();
    this.#ledger = undefined;
  }

  #introduce(ledger: Ledger): void {
    this.output.showTimesIn(ledger.policy.controller.zone);
    if (ledger.rehearsal) this.output.markRehearsal(ledger.now);
  }
}
