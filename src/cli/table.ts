import { printable } from '../base/mask.ts';

export type Cell = string | number | undefined;

/**
 * A table of lines no longer than `width`: numbers stand right, the widest columns give way first, and
 * what is cut ends in `…`. Every cell is safe for a terminal.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  width: number,
): string {
  const lines = [header, ...rows].map((row) => header.map((_, column) => cellText(row[column])));
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => isNumeric(row[column])));
  const natural = header.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, widthOf(line[column] ?? '')), 0),
  );
  const widths = fitWidths(natural, width - GAP.length * (header.length - 1));
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, numeric[column] === true)))
    .map((line) => line.join(GAP).trimEnd())
    .join('\n');
}

const GAP = '  ';
const NARROWEST = 4;

/** Columns that a terminal gives a text: East Asian and emoji characters take two, marks none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

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
    const widest = widths.indexOf(Math.max(...widths));
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
