import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../../store/key-files.ts';

/** What is known of a package's files. */
export interface KnownPackage {
  readonly folder: string;
  /** Hex SHA-256 of its manifest; undefined where nobody noted it. */
  readonly manifest: string | undefined;
  /** The files as the ledger noted them, by their path below the folder. */
  readonly files: readonly string[];
}

/**
 * Removes what dsr wrote into a package's folder: the files of its manifest, the manifest, and folders that are
 * empty then. Follows no symbolic link and touches nothing else. Gives the number of things that stay.
 */
export function removePackageFiles(known: KnownPackage): number {
  const { folder } = known;
  if (!isFolder(folder)) return isThere(folder) ? 1 : 0;
  for (const path of [...listedFiles(known), 'manifest.json']) removeFile(folder, path);
  for (const sub of subfolders(folder)) removeIfEmpty(join(folder, sub));
  removeIfEmpty(folder);
  syncFolder(dirname(folder));
  return countFiles(folder);
}

/** Removes a folder in which a package was begun and never ended; all files in it are dsr's. */
export function removePartialPackage(folder: string): void {
  for (const path of filesBelow(folder)) removeFile(folder, path);
  for (const sub of subfolders(folder)) removeIfEmpty(join(folder, sub));
  removeIfEmpty(folder);
}

/** Folders beside a package in which one was begun, by the name that dsr gives them. */
export function partialPackages(folder: string): readonly string[] {
  const stem = `${basename(folder)}.partial-`;
  return entriesOf(dirname(folder))
    .filter(
      (entry) =>
        entry.isDirectory() &&
        entry.name.startsWith(stem) &&
        /^[A-Za-z0-9]{6}$/.test(entry.name.slice(stem.length)),
    )
    .map(({ name }) => join(dirname(folder), name));
}

/** The files of the manifest, where it is the one that dsr wrote; else those that the ledger noted. */
function listedFiles({ folder, manifest, files }: KnownPackage): readonly string[] {
  const path = join(folder, 'manifest.json');
  if (!isPlainFile(path)) return files;
  const bytes = readFileSync(path);
  const isOurs = manifest === undefined || createHash('sha256').update(bytes).digest('hex') === manifest;
  return isOurs ? (filesOf(bytes) ?? files) : files;
}

function filesOf(manifest: Buffer): readonly string[] | undefined {
  try {
    const { files } = JSON.parse(manifest.toString('utf8')) as { files: readonly { path: unknown }[] };
    return files.map(({ path }) => String(path));
  } catch {
    return undefined;
  }
}

function removeFile(folder: string, path: string): void {
  const parts = path.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part))) return;
  const parents = parts.slice(0, -1).map((_, index) => join(folder, ...parts.slice(0, index + 1)));
  const file = join(folder, ...parts);
  if (!parents.every(isFolder) || !isPlainFile(file)) return;
  blank(file);
  unlinkSync(file);
}

/** Overwrites a file in place: a freed block of the disk keeps what it held. */
function blank(path: string): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    const { size, nlink } = fstatSync(fd);
    // Another name of the file is somebody's copy.
    if (nlink > 1) return;
    const zeros = Buffer.alloc(Math.min(size, 1 << 20));
    for (let at = 0; at < size; ) at += writeSync(fd, zeros, 0, Math.min(zeros.length, size - at), at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function removeIfEmpty(folder: string): void {
  if (isFolder(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

function subfolders(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Plain files of a folder and of the folders in it, which is as deep as packages are. */
function filesBelow(folder: string): readonly string[] {
  const plain = (entries: readonly Dirent[]) => entries.filter((entry) => entry.isFile());
  return [
    ...plain(entriesOf(folder)).map(({ name }) => name),
    ...subfolders(folder).flatMap((sub) =>
      plain(entriesOf(join(folder, sub))).map(({ name }) => `${sub}/${name}`),
    ),
  ];
}

function countFiles(folder: string): number {
  return entriesOf(folder).length;
}

function entriesOf(folder: string): readonly Dirent[] {
  return isFolder(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
