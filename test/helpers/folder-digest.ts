import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerFiles } from '../../src/store/open.ts';
import { ledgerDigest } from './ledger-digest.ts';

/** A digest of every file below a folder by its bytes, and of each ledger (`*.db`) by what it says. */
export async function folderDigest(folder: string, secrets?: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (/-(wal|shm)$/.test(name)) continue;
    hash.update(`${name}\n${await contentDigest(path, secrets)}\n`);
  }
  return hash.digest('hex');
}

async function contentDigest(path: string, secrets: string | undefined): Promise<string> {
  const stat = statSync(path);
  if (!stat.isFile()) return 'folder';
  const bytes = `${(stat.mode & 0o777).toString(8)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
  if (!path.endsWith('.db')) return bytes;
  // A ledger that cannot be opened is compared by its bytes.
  return ledgerDigest(ledgerFiles(path, secrets)).catch(() => bytes);
}
