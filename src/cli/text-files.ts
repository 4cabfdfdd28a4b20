import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { badInput, notFound, type UserError } from '../base/errors.ts';

/** The text of a file that the user named. */
export async function readTextFile(path: string, shown: string): Promise<string> {
  return decode(await readFileBytes(path, shown), shown);
}

/** The bytes of a file that the user named. */
export async function readFileBytes(path: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(cause, shown);
  }
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw badInput('not-utf-8', `${shown} is not UTF-8 text`, { cause });
  }
}

function unreadable(cause: unknown, shown: string): UserError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT') return notFound('file-not-found', `there is no file ${shown}`);
  return badInput('file-unreadable', `${basename(shown)} cannot be read (${code})`, { cause });
}
