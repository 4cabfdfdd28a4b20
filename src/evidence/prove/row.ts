import type { TableForm } from './catalog.ts';
import { type ColumnSpan, columnSpans, columnValue, type SqlValue } from './record.ts';

/** One row, its columns decoded when they are asked for. */
export class Row {
  readonly form: TableForm;
  readonly rowid: number | bigint;
  readonly record: Buffer;
  readonly #spans: readonly ColumnSpan[];

  private constructor(form: TableForm, rowid: number | bigint, record: Buffer, spans: readonly ColumnSpan[]) {
    this.form = form;
    this.rowid = rowid;
    this.record = record;
    this.#spans = spans;
  }

  /** Undefined where the bytes are no record. */
  static parse(form: TableForm, rowid: number | bigint, record: Buffer): Row | undefined {
    const spans = columnSpans(record);
    return spans === undefined ? undefined : new Row(form, rowid, record, spans);
  }

  /** The value of a column; null where the row has none, as rows from before the column was added. */
  value(column: string): SqlValue {
    if (column === this.form.rowidColumn) return this.rowid;
    const span = this.#spans[this.form.columns.indexOf(column)];
    return span === undefined ? null : columnValue(this.record, span);
  }

  integer(column: string): number | undefined {
    const value = this.value(column);
    return typeof value === 'number' ? value : undefined;
  }

  text(column: string): string | undefined {
    const value = this.value(column);
    return typeof value === 'string' ? value : undefined;
  }

  bytes(column: string): Buffer | undefined {
    const value = this.value(column);
    return Buffer.isBuffer(value) ? value : undefined;
  }

  /** The column in whose value a byte of the record lies, and where that begins and ends; undefined for its header. */
  columnAt(at: number): { readonly column: string; readonly from: number; readonly to: number } | undefined {
    const nth = this.#spans.findIndex((span) => at >= span.from && at < span.to);
    const { from, to } = this.#spans[nth] ?? {};
    const column = this.form.columns[nth];
    return column === undefined || from === undefined || to === undefined ? undefined : { column, from, to };
  }

  /** The last value of the record: in an index of a table with rowids, the row's. */
  last(): SqlValue {
    const span = this.#spans.at(-1);
    return span === undefined ? null : columnValue(this.record, span);
  }
}
