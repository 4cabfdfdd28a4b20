import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { ExitCode, notFound, refused, UserError } from '../../base/errors.ts';
import { syncFolder } from '../../store/key-files.ts';
import type { Ledger } from '../../store/ledger.ts';
import { issueCheckpoint, ledgerKey, type SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoints, verifySince } from './since.ts';

/**
 * Signs the newest checkpoint and appends it to a file that other people or machines keep. Refuses a file
 * that another ledger's checkpoints are in, and one that this log does not go on from (exit 20).
 */
export async function appendCheckpoint(ledger: Ledger, path: string): Promise<SignedCheckpoint> {
  const fd = openForAppending(path);
  try {
    await requireContinued(ledger, readFileSync(fd, 'utf8'));
    return await issue(ledger, 'file', ({ note }) => {
      appendWhole(fd, note);
      syncFolder(dirname(path));
    });
  } finally {
    closeSync(fd);
  }
}

/** Half a checkpoint would make the whole file unreadable. */
function appendWhole(fd: number, note: string): void {
  const { size } = fstatSync(fd);
  try {
    writeFileSync(fd, note);
    fsyncSync(fd);
  } catch (cause) {
    ftruncateSync(fd, size);
    throw cause;
  }
}

/** Signs the newest checkpoint to be shown; it counts as given out. */
export function showCheckpoint(ledger: Ledger): Promise<SignedCheckpoint> {
  return issue(ledger, 'terminal', () => {});
}

/** What leaves is noted, and what cannot be noted does not leave: the entry is committed after the checkpoint is out. */
function issue(
  ledger: Ledger,
  to: 'file' | 'terminal',
  give: (checkpoint: SignedCheckpoint) => void,
): Promise<SignedCheckpoint> {
  return ledger.store.act({ act: 'checkpoint.issued', at: ledger.now, actor: ledger.actor }, async (tx) => {
    const checkpoint = await issueCheckpoint(tx, ledger, to);
    give(checkpoint);
    return checkpoint;
  });
}

async function requireContinued(ledger: Ledger, text: string): Promise<void> {
  if (text === '') return;
  const kept = openCheckpoints(text, ledgerKey(ledger));
  const { problems } = await ledger.store.read((tx) => verifySince(tx, kept, ledger.origin));
  const [first] = problems;
  if (first === undefined) return;
  throw new UserError('log-inconsistent', first.message, {
    exit: ExitCode.damaged,
    hint: 'nothing was signed; dsr audit verify --since FILE says all that does not fit',
  });
}

function openForAppending(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOENT') throw notFound('no-such-folder', `there is no folder for ${basename(path)}`);
    throw unusable(path, ` (${code})`);
  }
  throw unusable(path, '');
}

function unusable(path: string, code: string): UserError {
  const message = `${basename(path)} is no plain file that can be appended to${code}`;
  return refused('checkpoint-file-unusable', message, 'name a file, no link, that is yours to write');
}
