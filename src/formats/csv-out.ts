import { stringify } from 'csv-stringify/sync';
import type { Json } from '../base/json.ts';

/**
 * A table as CSV (RFC 4180, header first, every cell quoted) that is safe to open in a spreadsheet:
 * text that a spreadsheet would take for a formula begins with `'`. Numbers stay numbers.
 */
export function renderCsv(columns: readonly string[], rows: readonly (readonly Json[])[]): string {
  const table = [columns, ...rows].map((row) => row.map(renderCell));
  return stringify(table, { quoted: true, quoted_empty: true, record_delimiter: '\r\n' });
}

function renderCell(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'string') return neutralise(value);
  return typeof value === 'object' ? neutralise(JSON.stringify(value)) : String(value);
}

/** What spreadsheets pass over before a formula: white space, control and invisible characters, quotes. */
const PASSED_OVER = /^[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\p{Pi}\p{Pf}\u2800"'`\u00b4]*/u;
const FORMULA_START = new Set(['=', '+', '-', '@', '\u2212']);

/** Text that no spreadsheet takes for a formula; without NUL, byte order mark and half characters. */
export function neutralise(text: string): string {
  const clean = text.replace(/[\0\ufeff]/g, '').toWellFormed();
  return isFormula(clean) || /^[\t\r\n]/.test(clean) ? `'${clean}` : clean;
}

// Compatibility forms are folded: ＝ and ﹦ are read as = by some programs.
function isFormula(text: string): boolean {
  const start = PASSED_OVER.exec(text)?.[0].length ?? 0;
  const first = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return FORMULA_START.has(first.normalize('NFKC').charAt(0));
}
