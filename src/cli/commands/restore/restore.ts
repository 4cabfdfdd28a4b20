import { existsSync } from 'node:fs';
import { ExitCode, refused, UserError, usage } from '../../../base/errors.ts';
import { type AgeKey, needsPassphrase, openWithAge, parseIdentities } from '../../../evidence/backup/age.ts';
import { keysPath } from '../../../evidence/backup/backup.ts';
import { type BackupKeys, parseBackupKeys } from '../../../evidence/backup/keys.ts';
import { type Restored, recoverLedger, restoreData } from '../../../evidence/backup/restore.ts';
import type { Ledger } from '../../../store/ledger.ts';
import { ledgerFiles } from '../../../store/open.ts';
import type { CommandContext } from '../../context.ts';
import type { LocalTime } from '../../local-time.ts';
import { askPassphrase, passphraseIn } from '../../passphrase.ts';
import { readFileBytes, readTextFile } from '../../text-files.ts';

export interface RestoreInput {
  readonly file: string;
  readonly journal: string | undefined;
  readonly gap: boolean;
  readonly identity: string | undefined;
  readonly passphraseFile: string | undefined;
}

export async function run(context: CommandContext, input: RestoreInput): Promise<ExitCode> {
  const isLive = existsSync(context.globals.ledger);
  requireFittingFlags(input, isLive);
  const live = isLive ? await openLive(context) : undefined;
  const keys = await openKeys(context, input);
  if (!(await context.prompter.confirm(question(context.output.clock, keys, isLive))))
    throw refused('not-confirmed', 'not confirmed, so nothing was done');
  const restored = await carryOut(context, input, keys, live);
  say(context, keys, restored);
  return restored.state === 'recovered-without-journal' ? ExitCode.attention : ExitCode.done;
}

function requireFittingFlags({ journal, gap }: RestoreInput, isLive: boolean): void {
  if (journal !== undefined && gap) throw usage('--journal and --gap exclude each other');
  if (isLive && (journal !== undefined || gap))
    throw usage('the ledger is there', 'without --journal and --gap its own audit log and registers go on');
  if (isLive || gap || journal !== undefined) return;
  throw refused(
    'restored-without-journal',
    'the ledger is lost, and without a journal nobody knows who was erased and what was corrected since the backup',
    'give --journal FILE; where that is lost too, --gap restores, and answers wait until every source was loaded afresh',
  );
}

/** A ledger that does not open may still be saved: it is never replaced. */
async function openLive(context: CommandContext): Promise<Ledger> {
  try {
    return await context.openLedger('write');
  } catch (error) {
    if (!(error instanceof UserError) || error.exit !== ExitCode.damaged) throw error;
    const { code, message, exit } = error;
    const way = 'where it is lost for good, move it and its key file away and restore again with --journal';
    throw new UserError(code, message, {
      exit,
      hint: `${error.hint ?? ''}; ${way}`.replace(/^; /, ''),
      cause: error,
    });
  }
}

async function openKeys(context: CommandContext, input: RestoreInput): Promise<BackupKeys> {
  const name = keysPath(input.file);
  const file = await readFileBytes(context.path(name), name);
  return parseBackupKeys(await openWithAge(file, await keyFor(context, input, file, name), name), name);
}

async function keyFor(
  context: CommandContext,
  { identity, passphraseFile }: RestoreInput,
  file: Uint8Array,
  name: string,
): Promise<AgeKey> {
  if (needsPassphrase(file, name)) {
    if (identity !== undefined) throw usage(`${name} opens with a passphrase, not with an identity`);
    if (passphraseFile !== undefined) return { passphrase: await passphraseIn(context, passphraseFile) };
    return { passphrase: await askPassphrase(context, '--passphrase-file FILE') };
  }
  if (identity === undefined)
    throw usage(`${name} opens with an age identity`, 'give --identity FILE, as age-keygen wrote it');
  return { identities: parseIdentities(await readTextFile(context.path(identity), identity), identity) };
}

function question(clock: LocalTime, { takenAt }: BackupKeys, isLive: boolean): string {
  const taken = clock.words(takenAt);
  return isLive
    ? `Replace the loaded data of this ledger by that of ${taken}? Imports since then have to be loaded again.`
    : `Make the lost ledger again from the data of ${taken}?`;
}

function carryOut(
  context: CommandContext,
  input: RestoreInput,
  keys: BackupKeys,
  live: Ledger | undefined,
): Promise<Restored> {
  const { globals, actor, now } = context;
  const files = ledgerFiles(globals.ledger, globals.secrets);
  const options = { files, path: context.path(input.file), keys, actor, now };
  if (live !== undefined) return restoreData(live, options);
  const journal = input.journal === undefined ? undefined : context.path(input.journal);
  return recoverLedger({ ...options, journal, asOf: globals.asOf !== undefined });
}

function say(
  context: CommandContext,
  keys: BackupKeys,
  { state, origin, audit, carried, replayed }: Restored,
): void {
  const document = {
    state,
    origin,
    audit_size: audit.size,
    root: audit.root,
    backup: { taken_at: keys.takenAt, audit_size: keys.audit.size },
    replayed: { carried_rows: carried, ...replayed },
  };
  context.output.result(document, () =>
    [
      `the ledger has the data of ${context.output.clock.words(keys.takenAt)}, and an audit log of ${audit.size} entries`,
      `origin          ${origin}`,
      `erased again    ${replayed.erased_rows} rows and ${replayed.erased_lines} lines of ${replayed.persons} persons`,
      `kept as it was  ${carried} rows that were retained, anonymised or corrected`,
      `corrected again ${replayed.corrected_rows} rows`,
    ].join('\n'),
  );
  context.output.note('next: load the exports that were taken since, then dsr status');
  if (state === 'recovered-without-journal')
    context.output.warn(
      'nobody is answered until an export taken after this restore was loaded for every source: dsr status shows which',
    );
}
