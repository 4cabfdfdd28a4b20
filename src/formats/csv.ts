import type { CsvFormat } from '../policy/types.ts';
import { STRAY_LINE_END, splitQuoted } from './csv-fields.ts';
import { columnAt, readHeader } from './csv-header.ts';
import { RecordSplitter } from './csv-records.ts';
import { badFile } from './fault.ts';
import type { HeaderPlace, RowReader, TableItem } from './rows.ts';
import { findTextFault, renderRaw, TOO_LONG } from './text.ts';

/**
 * Reads CSV as RFC 4180 has it, strictly: a record with another number of fields than the header,
 * or with a quote where none may be, is set aside and reading goes on with the next line.
 * `file` is the name for messages.
 */
export function createCsvReader(format: CsvFormat, file: string): RowReader {
  return new CsvReader(format, file);
}

class CsvReader implements RowReader {
  readonly #format: CsvFormat;
  readonly #file: string;
  readonly #splitter: RecordSplitter;
  #columns: readonly string[] | undefined;
  #header: HeaderPlace | undefined;
  #isSuspect = false;

  constructor(format: CsvFormat, file: string) {
    this.#format = format;
    this.#file = file;
    this.#splitter = new RecordSplitter(format.delimiter, format.quote);
    this.#columns = format.columns;
  }

  push(text: string, rows: TableItem[]): void {
    // Once a file has shown a fault in its text, each of its records is looked at.
    this.#isSuspect ||= findTextFault(text, this.#format.encoding) !== undefined;
    this.#splitter.feed(text);
    while (this.#splitter.next()) this.#read(rows);
  }

  end(rows: TableItem[]): void {
    this.#splitter.feedEnd();
    while (this.#splitter.next()) this.#read(rows);
    const line = this.#splitter.openLine;
    if (line !== undefined) {
      throw badFile(
        'csv-quote-open',
        { file: this.#file, line },
        'a quote opened in this row is not closed before the file ends',
      );
    }
    if (this.#columns === undefined)
      throw badFile('empty-file', { file: this.#file }, 'holds no header and no rows');
  }

  lineReached(): number {
    return this.#splitter.lineReached;
  }

  columns(): readonly string[] | undefined {
    return this.#columns;
  }

  header(): HeaderPlace | undefined {
    return this.#header;
  }

  #read(rows: TableItem[]): void {
    const { record, line, newline } = this.#splitter;
    const text = newline === '\n' && record.endsWith('\r') ? record.slice(0, -1) : record;
    // An empty line is no row.
    if (text === '') return;
    const fields = this.#parse(text);
    if (this.#columns === undefined) {
      this.#columns = readHeader(fields, text, this.#format, { file: this.#file, line });
      this.#header = { line, columnAt: (index) => columnAt(text, index, this.#format) };
    } else if (typeof fields === 'string') {
      rows.push({ kind: 'bad', line, reason: fields, raw: renderRaw(text) });
    } else if (fields.length !== this.#columns.length) {
      const reason = countFault(fields.length, this.#columns.length, this.#format);
      rows.push({ kind: 'bad', line, reason, raw: text });
    } else {
      rows.push({ kind: 'row', line, columns: this.#columns, values: fields, raw: text });
    }
  }

  /** The fields of a record, or the reason why it has none. */
  #parse(text: string): readonly string[] | string {
    const { isTooLong, isQuoted, newline } = this.#splitter;
    if (isTooLong) return TOO_LONG;
    const fault = this.#isSuspect ? findTextFault(text, this.#format.encoding) : undefined;
    if (fault !== undefined) return fault;
    const stray = newline === '\n' ? '\r' : '\n';
    if (isQuoted) return splitQuoted(text, this.#format, stray);
    return text.includes(stray) ? STRAY_LINE_END : text.split(this.#format.delimiter);
  }
}

function countFault(found: number, wanted: number, format: CsvFormat): string {
  const fields = found === 1 ? '1 field' : `${found} fields`;
  return `${fields} where the ${format.columns === undefined ? 'header has' : 'policy names'} ${wanted}`;
}
