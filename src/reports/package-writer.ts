import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { notFound, refused, type UserError } from '../base/errors.ts';
import { syncFolder } from '../store/key-files.ts';

export interface PackageFile {
  /** Made by dsr, never from data: `csv/0001-users.csv`. */
  readonly path: string;
  readonly content: string;
}

export interface Artifact {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Refuses a file or folder that is there already, before anything is planned for it. */
export function requireFreeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) throw taken(folder);
}

function taken(path: string): UserError {
  return refused(
    'output-exists',
    `${basename(path)} is already there`,
    'choose another --out; dsr overwrites nothing',
  );
}

/**
 * Writes files and their manifest into a new folder, all at once: in a folder beside it first, on the
 * disk, then renamed. Readable by the owner alone. Leaves nothing behind where it fails.
 */
export function writePackage(
  folder: string,
  files: readonly PackageFile[],
  about: Readonly<Record<string, unknown>>,
): readonly Artifact[] {
  requireFreeFolder(folder);
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    const artifacts = files.map((file) => writeFile(partial, file));
    const manifest = { schema_version: 1, ...about, files: artifacts };
    const listed = writeFile(partial, {
      path: 'manifest.json',
      content: `${JSON.stringify(manifest, undefined, 2)}\n`,
    });
    renameSync(partial, folder);
    syncFolder(dirname(folder));
    return [...artifacts, listed].map((artifact) => ({ ...artifact, path: join(folder, artifact.path) }));
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw cause;
  }
}

/**
 * Writes one new file into a folder that is there, whole or not at all, readable by the owner alone.
 * Refuses a name that is taken, by a link too.
 */
export function writeNewFile(path: string, content: string): Artifact {
  requireFolder(dirname(path));
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const artifact = writeFile(dirname(path), { path: basename(partial), content });
    takeName(path);
    renameSync(partial, path);
    syncFolder(dirname(path));
    return { ...artifact, path };
  } catch (cause) {
    rmSync(partial, { force: true });
    throw cause;
  }
}

function requireFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return;
  throw notFound('no-such-folder', `there is no folder ${basename(folder)}`, 'create it first');
}

/** Between a look and a rename another process could take the name; an exclusive creation says it. */
function takeName(path: string): void {
  try {
    closeSync(
      openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600),
    );
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw taken(path);
    throw cause;
  }
}

function writeFile(folder: string, file: PackageFile): Artifact {
  const path = join(folder, file.path);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const content = Buffer.from(file.content, 'utf8');
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    for (let done = 0; done < content.length; ) done += writeSync(fd, content, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncFolder(dirname(path));
  return {
    path: file.path,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
  };
}
