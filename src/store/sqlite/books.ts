import type { SealedCopy } from '../store.ts';
import { type Db, inTransaction, keyBytes } from './connection.ts';
import { unpackReach } from './rows.ts';

/** Tables of what exports gave; all others are the ledger's own books. */
const DATA_TABLES: readonly string[] = [
  'source',
  'layout',
  'import',
  'reject',
  'record',
  'change',
  'reach',
  'block',
  'event_count',
];

// Rows that a carried-out plan has corrected or anonymised: the plan names them.
const planned = (schema: string, actions: string) =>
  `SELECT r.value ->> '$.id' FROM ${schema}.register p, json_each(p.body, '$.plan.items') i, json_each(i.value, '$.records') r
  WHERE p.kind = 'plan' AND p.state = 'applied' AND i.value ->> '$.action' IN (${actions})`;

/** What a journal takes of the data: names, and rows that are not what the exports say. */
export const JOURNAL_ROWS: Readonly<Record<string, string>> = {
  import: '0',
  reject: '0',
  change: '0',
  reach: '0',
  block: '0',
  event_count: '0',
  record: `(retained_until IS NOT NULL OR overlays IS NOT NULL OR id IN (${planned('main', "'change', 'anonymise'")}))
    AND import NOT IN (SELECT id FROM main.import WHERE state = 'loading')`,
};

/**
 * Replaces the books of a ledger by those of another copy of it, and brings in the rows that this copy has
 * as no export gives them: what is retained by law, what was anonymised, corrected rows that are not here.
 * Gives how many rows these are.
 */
export function takeBooks(db: Db, { path, key }: SealedCopy): number {
  db.prepare('ATTACH ? AS journal KEY ?').run(path, keyBytes(key));
  try {
    return inTransaction(db, 'IMMEDIATE', () => {
      const given = givenNumbers(db);
      withoutTriggers(db, () => {
        for (const table of bookTables(db)) replaceRows(db, table);
      });
      for (const [name, value] of given) keepNumber(db, name, value);
      return carryRows(db);
    });
  } finally {
    db.exec('DETACH journal');
  }
}

function bookTables(db: Db): readonly string[] {
  return db
    .prepare<[], string>(
      "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all()
    .filter((name) => !DATA_TABLES.includes(name));
}

function replaceRows(db: Db, table: string): void {
  db.exec(`DELETE FROM main."${table}"`);
  db.exec(`INSERT INTO main."${table}" SELECT * FROM journal."${table}"`);
}

/** Audit entries are never deleted, but where the whole log is exchanged for a longer one. */
function withoutTriggers(db: Db, fn: () => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'",
    )
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER main."${name}"`);
  fn();
  for (const { sql } of triggers) db.exec(sql);
}

type Numbers = readonly (readonly [name: string, value: number])[];

function givenNumbers(db: Db): Numbers {
  return db
    .prepare<[], [string, number]>("SELECT name, value FROM main.meta WHERE name LIKE 'next\\_%' ESCAPE '\\'")
    .raw()
    .all();
}

function keepNumber(db: Db, name: string, value: number): void {
  db.prepare(
    'INSERT INTO main.meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)',
  ).run(name, value);
}

const CARRIED = `SELECT id FROM journal.record WHERE retained_until IS NOT NULL OR id IN (${planned('journal', "'anonymise'")})
  OR (overlays IS NOT NULL AND id NOT IN (SELECT id FROM main.record)) ORDER BY id`;

function carryRows(db: Db): number {
  const ids = db.prepare<[], number>(CARRIED).pluck().all();
  for (const id of ids) carryRow(db, id);
  return ids.length;
}

function carryRow(db: Db, id: number): void {
  db.prepare(
    'INSERT OR IGNORE INTO main.source(name) SELECT s.name FROM journal.source s JOIN journal.record r ON r.source = s.id WHERE r.id = ?',
  ).run(id);
  db.prepare(
    'INSERT OR IGNORE INTO main.layout(columns) SELECT l.columns FROM journal.layout l JOIN journal.record r ON r.layout = l.id WHERE r.id = ?',
  ).run(id);
  for (const old of db.prepare<[number, number, number], number>(TAKEN).pluck().all(id, id, id))
    dropRow(db, old);
  db.prepare(
    `INSERT INTO main.record SELECT ${columnsOf(db).join(', ')} FROM journal.record r WHERE r.id = ?`,
  ).run(id);
  const put = db.prepare('INSERT OR IGNORE INTO main.reach(digest, record) VALUES(?, ?)');
  for (const digest of reachOf(db, id)) put.run(digest, id);
}

// The source and the layout of the journal's row, by the numbers that they have here.
const SOURCE =
  '(SELECT m.id FROM main.source m JOIN journal.source s ON s.name = m.name WHERE s.id = r.source)';
const LAYOUT =
  '(SELECT m.id FROM main.layout m JOIN journal.layout l ON l.columns = m.columns WHERE l.id = r.layout)';

/** Rows here that have the number or the key of a row that comes in. */
const TAKEN = `SELECT id FROM main.record WHERE id = ?
  UNION SELECT m.id FROM journal.record r, main.record m WHERE r.id = ? AND m.source = ${SOURCE} AND m.key = r.key AND m.id <> ?`;

function columnsOf(db: Db): readonly string[] {
  const names = db.prepare<[], string>("SELECT name FROM pragma_table_info('record')").pluck().all();
  return names.map((name) => (name === 'source' ? SOURCE : name === 'layout' ? LAYOUT : `r."${name}"`));
}

function dropRow(db: Db, id: number): void {
  const drop = db.prepare('DELETE FROM main.reach WHERE digest = ? AND record = ?');
  for (const digest of reachOf(db, id)) drop.run(digest, id);
  db.prepare('DELETE FROM main.record WHERE id = ?').run(id);
}

function reachOf(db: Db, id: number): readonly number[] {
  const packed = db
    .prepare<[number], Uint8Array>('SELECT reach FROM main.record WHERE id = ?')
    .pluck()
    .get(id);
  return packed === undefined ? [] : unpackReach(packed);
}
