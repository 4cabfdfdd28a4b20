import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { notFound, refused } from '../../base/errors.ts';
import { syncFolder } from '../../store/key-files.ts';

/** A file that is being written under a name of its own. */
export interface Draft {
  readonly path: string;
  /** Gives it the name it is for, over what has that name. */
  publish(): void;
  discard(): void;
}

/** Starts a file that is to be `path` once it is whole; drafts of runs that died go. */
export function draftOf(path: string): Draft {
  const folder = dirname(path);
  if (!existsSync(folder)) throw notFound('folder-not-found', `there is no folder for ${basename(path)}`);
  removeDead(path);
  const draft = join(folder, `${stemOf(path)}${process.pid}-${randomBytes(4).toString('hex')}.part`);
  return {
    path: draft,
    publish: () => {
      renameSync(draft, path);
      syncFolder(folder);
    },
    discard: () => removeDraft(draft),
  };
}

/** Refuses a name that is taken. */
export function requireFree(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw refused(
    'already-there',
    `${basename(path)} is already there`,
    'nothing is written over it: choose another name, or move it away',
  );
}

function stemOf(path: string): string {
  return `.${basename(path)}.`;
}

function removeDead(path: string): void {
  const stem = stemOf(path);
  for (const name of readdirSync(dirname(path))) {
    const writer = name.startsWith(stem) ? /^(\d+)-[0-9a-f]{8}\.part/.exec(name.slice(stem.length)) : null;
    if (writer !== null && !isAlive(Number(writer[1]))) rmSync(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function removeDraft(draft: string): void {
  for (const end of ['', '-journal']) rmSync(`${draft}${end}`, { force: true });
}
