import type { Statement } from 'better-sqlite3';
import type { Db } from './connection.ts';

/** The statements of one connection, prepared once each. */
export class Prepared {
  readonly db: Db;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  constructor(db: Db) {
    this.db = db;
  }

  #get(sql: string): Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare<unknown[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  run(sql: string, ...values: readonly unknown[]): number {
    return this.#get(sql).run(...values).changes;
  }

  /** As `run`, with the values of many rows in one list; one by one they are bound faster than as a list. */
  runAll(sql: string, values: readonly unknown[]): number {
    return this.#get(sql).run(...values).changes;
  }

  /** Inserts a row and returns its rowid. */
  insert(sql: string, ...values: readonly unknown[]): number {
    return Number(this.#get(sql).run(...values).lastInsertRowid);
  }

  all<Row>(sql: string, ...values: readonly unknown[]): Row[] {
    return this.#get(sql).all(...values) as Row[];
  }

  /** The first column of all rows; the statement is only ever used so. */
  column<Value>(sql: string, ...values: readonly unknown[]): Value[] {
    return this.#get(sql)
      .pluck()
      .all(...values) as Value[];
  }

  one<Row>(sql: string, ...values: readonly unknown[]): Row | undefined {
    return this.#get(sql).get(...values) as Row | undefined;
  }

  /** The first column of the first row. */
  value<Value>(sql: string, ...values: readonly unknown[]): Value | undefined {
    const row = this.one<Record<string, unknown>>(sql, ...values);
    return row === undefined ? undefined : (Object.values(row)[0] as Value);
  }
}
