import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ExitCode, refused, UserError } from '../base/errors.ts';
import type { Instant } from '../base/time.ts';
import { deriveKeys, ReachHasher } from '../people/digests.ts';
import { findCompiled, renderCompiled } from '../policy/compiled.ts';
import { policyDigest } from '../policy/digest.ts';
import type { Policy, PolicyFiles } from '../policy/types.ts';
import { createKeyFile, createSecrets, newKey, readKeyFile, readSecrets, type Secrets } from './key-files.ts';
import type { Ledger, LedgerKeys } from './ledger.ts';
import { isDiskTrouble } from './sqlite/connection.ts';
import { createLedgerFile } from './sqlite/create.ts';
import { SqliteStore } from './sqlite/sqlite-store.ts';
import type { Actor, PolicyInForce, Store } from './store.ts';

export interface LedgerFiles {
  readonly path: string;
  readonly keyPath: string;
  readonly secretsPath: string;
}

/** `FILE`, `FILE.key`, and `FILE.secrets` or what `DSR_SECRETS_FILE` names. */
export function ledgerFiles(path: string, secretsPath?: string): LedgerFiles {
  const absolute = resolve(path);
  return { path: absolute, keyPath: `${absolute}.key`, secretsPath: secretsPath ?? `${absolute}.secrets` };
}

export interface InitOptions {
  readonly files: LedgerFiles;
  readonly policyText: string;
  readonly policyFile: string;
  readonly policyFiles?: PolicyFiles;
  readonly actor: Actor;
  readonly now: Instant;
  readonly rehearsal: boolean;
}

/** Creates ledger, key and secrets with the first policy version; leaves nothing behind where it fails. */
export async function initLedger(options: InitOptions): Promise<Ledger> {
  const { files } = options;
  await parsed(options.policyText, options.policyFile);
  for (const path of [files.path, files.keyPath, files.secretsPath]) requireAbsent(path);
  const made: string[] = [];
  try {
    const ledger = randomBytes(16).toString('hex');
    const key = newKey();
    createKeyFile(files.keyPath, key);
    made.push(files.keyPath);
    createSecrets(files.secretsPath, ledger);
    made.push(files.secretsPath);
    createLedgerFile(files.path, key, { ledger, createdAt: options.now, rehearsal: options.rehearsal });
    made.push(files.path);
    return await firstPolicy(options);
  } catch (cause) {
    for (const path of made.flatMap((name) => ['', '-wal', '-shm', '.gate'].map((end) => `${name}${end}`)))
      rmSync(path, { force: true });
    throw cause;
  }
}

async function firstPolicy(options: InitOptions): Promise<Ledger> {
  const store = SqliteStore.open(options.files);
  try {
    const { policyText: text, policyFiles: files = {} } = options;
    const digest = policyDigest(text, files);
    const entry = {
      act: 'ledger.created',
      at: options.now,
      actor: options.actor,
      facts: { policy_version: 1, policy: digest },
    };
    await store.act(entry, (tx) => tx.addPolicy({ version: 1, digest, appliedAt: options.now, text, files }));
  } catch (cause) {
    await store.close();
    throw cause;
  }
  await store.close();
  return openLedger({
    files: options.files,
    actor: options.actor,
    now: options.now,
    asOf: options.rehearsal,
    write: true,
  });
}

function requireAbsent(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw refused(
    'already-there',
    `${basename(path)} is already there`,
    'choose another --ledger, or use the one that is there',
  );
}

export interface OpenOptions {
  readonly files: LedgerFiles;
  readonly actor: Actor;
  readonly now: Instant;
  readonly reason?: string | undefined;
  /** Whether `now` was given by `--as-of` and not by the clock. */
  readonly asOf: boolean;
  /** Whether the command writes. */
  readonly write: boolean;
}

/** Opens a ledger with its keys and the policy in force; undoes imports that died. */
export async function openLedger(options: OpenOptions): Promise<Ledger> {
  const { files } = options;
  if (!existsSync(files.path)) {
    throw new UserError('no-ledger', `there is no ledger ${basename(files.path)}`, {
      exit: ExitCode.noLedger,
      hint: 'dsr init creates one; --ledger FILE names another',
    });
  }
  readKeyFile(files.keyPath);
  const secrets = readSecrets(files.secretsPath);
  const store = SqliteStore.open(files);
  try {
    return await withStore(store, secrets, options);
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

async function withStore(store: SqliteStore, secrets: Secrets, options: OpenOptions): Promise<Ledger> {
  const info = await store.read((tx) => tx.info());
  if (info.id !== secrets.ledger) {
    throw new UserError('secrets-foreign', 'the secrets file belongs to another ledger', {
      exit: ExitCode.damaged,
      hint: 'put back the secrets file of this ledger, or point DSR_SECRETS_FILE at it',
    });
  }
  if (options.asOf && options.write && !info.rehearsal) {
    throw refused(
      'not-a-rehearsal',
      'the ledger is not a rehearsal ledger: nothing is written as of another time',
      'leave --as-of and DSR_NOW away, or create a rehearsal ledger with dsr init --as-of TIME',
    );
  }
  removeDead(store, options.write);
  if (options.write) await compilePolicy(store);
  return ledgerOver(store, secrets, { ...options, path: options.files.path });
}

/** A ledger with the policy in force, over a store that is open. */
export async function ledgerOver(
  store: Store,
  secrets: Secrets,
  { path, actor, now, reason }: Pick<Ledger, 'path' | 'actor' | 'now' | 'reason'>,
): Promise<Ledger> {
  const info = await store.read((tx) => tx.info());
  const current = await policyInForce(store);
  return {
    path,
    id: info.id,
    origin: info.origin,
    store,
    keys: keysOf(secrets),
    policy: findCompiled(current.compiled) ?? (await parsed(current.text, 'dsr.yaml')),
    policyVersion: current.version,
    policyFiles: current.files,
    rehearsal: info.rehearsal,
    actor,
    now,
    reason,
  };
}

/** Keeps what the policy in force means, where that is not kept yet: the next opening needs no parser. */
async function compilePolicy(store: SqliteStore): Promise<void> {
  const { version, text, compiled } = await policyInForce(store);
  if (findCompiled(compiled) !== undefined) return;
  store.keepCompiled(version, text, renderCompiled(await parsed(text, 'dsr.yaml')));
}

async function policyInForce(store: Store): Promise<PolicyInForce> {
  const current = await store.read((tx) => tx.policyInForce());
  if (current === undefined) throw new Error('the ledger has no policy');
  return current;
}

/** The parser takes longer to load than most commands take: only a text that has to be read loads it. */
async function parsed(text: string, file: string): Promise<Policy> {
  const { parsePolicy } = await import('../policy/parse.ts');
  return parsePolicy(text, file);
}

/** What died is invisible anyhow: a full disk keeps nobody from reading. */
function removeDead(store: SqliteStore, write: boolean): void {
  try {
    store.removeDeadImports();
  } catch (error) {
    if (write || !isDiskTrouble(error)) throw error;
  }
}

/** The keys of a ledger's secrets. */
export function keysOf(secrets: Secrets): LedgerKeys {
  const keys = deriveKeys(secrets.hmac);
  const { reach, ...others } = keys;
  return { hasher: new ReachHasher(reach), signingSeed: secrets.signingSeed, ...others };
}
