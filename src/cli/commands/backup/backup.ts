import { Temporal } from 'temporal-polyfill';
import { ExitCode, usage } from '../../../base/errors.ts';
import type { AgeLock } from '../../../evidence/backup/age.ts';
import { keysPath, writeBackup } from '../../../evidence/backup/backup.ts';
import { readSecrets } from '../../../store/key-files.ts';
import { ledgerFiles } from '../../../store/open.ts';
import type { CommandContext } from '../../context.ts';
import { askNewPassphrase, passphraseIn } from '../../passphrase.ts';
import { backupMembers } from './list.ts';

export interface BackupInput {
  readonly file: string;
  readonly recipient: readonly string[];
  readonly passphraseFile: string | undefined;
  readonly keep: string | undefined;
}

export async function run(context: CommandContext, input: BackupInput): Promise<ExitCode> {
  const keep = readPeriod(input.keep);
  const lock = await lockOf(context, input);
  const ledger = await context.openLedger('write');
  const path = context.path(input.file);
  const { secretsPath } = ledgerFiles(context.globals.ledger, context.globals.secrets);
  const entry = await writeBackup(ledger, { path, lock, keep, secrets: readSecrets(secretsPath) });
  const document = { backup: backupMembers({ entry, isOver: false }), path, keys: keysPath(path) };
  context.output.result(document, () =>
    [
      `backup   ${context.shown(path)}, ${entry.auditSize} audit entries`,
      `keys     ${context.shown(keysPath(path))}`,
      `stays    until ${entry.expiresOn}; delete both files then`,
    ].join('\n'),
  );
  context.output.note('whoever opens the keys file can read the backup: keep the two apart');
  return ExitCode.done;
}

async function lockOf(context: CommandContext, input: BackupInput): Promise<AgeLock> {
  const { recipient: recipients, passphraseFile } = input;
  if (recipients.length > 0 && passphraseFile !== undefined)
    throw usage(
      '--recipient and --passphrase-file exclude each other',
      'an age file opens one way or the other',
    );
  if (recipients.length > 0) return { recipients };
  if (passphraseFile !== undefined) return { passphrase: await passphraseIn(context, passphraseFile) };
  return { passphrase: await askNewPassphrase(context, '--recipient AGE1… or --passphrase-file FILE') };
}

const MOST_YEARS = 100;

function readPeriod(words: string | undefined): string | undefined {
  if (words === undefined) return undefined;
  try {
    const period = Temporal.Duration.from(words);
    const { years, months, weeks, days } = period;
    if (period.sign <= 0 || years + months + weeks + days === 0) throw new RangeError('not a period of days');
    if (years + months / 12 + weeks / 52 + days / 365 > MOST_YEARS) throw new RangeError('no end in sight');
    return words;
  } catch (cause) {
    throw Object.assign(usage('--keep is not a period', 'write P35D, P3M or P1Y, a hundred years at most'), {
      cause,
    });
  }
}
