import type { NdjsonFormat } from '../policy/types.ts';
import { badFile } from './fault.ts';
import { badJsonRow, JsonRows } from './json-row.ts';
import { parseJsonText } from './json-value.ts';
import type { RowReader, TableItem } from './rows.ts';
import { isTooLong, RAW_KEPT, TOO_LONG } from './text.ts';

/** Reads one JSON object per line; a line that is none is set aside, a blank line is no row. */
export function createNdjsonReader(format: NdjsonFormat, file: string): RowReader {
  return new NdjsonReader(format, file);
}

class NdjsonReader implements RowReader {
  readonly #format: NdjsonFormat;
  readonly #file: string;
  readonly #rows = new JsonRows();
  #text = '';
  #line = 1;
  #hasRows = false;
  /** The beginning of a line that is too long, while its end is looked for. */
  #skipped: string | undefined;

  constructor(format: NdjsonFormat, file: string) {
    this.#format = format;
    this.#file = file;
  }

  push(text: string, rows: TableItem[]): void {
    const all = this.#text + text;
    let from = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
      this.#read(all.slice(from, end), rows);
      from = end + 1;
    }
    this.#text = this.#hold(all.slice(from));
  }

  end(rows: TableItem[]): void {
    this.#read(this.#text, rows);
    if (!this.#hasRows) throw badFile('empty-file', { file: this.#file }, 'holds no rows');
  }

  lineReached(): number {
    return this.#line;
  }

  columns(): undefined {
    return undefined;
  }

  #hold(rest: string): string {
    if (this.#skipped === undefined && isTooLong(rest)) this.#skipped = rest.slice(0, RAW_KEPT);
    return this.#skipped === undefined ? rest : '';
  }

  #read(text: string, rows: TableItem[]): void {
    const line = this.#line;
    this.#line += 1;
    const row = this.#rowOf(text, line);
    this.#skipped = undefined;
    if (row === undefined) return;
    this.#hasRows = true;
    rows.push(row);
  }

  #rowOf(text: string, line: number): TableItem | undefined {
    const long = this.#skipped ?? (isTooLong(text) ? text.slice(0, RAW_KEPT) : undefined);
    if (long !== undefined) return badJsonRow(line, TOO_LONG, long);
    const raw = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (/^[ \t\r]*$/.test(raw)) return undefined;
    return this.#rows.rowOf(parseJsonText(raw, this.#format.encoding), line, raw);
  }
}
