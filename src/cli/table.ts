import { printable } from '../base/mask.ts';

export type Cell = string | number | undefined;

/** What becomes of a column where the window is too narrow for all. */
export interface Column {
  readonly title: string;
  /** It goes: the least important first, which has the lowest rank. */
  readonly rank?: number;
  /** Before any goes it gives way, down to this width. */
  readonly least?: number;
}

/**
 * A table of lines no longer than `width`: columns with a least width give way first, then those with a rank go,
 * then the widest give way, the right one before others, and what is cut ends in `…`. Numbers stand right; every
 * cell is safe for a terminal.
 */
export function renderTable(
  header: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  width: number,
): string {
  const columns = header.map((column, index) => laidOut(column, index, rows)).filter(saysAnything);
  const kept = fitting(columns, width);
  const widths = fitWidths(
    kept.map((column) => column.width),
    roomIn(width, kept.length),
  );
  return ['', ...rows]
    .map((_, line) =>
      kept.map(({ cells, right }, index) => pad(cells[line] ?? '', widths[index] ?? 0, right)),
    )
    .map((cells) => cells.join(GAP).trimEnd())
    .join('\n');
}

const GAP = '  ';
const NARROWEST = 4;

interface LaidOut {
  /** The title, then one cell for each row. */
  readonly cells: readonly string[];
  readonly width: number;
  readonly right: boolean;
  readonly rank: number | undefined;
  readonly least: number;
}

function laidOut(column: string | Column, index: number, rows: readonly (readonly Cell[])[]): LaidOut {
  const {
    title,
    rank,
    least = Number.POSITIVE_INFINITY,
  }: Column = typeof column === 'string' ? { title: column } : column;
  const cells = [title, ...rows.map((row) => row[index])].map(cellText);
  const width = cells.reduce((most, cell) => Math.max(most, widthOf(cell)), 0);
  const right = rows.length > 0 && rows.every((row) => isNumeric(row[index]));
  return { cells, width, right, rank, least: Math.min(width, least) };
}

/** A column that may go goes where none of its cells says anything. */
function saysAnything({ cells, rank }: LaidOut): boolean {
  return rank === undefined || cells.slice(1).some((cell) => cell !== '');
}

/** The columns that stay: all while they fit, then without the ranked ones; last from the right, so that no line wraps. */
function fitting(columns: readonly LaidOut[], width: number): readonly LaidOut[] {
  const total = columns.reduce((sum, column) => sum + column.width, 0);
  const room = roomIn(width, columns.length);
  if (total <= room) return columns;
  if (columns.reduce((sum, column) => sum + column.least, 0) <= room) return givenWay(columns, total - room);
  const ranks = columns.flatMap(({ rank }) => (rank === undefined ? [] : [rank]));
  if (ranks.length > 0) {
    const least = Math.min(...ranks);
    return fitting(
      columns.filter(({ rank }) => rank !== least),
      width,
    );
  }
  const narrowest = columns.reduce((sum, column) => sum + Math.min(column.width, NARROWEST), 0);
  const isTooMany = columns.length > 1 && narrowest > room;
  return isTooMany ? fitting(columns.slice(0, -1), width) : columns;
}

/** The columns after those that may give way have done so, from the left. */
function givenWay(columns: readonly LaidOut[], excess: number): readonly LaidOut[] {
  let left = excess;
  return columns.map((column) => {
    const given = Math.min(left, column.width - column.least);
    left -= given;
    return { ...column, width: column.width - given };
  });
}

function roomIn(width: number, columns: number): number {
  return width - GAP.length * (columns - 1);
}

/** Columns that a terminal gives a text: East Asian and emoji characters take two, marks none. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const PLAIN = /^[ -~]*$/;
const MARK = /^[\p{Mn}\p{Me}]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

function isNumeric(cell: Cell): boolean {
  return typeof cell === 'number' || cell === undefined;
}

function cellText(cell: Cell): string {
  return cell === undefined ? '' : printable(String(cell));
}

function fitWidths(natural: readonly number[], room: number): readonly number[] {
  const widths = natural.map((width) => Math.min(width, room));
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = widths.lastIndexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function pad(cell: string, width: number, right: boolean): string {
  const text = cut(cell, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** The text, or as much of it as fits with a `…` after it. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Names and what they stand for, one below the other; words that do not fit go on below the value. */
export function renderNamed(
  lines: readonly (readonly [name: string, value: string])[],
  width: number,
): readonly string[] {
  const room = Math.max(NARROWEST * 4, width - NAME_WIDTH);
  return lines.flatMap(([name, value]) => {
    const parts = wrapWords(printable(value), room);
    // A name that is too long stands above.
    const isLong = widthOf(name) > NAME_WIDTH - GAP.length;
    const above = isLong ? wrapWords(printable(name), width) : [];
    const beside = (index: number) => (index === 0 && !isLong ? name : '').padEnd(NAME_WIDTH);
    return [...above, ...parts.map((part, index) => beside(index) + part)];
  });
}

const NAME_WIDTH = 15;

/** Lines of whole words that fit; a word that is too long by itself stands alone. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= width) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}
