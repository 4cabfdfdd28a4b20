import { ExitCode } from '../../../base/errors.ts';
import { type KnownBackup, knownBackups } from '../../../evidence/backup/backup.ts';
import type { CommandContext } from '../../context.ts';

export async function run(context: CommandContext): Promise<ExitCode> {
  const ledger = await context.openLedger('read');
  const backups = await ledger.store.read((tx) => knownBackups(tx, ledger));
  context.output.result({ backups: backups.map(backupMembers) }, () =>
    backups.length === 0
      ? 'this ledger knows of no backup'
      : context.output.table(
          ['backup', 'file', 'taken', 'stays until', 'state'],
          backups.map(({ entry, isOver }) => [
            entry.id,
            entry.file,
            context.output.clock.day(entry.at),
            entry.expiresOn,
            isOver ? 'over: delete the file and its keys' : entry.state,
          ]),
        ),
  );
  return ExitCode.done;
}

/** One backup as every command's JSON shows it. */
export function backupMembers({ entry, isOver }: KnownBackup): Record<string, unknown> {
  return {
    id: entry.id,
    file: entry.file,
    taken_at: entry.at,
    expires_on: entry.expiresOn,
    state: isOver ? 'expired' : entry.state,
    sha256: entry.sha256,
    audit_size: entry.auditSize,
  };
}
