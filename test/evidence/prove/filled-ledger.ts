import type { LedgerHit } from '../../../src/evidence/prove/hits.ts';
import { type LedgerSearched, searchLedger } from '../../../src/evidence/prove/ledger-search.ts';
import type { ByteSearch } from '../../../src/evidence/prove/raw-search.ts';
import { ReachHasher } from '../../../src/people/digests.ts';
import type { Identifier } from '../../../src/people/identifier.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { readKeyFile } from '../../../src/store/key-files.ts';
import { packBody, packTags } from '../../../src/store/shelf.ts';
import { type Db, openRaw } from '../../../src/store/sqlite/connection.ts';
import type { LedgerFile } from '../../../src/store/sqlite/swap.ts';
import { emptyLedger } from '../../helpers/ledger-folder.ts';

export const HASHER = new ReachHasher(new Uint8Array(16).fill(3));

const POLICY_TEXT = `
controller: { name: Example, contact: privacy@example.org, zone: Europe/Berlin, regimes: [gdpr] }
effective: 2026-01-01
sources:
  users:
    files: "users*.csv"
    format: csv
    mode: snapshot
    account: true
    key: [id]
    subject: { user_id: id, email: email }
    category: account
    fields: { name: user.name }
  access_log:
    files: "*.log"
    format: combined
    subject: { username: user }
    category: server_log
categories:
  account: { on_delete: erase }
  server_log: { on_delete: erase }
`;

const POLICY = parsePolicy(POLICY_TEXT, 'dsr.yaml');

/** A ledger's file under a plain connection that wipes nothing, as with the pipeline switched off. */
export class FilledLedger {
  readonly file: LedgerFile;
  readonly key: string;
  readonly db: Db;

  constructor() {
    this.file = emptyLedger();
    this.key = readKeyFile(this.file.keyPath).current;
    this.db = openRaw(this.file.path, this.key);
    this.db.pragma('secure_delete=OFF');
    this.db.exec("INSERT INTO source VALUES(1, 'users'), (2, 'access_log')");
    this.db.exec(`INSERT INTO layout VALUES(1, '["id","name","email"]')`);
    this.db
      .prepare(
        "INSERT INTO policy(version, digest, applied_at, body) VALUES(1, 'digest', '2026-01-01T00:00:00Z', ?)",
      )
      .run(POLICY_TEXT);
    this.import(1, 'published');
  }

  import(id: number, state: 'published' | 'loading', file = 'users.csv'): void {
    this.db
      .prepare(
        "INSERT INTO import VALUES(?, 1, ?, 1, 1, ?, '', 0, '', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1, NULL, NULL, NULL, '{}')",
      )
      .run(id, state, file);
  }

  record(
    id: number,
    fields: readonly string[],
    more: { import?: number; retainedFor?: number; overlays?: string } = {},
  ): void {
    const reach = reachOf([
      { kind: 'user_id', value: fields[0] ?? '' },
      { kind: 'email', value: fields[2] ?? '' },
    ]);
    this.db
      .prepare(
        'INSERT INTO record(id, source, key, layout, import, line, version, missed, retained_for, overlays, reach, body) VALUES(?, 1, ?, 1, ?, 1, 1, 0, ?, ?, ?, ?)',
      )
      .run(
        id,
        fields[0],
        more.import ?? 1,
        more.retainedFor ?? null,
        more.overlays ?? null,
        reach,
        JSON.stringify(fields),
      );
  }

  change(record: number, fields: readonly string[]): void {
    this.db
      .prepare('INSERT INTO change(import, record, line, layout, reach, body) VALUES(1, ?, 1, 1, ?, ?)')
      .run(record, reachOf([{ kind: 'user_id', value: fields[0] ?? '' }]), JSON.stringify(fields));
  }

  block(id: number, lines: readonly string[], owners: readonly string[]): void {
    const tags = owners.map((value) => HASHER.tag({ kind: 'username', value })).sort((a, b) => a - b);
    this.db
      .prepare('INSERT INTO block VALUES(?, 2, 1, 0, 0, ?, 0, 0, ?, ?)')
      .run(
        id,
        lines.length,
        packTags(tags),
        packBody(Buffer.from(lines.map((line) => `${line}\n`).join(''))),
      );
  }

  register(kind: string, id: number, subject: number | null, body: unknown): void {
    this.db
      .prepare("INSERT INTO register(kind, id, state, subject, body) VALUES(?, ?, 'open', ?, ?)")
      .run(kind, id, subject, JSON.stringify(body));
  }

  /** Folds the write-ahead log into the file, and leaves none. */
  checkpoint(): void {
    this.db.pragma('wal_checkpoint(TRUNCATE)');
  }
}

function reachOf(identifiers: readonly Identifier[]): Uint8Array {
  const digests = Float64Array.from(identifiers, (identifier) => HASHER.reach(identifier));
  return new Uint8Array(digests.buffer);
}

/** All hits of a search over a ledger, and what the search says of itself. */
export function searched(
  path: string,
  keys: readonly string[],
  search: ByteSearch,
  tags: readonly number[] = [],
): LedgerSearched & { readonly hits: readonly LedgerHit[] } {
  const hits: LedgerHit[] = [];
  const result = searchLedger({
    path,
    keys,
    search,
    hasher: HASHER,
    policy: POLICY,
    tags: new Set(tags),
    onHit: (hit) => hits.push(hit),
  });
  return { ...result, hits };
}

/** Where hits lie, in short: `gap in a leaf page`, `record.body`, `record via record_key`. */
export function placesOf(hits: readonly LedgerHit[]): readonly string[] {
  const places = hits.map(({ place }) => {
    if (typeof place === 'string') return place;
    return place.index === undefined ? `${place.table}.${place.column}` : `${place.table} via ${place.index}`;
  });
  return [...new Set(places)].sort();
}
