import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Continuation, findContinuation } from '../../src/ingest/log-known.ts';
import { type LoadedLog, type LogLoad, loadLog } from '../../src/ingest/log-load.ts';
import { ReachHasher } from '../../src/people/digests.ts';
import type { IdentifierKind, LogSource, Policy } from '../../src/policy/types.ts';
import { linesOf } from '../../src/store/shelf.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { StoredBlock } from '../../src/store/store.ts';
import { anAct, temporaryFolder } from '../helpers/ledger-folder.ts';

const KINDS: readonly IdentifierKind[] = [
  { name: 'username', strength: 'account', normalise: 'fold-case' },
  { name: 'email', strength: 'contact', normalise: 'email' },
  { name: 'cookie', strength: 'device', normalise: 'verbatim' },
  { name: 'ip', strength: 'network', normalise: 'ip' },
];

export const POLICY: Pick<Policy, 'identifiers' | 'categories'> = {
  identifiers: Object.fromEntries(KINDS.map((kind) => [kind.name, kind])),
  categories: {},
};
export const KEYS = { hasher: new ReachHasher(createHmac('md5', 'test').update('key').digest()) };
export const SCOPE = { policy: POLICY, keys: KEYS };

export function logSource(
  type: 'common' | 'combined' = 'combined',
  more: Partial<LogSource> = {},
): LogSource {
  return {
    type: 'log',
    name: 'access_log',
    files: ['*.log'],
    category: 'server_log',
    format: { type, encoding: 'utf-8' },
    identifiers: [
      { kind: 'username', column: 'user' },
      { kind: 'cookie', column: 'query.sid' },
      { kind: 'ip', column: 'host' },
    ],
    ...more,
  };
}

/** Writes a log and gives its path. */
export function aLog(content: string | Uint8Array, name = 'access.log', folder = temporaryFolder()): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  return path;
}

/** One combined line without its line feed. */
export function aLine(second: number, user = '-', path = '/', host = '203.0.113.9'): string {
  const time = new Date(Date.UTC(2026, 0, 5) + second * 1000);
  const day = String(time.getUTCDate()).padStart(2, '0');
  return `${host} - ${user} [${day}/Jan/2026:${time.toISOString().slice(11, 19)} +0000] "GET ${path} HTTP/1.1" 200 512 "-" "agent"`;
}

/** Loads and publishes as an ingest does; a file that is known is not loaded. */
export async function ingestLog(
  store: SqliteStore,
  file: string,
  options: Partial<LogLoad> = {},
): Promise<LoadedLog | Continuation> {
  const source = options.source ?? logSource();
  const imports = (await store.read((tx) => tx.imports())).filter((row) => row.source === source.name);
  const continuation = await findContinuation(imports, file);
  if (continuation.kind === 'same') return continuation;
  const time = '2026-01-20T00:00:00Z';
  const start = {
    source: source.name,
    file: basename(file),
    takenAt: time,
    loadedAt: time,
    policyVersion: 1,
    columns: [],
  };
  const loader = await store.load(start);
  try {
    const loaded = await loadLog({
      file,
      source,
      policy: POLICY,
      keys: KEYS,
      loader,
      store,
      continuation,
      rejectLimit: { share: 0.01 },
      rejectsExpireOn: '2026-04-20',
      gate: { key: new Uint8Array(32), entries: [], admitted: [] },
      ...options,
    });
    await loader.publish(
      { ...loaded, snapshot: false, reachOf: () => [], isAfterEdit: () => true },
      anAct('import.published'),
      loaded.within,
    );
    return loaded;
  } catch (cause) {
    await loader.abandon();
    throw cause;
  }
}

export async function blocksIn(store: SqliteStore): Promise<readonly StoredBlock[]> {
  return store.read((tx) => tx.blocks({ source: 'access_log' }, 0, 1_000_000));
}

/** All lines of the log source, sorted. */
export async function linesIn(store: SqliteStore): Promise<readonly string[]> {
  return (await blocksIn(store)).flatMap((block) => linesOf(block)).sort();
}
