import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SqlValue } from '../../../src/evidence/prove/record.ts';
import { temporaryFolder } from '../../helpers/ledger-folder.ts';
import { readDatabase } from './read-database.ts';

const KEY = '5a'.repeat(32);

const SCHEMA = `
CREATE TABLE plain(id INTEGER PRIMARY KEY, a, b TEXT);
CREATE INDEX plain_a ON plain(a);
CREATE INDEX plain_some ON plain(b) WHERE b IS NOT NULL;
CREATE TABLE "no rowid"(n INTEGER, v, k TEXT, PRIMARY KEY(k, n)) WITHOUT ROWID;
CREATE INDEX "by v" ON "no rowid"(v);
CREATE TABLE words(word TEXT UNIQUE, "odd, (name)" BLOB DEFAULT 'a,b)');
`;

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 30_000 }).map((length) => 'long '.repeat(length / 5)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)) },
);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('insert' as const), id: fc.integer(), a: value, b: value }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('update' as const), id: fc.nat(400), a: value, b: value }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('delete' as const), id: fc.nat(400), a: value, b: value }),
  },
);

const shape = fc.record({
  pageSize: fc.constantFrom(512, 1024, 4096, 8192, 65_536),
  secure: fc.boolean(),
  end: fc.constantFrom('delete journal', 'vacuum', 'wal checkpointed', 'wal open' as const),
  steps: fc.array(step, { maxLength: 250, size: 'max' }),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

describe('every row, as the driver reads it, and every byte, once', () => {
  test('of any database that the driver writes', () => {
    const path = join(temporaryFolder(), 'any.db');
    fc.assert(
      fc.property(shape, ({ pageSize, secure, end, steps }) => {
        for (const side of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${side}`, { force: true });
        const db = new Database(path);
        try {
          db.pragma("cipher='aegis'");
          db.key(Buffer.from(`raw:${KEY}`));
          db.pragma(`page_size=${pageSize}`);
          db.pragma(`journal_mode=${end.startsWith('wal') ? 'WAL' : 'DELETE'}`);
          db.pragma('synchronous=OFF');
          db.pragma('wal_autocheckpoint=7');
          db.pragma(`secure_delete=${secure ? 'ON' : 'OFF'}`);
          db.exec(SCHEMA);
          play(db, steps);
          if (end === 'vacuum') db.exec('VACUUM');
          if (end === 'wal checkpointed') db.pragma('wal_checkpoint(TRUNCATE)');
          const read = readDatabase(path, KEY, end === 'wal open');
          expect({ ...read, tables: undefined, indexes: undefined }).toEqual({
            tables: undefined,
            indexes: undefined,
            free: Number(db.pragma('freelist_count', { simple: true })),
            unreachable: 0,
            unmapped: [],
            damaged: [],
            broken: [],
          });
          expect(comparable(read?.tables)).toEqual(comparable(driverTables(db)));
          expect(read?.indexes).toEqual(driverIndexes(db));
        } finally {
          db.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});

function play(db: Database.Database, steps: readonly Step[]): void {
  const ids = db.prepare('SELECT id FROM plain ORDER BY id LIMIT 1 OFFSET ?').pluck();
  for (const { do: what, id, a, b } of steps) {
    if (what === 'insert') {
      db.prepare('INSERT OR REPLACE INTO plain VALUES(?, ?, ?)').run(id, a, b);
      db.prepare('INSERT OR REPLACE INTO "no rowid"(k, n, v) VALUES(?, ?, ?)').run(`${id % 7}`, id, b);
      db.prepare('INSERT OR REPLACE INTO words VALUES(?, ?)').run(`word ${id % 50}`, a);
    } else {
      const there = ids.get(id);
      if (what === 'delete') db.prepare('DELETE FROM plain WHERE id = ?').run(there);
      else db.prepare('UPDATE plain SET a = ?, b = ? WHERE id = ?').run(a, b, there);
      db.prepare('DELETE FROM "no rowid" WHERE n = ?').run(there);
    }
  }
}

function driverTables(db: Database.Database): Map<string, unknown[][]> {
  const rows = (sql: string) => db.prepare(sql).safeIntegers().raw().all() as unknown[][];
  return new Map([
    ['plain', rows('SELECT id, a, b FROM plain ORDER BY id')],
    ['no rowid', rows('SELECT k, n, v FROM "no rowid" ORDER BY k, n')],
    ['words', rows('SELECT word, "odd, (name)" FROM words ORDER BY rowid')],
  ]);
}

function driverIndexes(db: Database.Database): Map<string, number> {
  const count = (sql: string) => Number(db.prepare(sql).pluck().get());
  return new Map([
    ['plain_a', count('SELECT count(*) FROM plain')],
    ['plain_some', count('SELECT count(*) FROM plain WHERE b IS NOT NULL')],
    ['by v', count('SELECT count(*) FROM "no rowid"')],
    ['sqlite_autoindex_words_1', count('SELECT count(*) FROM words')],
  ]);
}

/** Trees of tables are read in the order of their pages, those without rowids parents first. */
function comparable(
  tables: ReadonlyMap<string, readonly (readonly (SqlValue | unknown)[])[]> | undefined,
): unknown {
  return [...(tables ?? [])].map(([name, rows]) => [name, rows.map(textOfRow).sort()]).sort();
}

function textOfRow(row: readonly unknown[]): string {
  return row
    .map((cell) => {
      if (Buffer.isBuffer(cell)) return `x${cell.toString('hex')}`;
      if (typeof cell === 'number' && Number.isSafeInteger(cell) && !Object.is(cell, -0))
        return `n${BigInt(cell)}`;
      return typeof cell === 'bigint' ? `n${cell}` : `${typeof cell} ${String(cell)}`;
    })
    .join('|');
}
