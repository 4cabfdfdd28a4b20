import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from '../key-files.ts';
import type { Db } from './connection.ts';
import { keyBytes } from './connection.ts';

interface SchemaRow {
  readonly type: 'table' | 'index' | 'trigger';
  readonly name: string;
  readonly sql: string;
}

export interface CopyOptions {
  /** Which rows of a table go along, as a condition of dsr's own; all where it says nothing. */
  readonly rows?: Readonly<Record<string, string>>;
  /** May change the copy before it is closed. */
  readonly settle?: (schema: string) => void;
}

/**
 * Writes every live row into a new file under another key, row by row: no free page and no leftover
 * of an erased row goes along. Ends on the disk.
 */
export function copyLedger(
  db: Db,
  path: string,
  keyHex: string,
  { rows = {}, settle = () => {} }: CopyOptions = {},
): void {
  // The connection may not create files, and this one is the owner's alone from its first byte.
  closeSync(
    openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600),
  );
  db.prepare('ATTACH ? AS copy KEY ?').run(path, keyBytes(keyHex));
  try {
    for (const name of ['page_size', 'application_id', 'user_version']) {
      db.pragma(`copy.${name}=${Number(db.pragma(name, { simple: true }))}`);
    }
    db.pragma('copy.synchronous=OFF');
    db.exec('BEGIN');
    try {
      copyRows(db, rows);
      settle('copy');
      db.exec('COMMIT');
    } catch (cause) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw cause;
    }
  } finally {
    db.exec('DETACH copy');
  }
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
  fsyncSync(fd);
  closeSync(fd);
  syncFolder(dirname(path));
}

function copyRows(db: Db, rows: Readonly<Record<string, string>>): void {
  const schema = db
    .prepare<[], SchemaRow>(
      "SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all();
  const ofType = (type: SchemaRow['type']) => schema.filter((row) => row.type === type);
  for (const row of [...ofType('table'), ...ofType('index')]) db.exec(intoCopy(row.sql));
  for (const { name } of ofType('table'))
    db.exec(`INSERT INTO copy."${name}" SELECT * FROM main."${name}" WHERE ${rows[name] ?? '1'}`);
  for (const row of ofType('trigger')) db.exec(intoCopy(row.sql));
}

// The statements are dsr's own schema, never a user's text.
function intoCopy(sql: string): string {
  return sql.replace(/^CREATE (UNIQUE )?(TABLE|INDEX|TRIGGER) /, (head) => `${head}copy.`);
}
