import { printable } from '../base/mask.ts';
import { badFile, type Place } from '../formats/fault.ts';
import type { HeaderPlace } from '../formats/rows.ts';
import type { TableSource } from '../policy/types.ts';

const LONGEST_NAME = 64;

/** Where columns were read: in a header, or in a row that names its own. */
export interface ColumnsPlace {
  readonly file: string;
  readonly line?: number;
  readonly header?: HeaderPlace;
}

/** For each column that is stored its place in the file's rows; -1 where a JSON row lacks it. */
export type Positions = readonly number[];

/** Fits the columns of a file to those of the policy; refuses what the policy does not name, and what it misses. */
export function fitColumns(source: TableSource, columns: readonly string[], place: ColumnsPlace): Positions {
  refuseUnknown(source, columns, place);
  const positions = source.columns.map((column) => columns.indexOf(column));
  if (source.format.type === 'csv') refuseMissing(source, positions, place);
  return positions;
}

function refuseUnknown(source: TableSource, columns: readonly string[], place: ColumnsPlace): void {
  const known = new Set([...source.columns, ...source.never, ...source.ignore]);
  const index = columns.findIndex((column) => !known.has(column));
  const name = columns[index];
  if (name === undefined) return;
  if (!columns.some((column) => known.has(column))) throw noHeader(source, place);
  throw badFile(
    'unknown-column',
    placeOf(place, index),
    `the policy does not name the column ${shownName(name)}`,
    `write it under sources.${source.name}.fields, or under ignore or never`,
  );
}

/** Without one known name the first row may be a person's, so that nothing of it is shown. */
function noHeader(source: TableSource, place: ColumnsPlace): Error {
  return badFile(
    'unknown-column',
    placeOf(place),
    `none of the columns is one of source ${source.name}`,
    source.format.type === 'csv'
      ? 'is this the right file? A file without a header needs columns: in the format of its source'
      : 'is this the right file?',
  );
}

function refuseMissing(source: TableSource, positions: Positions, place: ColumnsPlace): void {
  const missing = source.columns.filter((_, index) => (positions[index] ?? -1) < 0);
  const [first] = missing;
  if (first === undefined) return;
  const isKey = source.key.includes(first) ? 'key column' : 'column';
  const more = missing.length > 1 ? `, and ${missing.length - 1} more` : '';
  throw badFile(
    'missing-column',
    placeOf(place),
    `the ${isKey} ${shownName(first)} is missing${more}`,
    `export it, or take it out of sources.${source.name}`,
  );
}

/** The header, or the column of it, or the row. */
function placeOf({ file, line, header }: ColumnsPlace, index?: number): Place {
  if (header === undefined) return line === undefined ? { file } : { file, line };
  const place = { file, line: header.line };
  return index === undefined ? place : { ...place, column: header.columnAt(index) };
}

/** A column's name in quotes, cut where it is long and safe for a terminal. */
export function shownName(name: string): string {
  const characters = [...name];
  const cut = characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
  return `"${printable(cut)}"`;
}
