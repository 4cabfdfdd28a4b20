import { closeSync, constants, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../key-files.ts';
import { configure, openRaw } from './connection.ts';
import { createSchema } from './schema.ts';

interface About {
  readonly ledger: string;
  readonly createdAt: string;
  readonly rehearsal: boolean;
}

/** Writes an empty encrypted ledger; fails where a file is, and leaves none where it cannot be written whole. */
export function createLedgerFile(path: string, key: string, about: About): void {
  closeSync(
    openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600),
  );
  try {
    fillFile(path, key, about);
  } catch (cause) {
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    throw cause;
  }
}

function fillFile(path: string, key: string, about: About): void {
  const db = openRaw(path, key, { create: true });
  try {
    configure(db);
    createSchema(db);
    const put = db.prepare('INSERT INTO meta(name, value) VALUES(?, ?)');
    put.run('ledger', about.ledger);
    put.run('created_at', about.createdAt);
    put.run('rehearsal', about.rehearsal ? 1 : 0);
    put.run('epoch', 1);
    put.run('bytes_pending', 0);
    put.run('next_record', 1);
    put.run('next_block', 1);
  } finally {
    db.close();
  }
  const fd = openSync(path, constants.O_RDWR);
  fsyncSync(fd);
  closeSync(fd);
  syncFolder(dirname(path));
}
