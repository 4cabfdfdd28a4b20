import { ExitCode, UserError } from '../../base/errors.ts';
import type { Db } from './connection.ts';
import { APPLICATION_ID, inTransaction } from './connection.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly up: string;
}

const INITIAL = `
CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE policy(version INTEGER PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL, body TEXT NOT NULL) STRICT;

CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE layout(id INTEGER PRIMARY KEY, columns TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE import(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, state TEXT NOT NULL, first_record INTEGER NOT NULL, first_block INTEGER NOT NULL,
  file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, head TEXT NOT NULL, taken_at TEXT NOT NULL, loaded_at TEXT NOT NULL,
  policy_version INTEGER NOT NULL, continues INTEGER, min_at INTEGER, max_at INTEGER, counts TEXT NOT NULL) STRICT;
CREATE INDEX import_loading ON import(id) WHERE state = 'loading';
CREATE TABLE reject(import INTEGER NOT NULL, nth INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL,
  expires_on TEXT NOT NULL, PRIMARY KEY(import, nth)) STRICT, WITHOUT ROWID;

CREATE TABLE record(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, key TEXT NOT NULL, layout INTEGER NOT NULL, import INTEGER NOT NULL, line INTEGER NOT NULL,
  version INTEGER NOT NULL, restricted TEXT, missed INTEGER NOT NULL, at INTEGER, retained_until TEXT, retained_basis TEXT, retained_for INTEGER,
  overlays TEXT, reach BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX record_key ON record(source, key);
CREATE INDEX record_overlaid ON record(source) WHERE overlays IS NOT NULL;
CREATE INDEX record_missed ON record(missed) WHERE missed > 0;
CREATE INDEX record_retained_until ON record(retained_until) WHERE retained_until IS NOT NULL;
CREATE INDEX record_retained_for ON record(retained_for) WHERE retained_for IS NOT NULL;
CREATE TABLE change(import INTEGER NOT NULL, record INTEGER NOT NULL, line INTEGER NOT NULL, layout INTEGER NOT NULL, at INTEGER,
  reach BLOB NOT NULL, body TEXT NOT NULL, PRIMARY KEY(import, record)) STRICT, WITHOUT ROWID;
CREATE TABLE reach(digest INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(digest, record)) STRICT, WITHOUT ROWID;

CREATE TABLE block(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, import INTEGER NOT NULL, shelf INTEGER NOT NULL, day INTEGER NOT NULL, lines INTEGER NOT NULL,
  min_at INTEGER NOT NULL, max_at INTEGER NOT NULL, tags BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX block_shelf ON block(source, shelf);
CREATE INDEX block_day ON block(source, day);
CREATE TABLE event_count(source INTEGER NOT NULL, hour INTEGER NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(source, hour, path, status)) STRICT, WITHOUT ROWID;

CREATE TABLE subject(id INTEGER PRIMARY KEY, anchor BLOB NOT NULL UNIQUE, hint INTEGER NOT NULL) STRICT;
CREATE INDEX subject_hint ON subject(hint);
CREATE TABLE suppression(id INTEGER PRIMARY KEY, tag INTEGER NOT NULL, digest BLOB NOT NULL, kind TEXT NOT NULL, subject INTEGER NOT NULL,
  reason TEXT NOT NULL, request INTEGER NOT NULL, since TEXT NOT NULL, until TEXT, admitted_row TEXT, admitted_at TEXT) STRICT;
CREATE INDEX suppression_tag ON suppression(tag);
CREATE INDEX suppression_subject ON suppression(subject);
CREATE TABLE fingerprint(request INTEGER PRIMARY KEY, subject INTEGER NOT NULL, packed BLOB NOT NULL, tags TEXT NOT NULL) STRICT;
CREATE TABLE register(kind TEXT NOT NULL, id INTEGER NOT NULL, state TEXT NOT NULL, subject INTEGER, body TEXT NOT NULL,
  PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;
CREATE INDEX register_subject ON register(subject, kind) WHERE subject IS NOT NULL;

CREATE TABLE audit(seq INTEGER PRIMARY KEY, entry TEXT NOT NULL, leaf BLOB NOT NULL) STRICT;
CREATE TRIGGER audit_keep_entries BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
CREATE TRIGGER audit_keep_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TABLE audit_nonce(seq INTEGER PRIMARY KEY, nonce BLOB NOT NULL, subject INTEGER NOT NULL) STRICT;
CREATE INDEX audit_nonce_subject ON audit_nonce(subject);
`;

