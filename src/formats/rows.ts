import type { Json } from '../base/json.ts';

/** A row that could be read. */
export interface TableRow {
  readonly kind: 'row';
  /** The physical line on which it begins, from 1. */
  readonly line: number;
  /** The same object for every row of the same shape. */
  readonly columns: readonly string[];
  readonly values: readonly Json[];
  /** As it stands in the file, for who sets it aside later. */
  readonly raw: string;
}

/** A row that is set aside; `reason` holds nothing of what stands in it. */
export interface BadRow {
  readonly kind: 'bad';
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
}

export type TableItem = TableRow | BadRow;

/** Turns the text of a file, fed in chunks cut anywhere, into rows. */
export interface RowReader {
  /** Appends the rows that are complete by now. */
  push(text: string, rows: TableItem[]): void;
  /** Appends the last rows, or throws where the file ends too early. */
  end(rows: TableItem[]): void;
  /** The line that has been reached. */
  lineReached(): number;
  /** The columns that every row has; undefined before the header was read and where rows differ. */
  columns(): readonly string[] | undefined;
  /** Where the file names its columns, once that was read; undefined where it does not. */
  header?(): HeaderPlace | undefined;
}

/** A header, for messages about its columns. */
export interface HeaderPlace {
  readonly line: number;
  /** Where the name of a column begins, counted in characters from 1. */
  columnAt(index: number): number;
}

/** Names that would reach into JavaScript's own objects. */
export function isForbiddenName(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype';
}