// Files that the policy brings along, and what its text means; entries of registers found without reading them all.
const REQUEST_DESK = `
ALTER TABLE policy ADD COLUMN files TEXT NOT NULL DEFAULT '{}';
ALTER TABLE policy ADD COLUMN compiled TEXT;
ALTER TABLE register ADD COLUMN request INTEGER;
ALTER TABLE register ADD COLUMN due_on TEXT;
ALTER TABLE register ADD COLUMN mark TEXT;
UPDATE register SET request = body ->> '$.request';
UPDATE register SET due_on = coalesce(body ->> '$.dueOn', '9999-12-31') WHERE kind = 'request' AND body -> '$.outcome' IS NULL
  AND state NOT IN ('closed', 'denied', 'withdrawn', 'expired');
UPDATE register SET body = json_set(body, '$.attentionOn', due_on) WHERE due_on IS NOT NULL;
UPDATE register SET mark = 'record:' || (body ->> '$.record'), body = json_set(body, '$.mark', 'record:' || (body ->> '$.record'))
  WHERE kind = 'work-order' AND body ->> '$.action' = 'change' AND body ->> '$.record' IS NOT NULL;
CREATE INDEX register_state ON register(kind, state, due_on);
CREATE INDEX register_request ON register(request, kind) WHERE request IS NOT NULL;
CREATE INDEX register_due ON register(kind, due_on) WHERE due_on IS NOT NULL;
CREATE INDEX register_mark ON register(mark, kind) WHERE mark IS NOT NULL;
CREATE INDEX register_covering ON register(id) WHERE kind = 'request' AND body -> '$.alsoSubjects' IS NOT NULL;
`;

/** Numbered and forward-only; each runs in one transaction with its `user_version`. */
const MIGRATIONS: readonly [Migration, ...Migration[]] = [
  { version: 2, name: 'initial', up: INITIAL },
  { version: 3, name: 'request desk', up: REQUEST_DESK },
];

/** What this program reads; schema 1 is of before the first release, and nothing leads on from it. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));
const OLDEST_VERSION = MIGRATIONS[0].version;

/** Lays the schema into an empty file. */
export function createSchema(db: Db): void {
  db.pragma(`application_id=${APPLICATION_ID}`);
  migrate(db);
}

function migrate(db: Db): void {
  for (const migration of MIGRATIONS) {
    inTransaction(db, 'IMMEDIATE', () => {
      if (versionOf(db) >= migration.version) return;
      db.exec(migration.up);
      db.pragma(`user_version=${migration.version}`);
    });
  }
}

function versionOf(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Brings an older ledger to this schema; refuses a file that is none (10) and one of a newer schema (12). */
export function requireSchema(db: Db): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new UserError('not-a-ledger', 'the file is not a dsr ledger', { exit: ExitCode.noLedger });
  }
  const version = versionOf(db);
  if (version === SCHEMA_VERSION) return;
  if (version >= OLDEST_VERSION && version < SCHEMA_VERSION) {
    migrate(db);
    return;
  }
  const newer = version > SCHEMA_VERSION;
  throw new UserError(
    'schema-mismatch',
    `the ledger has schema ${version}, this dsr reads ${SCHEMA_VERSION}`,
    {
      exit: ExitCode.schema,
      hint: newer ? 'use the dsr that wrote it, or a newer one' : 'load its exports into a new ledger',
    },
  );
}
